"""When, how surely and under which policies an economy's income passes the high-income line.

Public names load on first use, so that ``import forecast`` costs nothing::

    import forecast as fc
    results = fc.run()                                   # the embedded study
    estimate = fc.estimate(panel, fc.read_model(path))   # any model on any panel
"""

import lazy_loader

_load, __dir__, _named = lazy_loader.attach_stub(__name__, __file__)
# `from forecast import *` must not hide the builtin `list`.
__all__ = [name for name in _named if name != "list"] + ["__version__"]


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("highincome-forecast")
    return _load(name)

"""When, how surely and under which policies an economy's income passes the high-income line.

Public names load on first use, so that ``import forecast`` costs nothing::

    import forecast as fc
    results = fc.run()                                   # the embedded study
    estimate = fc.estimate(panel, fc.read_model(path))   # any model on any panel
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

"""The dictionary of variables with those that a package brings itself."""

from __future__ import annotations

from forecast.errors import DataError, one_message
from forecast.sources.package.package import DESCRIPTION, DataPackage
from forecast.variables import Variable, Variables

OWN = "variables"  # of a source's record


def package_variables(package: DataPackage, known: Variables) -> Variables:
    """Return ``known`` and the variables that the package's sources describe themselves.

    A user's file may bring variables that the dictionary does not have (`read_added`). What the
    dictionary says of a name stands.

    Raises
    ------
    DataError
        If a source describes a variable otherwise than the dictionary would.
    """
    own: dict[str, Variable] = {}
    with one_message(f"{package.folder / DESCRIPTION}: sources", DataError):
        for source in package.sources.values():
            for name, told in dict(source.get(OWN, {})).items():
                own[name] = Variable.model_validate({**told, "name": name})
    return Variables(table={**own, **known.table})

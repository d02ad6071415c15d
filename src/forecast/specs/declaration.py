"""The strict base of every declaration: frozen, no unknown keys, names as file names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from forecast.faces import Face

if TYPE_CHECKING:
    import pandas as pd

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]

# What a study names: a declaration of the project, or a file of one's own.
NameOrFile = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]*|.+\.toml)$")]


class Declaration(Face, BaseModel):
    """A record read from TOML: immutable; unknown keys, quoted numbers and nan are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    def facts(self) -> Mapping[str, object]:
        """Return the first of what is declared."""
        return self.model_dump(by_alias=True, exclude_defaults=True)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a key that is not at its default: ``key, value``, as in its file."""
        import pandas as pd

        told = list(_flat(self.model_dump(by_alias=True, exclude_defaults=True), ""))
        return pd.DataFrame(told, columns=["key", "value"])

    def __str__(self) -> str:
        return repr(self)


def _flat(told: Mapping[str, object], before: str) -> Iterator[tuple[str, object]]:
    for key, value in told.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value

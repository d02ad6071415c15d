"""The strict base of every declaration: frozen, no unknown keys, names as file names."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]

# What a study names: a declaration of the project, or a file of one's own.
NameOrFile = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]*|.+\.toml)$")]


class Declaration(BaseModel):
    """A record read from TOML: immutable; unknown keys, quoted numbers and nan are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

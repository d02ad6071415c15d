"""Departures from the baseline: one scenario, as declared in ``scenarios/*.toml``."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, Strict, model_validator

from forecast.specs.declaration import Declaration, Name

# TOML keys are text, so a year is the one number that is read from text.
Year = Annotated[int, Strict(False), Field(ge=1800, le=2300)]
Path = dict[Year, float]


class Follow(Declaration):
    """Drivers move as another economy's did, in changes since its own starting period.

    Attributes
    ----------
    economy : str
        ISO 3166 alpha-3 code.
    since : int
        Last year of the economy's period that is matched with the subject's last known year.
    drivers : list of str
        Raw drivers that follow.
    """

    economy: str
    since: int = Field(ge=1800, le=2300)
    drivers: list[str] = Field(min_length=1)


class Relative(Declaration):
    """A change whose size is what an economy, or others like it, did in as many years.

    Attributes
    ----------
    to : {"own_pace", "peers", "large_economies"}
        ``own_pace``: the economy's own change of five-year means over its last ten years.
        ``peers``: the quantile of ten-year changes of other economies that started within a
        quarter of the economy's own last mean. ``large_economies``: of those with more than 50
        million people at the start.
    quantile : float or None
        Of the changes of others; none for ``own_pace``.
    times : float
        The size is multiplied by it.
    by : int
        Years after the last known one in which it is reached, on a straight line.
    """

    to: Literal["own_pace", "peers", "large_economies"]
    quantile: float | None = Field(default=None, gt=0, lt=1)
    times: float = Field(default=1.0, ge=-10, le=10)
    by: int = Field(default=10, ge=1, le=50)

    @model_validator(mode="after")
    def _quantile_of_others(self) -> Self:
        if (self.quantile is None) != (self.to == "own_pace"):
            raise ValueError("'quantile' goes with 'peers' and 'large_economies', and is needed")
        return self


class Part(Declaration):
    """A scenario taken into another one, at a strength and with a delay in years."""

    scenario: Name
    strength: float = Field(default=1.0, ge=0.0, le=2.0)
    delay: int = Field(default=0, ge=0, le=300)


class Interaction(Declaration):
    """What parts of a composition do to one another while all of them are in force.

    Attributes
    ----------
    size : float
        Added to the parts' joint departure, as a share of it, once all are in full force: 0.2
        makes it a fifth larger, -0.2 a fifth smaller.
    between : list of str
        Names of the parts; empty: all of them.
    because : str
        Where the size comes from.
    """

    size: float = Field(ge=-1.0, le=1.0)
    between: list[Name] = []
    because: str = Field(min_length=20)


class Chance(Declaration):
    """A scenario that a mixture takes with a probability."""

    scenario: Name
    probability: float = Field(gt=0.0, le=1.0)


class ScenarioSpec(Declaration):
    """One scenario: raw driver paths by year, each with its reason.

    Attributes
    ----------
    name, label : str
        File name; text for tables and figures.
    country : str
        Subject, ISO 3166 alpha-3; empty: whatever economy a study is about.
    kind : str
        ``baseline``, ``policy``, ``risk``, ``opportunity``, ``benchmark``, ``mixture``, or
        ``unquantified``: text that no data channel turns into a number.
    because : str
        Why these drivers and these sizes: section of the paper and source of each number.
    paths : dict of driver to {year: value}
        Levels in the driver's unit; linear between knots, level after the last one, and linear
        from the last known value to the first.
    changes : dict of driver to {year: change}
        The same as differences from the baseline path.
    relative : dict of driver to Relative
        Changes whose size is read from the economy's own record or from others': one file for any
        economy.
    follow : Follow or None
        Another economy's recorded changes.
    compose : list of Part
        Other scenarios, their departures added.
    interaction : list of Interaction
        What the parts add to one another's departures; none unless declared.
    mixture : list of Chance
        Other scenarios of which each draw takes one; probabilities sum to one.
    """

    name: Name
    label: str
    country: str = Field(default="", pattern=r"^([A-Z]{3})?$")
    kind: Literal[
        "baseline", "policy", "risk", "opportunity", "benchmark", "mixture", "unquantified"
    ]
    because: str = Field(min_length=20)
    paths: dict[str, Path] = {}
    changes: dict[str, Path] = {}
    relative: dict[str, Relative] = {}
    follow: Follow | None = None
    compose: list[Part] = []
    interaction: list[Interaction] = []
    mixture: list[Chance] = []

    @model_validator(mode="after")
    def _departs(self) -> Self:
        still = self.kind in {"baseline", "mixture", "unquantified"}
        departs = self.paths or self.changes or self.relative or self.follow or self.compose
        if still and departs:
            raise ValueError(f"a scenario of kind {self.kind!r} states no departures")
        if not still and not departs:
            raise ValueError(
                "states no departure: give 'paths', 'changes', 'relative', 'follow' or 'compose'"
            )
        followed = self.follow.drivers if self.follow else []
        named = [*self.paths, *self.changes, *self.relative, *followed]
        twice = sorted({n for n in named if named.count(n) > 1})
        if twice:
            raise ValueError(f"driver {twice[0]!r} is moved in two ways; choose one")
        for where, table in (("paths", self.paths), ("changes", self.changes)):
            for driver, knots in table.items():
                if not knots:
                    raise ValueError(f"{where}.{driver} has no year")
        return self

    @model_validator(mode="after")
    def _interacts(self) -> Self:
        parts = list(dict.fromkeys(part.scenario for part in self.compose))
        if self.interaction and len(parts) < 2:
            raise ValueError("'interaction' needs a 'compose' of at least two scenarios")
        for one in self.interaction:
            strange = [name for name in one.between if name not in parts]
            if strange:
                raise ValueError(
                    f"interaction between {strange[0]!r}: not a part of 'compose', which has "
                    f"{', '.join(parts)}"
                )
            if one.between and len(set(one.between)) < max(2, len(one.between)):
                raise ValueError("interaction: 'between' names two or more different parts")
        return self

    @model_validator(mode="after")
    def _mixes(self) -> Self:
        if (self.kind == "mixture") != bool(self.mixture):
            raise ValueError("'mixture' lists the scenarios of kind \"mixture\", and of no other")
        names = [one.scenario for one in self.mixture]
        if len(set(names)) < len(names):
            raise ValueError("'mixture' names a scenario twice")
        total = sum(one.probability for one in self.mixture)
        if self.mixture and abs(total - 1.0) > 1e-9:
            raise ValueError(f"probabilities of 'mixture' sum to {total:.10g}, must sum to 1")
        return self

"""Declarations that are right, and what the reader says when they are spoilt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from forecast.catalog import read_scenario, read_study
from forecast.errors import SpecError
from forecast.specs.read import read_model

MODEL = """
name = "core"
label = "Core"
outcome = "growth"
drivers = ["gap", "rd"]
estimator = "pooled"
"""
SCENARIO = """
name = "push"
label = "Push"
country = "CHN"
kind = "policy"
because = "Section 4; the size is a recorded change."
[changes.rd]
2030 = 0.5
2035 = 1
"""
STUDY = """
name = "short"
title = "Short"
country = "CHN"
data = "toy-2026.07"
models = ["core", "other"]
scenarios = ["baseline", "push"]
horizon = 2040
draws = 500
seed = 1
[baseline]
method = "pool"
convergence_model = "core"
weights_because = "equal, no record"
nominal_because = "one system only"
nominal_weights = { mean_reverting = 1.0 }
[baseline.weights]
auto_arima = 0.5
convergence = 0.5
[effects]
weights_because = "equal, no record"
[effects.weights]
core = 0.25
other = 0.75
"""
Read = Callable[[str], str]


@pytest.fixture
def model_text() -> str:
    """Return a right declaration of a model."""
    return MODEL


@pytest.fixture
def scenario_text() -> str:
    """Return a right declaration of a scenario."""
    return SCENARIO


@pytest.fixture
def study_text() -> str:
    """Return a right declaration of a study."""
    return STUDY


@pytest.fixture
def model_error(tmp_path: Path) -> Read:
    """Return a function: text of core.toml in, message out."""
    return _catcher(tmp_path / "core.toml", read_model)


@pytest.fixture
def scenario_error(tmp_path: Path) -> Read:
    """Return a function: text of push.toml in, message out."""
    return _catcher(tmp_path / "push.toml", read_scenario)


@pytest.fixture
def study_error(tmp_path: Path) -> Read:
    """Return a function: text of study.toml in, message out."""
    return _catcher(tmp_path / "study.toml", read_study)


def _catcher(path: Path, read: Callable[[Path], object]) -> Read:
    def catch(text: str) -> str:
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SpecError) as caught:
            read(path)
        return str(caught.value)

    return catch

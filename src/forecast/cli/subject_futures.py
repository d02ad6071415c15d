"""The embedded study's futures, for commands that ask something of them and write no files."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from forecast import catalog
from forecast.projection.draw_futures import draw_futures
from forecast.projection.futures import Futures
from forecast.projection.prepare_futures import prepare_futures
from forecast.run import run
from forecast.sources.inputs import projection_inputs
from forecast.timeseries.streams import Streams

FEWEST_DRAWS = 100


def subject_futures(
    drivers: Sequence[str],
    *,
    data: str | None,
    country: str | None,
    seed: int | None,
    draws: int | None,
    jobs: int,
    progress: Callable[[str], None],
) -> Futures:
    """Return draws in which drivers may depart, whatever scenarios the study has.

    They are those of a run with the same data, seed and count: only the models behind the effects
    and the convergence density are estimated, and no scenario is projected.

    Parameters
    ----------
    drivers : sequence of str
        Raw drivers that will depart; without any, what the economy lacks for departures is not
        asked for.
    data, country, seed, draws
        In place of the study's own.
    jobs : int
    progress : callable
    """
    study = catalog.study()
    behind = [*study.effects.weights, study.baseline.convergence_model]
    fewer = study.model_copy(update={"models": list(dict.fromkeys(behind))})
    progress(f"estimating {len(fewer.models)} models")
    done = run(
        fewer,
        scenarios=[study.scenarios[0]],
        out=None,
        data=data,
        country=country,
        seed=seed,
        draws=FEWEST_DRAWS,
        jobs=jobs,
    )
    used = done.setting.study.model_copy(update={"draws": draws or study.draws})
    progress(f"drawing {used.draws} futures")
    inputs = projection_inputs(done.package, used.country)
    setting = prepare_futures(
        inputs, used, done.setting.estimates, drivers, jobs, departs=bool(drivers)
    )
    return draw_futures(setting, Streams.of_seed(used.seed), jobs)

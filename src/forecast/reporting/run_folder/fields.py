"""What the tables of a run hold: title, keys and program of each; label and unit of each column."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTable:
    """What a table of a run is.

    Attributes
    ----------
    title : str
    keys : tuple of str
        Columns that identify a row.
    program : str
        Module that makes it.
    """

    title: str
    keys: tuple[str, ...]
    program: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunColumn:
    """What a column of a run's table is: a label, and a unit, empty where there is none."""

    label: str
    unit: str = ""


_TABLES = {  # name: title; keys; program below forecast
    "estimates": ("Coefficients of the regressions, long", "model term",
                  "reporting.run_folder.tables"),
    "models": ("Fit and sample of each regression", "model", "reporting.run_folder.tables"),
    "signs": ("Signs expected and found", "model term", "reporting.run_folder.tables"),
    "income_fan": ("Income, line, ratio and growth: quantiles by year",
                   "scenario country year variable level", "reporting.run_folder.tables"),
    "crossing_probability": ("Probability of having passed the line, by year", "scenario year",
                             "reporting.run_folder.tables"),
    "crossing_summary": ("Crossing year by scenario", "scenario", "reporting.run_folder.tables"),
    "income_change": ("Income against the baseline's", "scenario year level",
                      "reporting.run_folder.tables"),
    "drivers": ("Driver paths, history included", "scenario variable year",
                "reporting.run_folder.tables"),
    "history": ("Published income and line", "country year variable",
                "reporting.run_folder.tables"),
    "countries": ("Economies that the tables name", "country", "reporting.run_folder.results"),
    "chain": ("The income chain's means and scales by years ahead", "years",
              "reporting.run_folder.chain_table"),
    "chain_record": ("How the income chain has done from past origins", "horizon",
                     "evaluation.chain.scores"),
    "chain_uncertainty": ("How sure the probabilities are, and what rivals say", "year",
                          "benchmarks/chain_uncertainty.py"),
    "path_accounts": ("The mean path taken apart", "year", "projection.explain.path_accounts"),
    "components": ("The baseline by pooled model", "part component",
                   "reporting.run_folder.tables"),
    "densities": ("Growth of output per worker by density forecast", "density year level",
                  "reporting.run_folder.tables"),
    "tests": ("Specification tests, and bootstrap p-values", "model test term",
              "diagnostics.battery"),
    "backcast": ("The income accounting against the published past", "year", "income.backcast"),
    "responses": ("Output per worker after one unit more of a regressor",
                  "model term year level", "projection.explain.responses"),
    "marginal_effects": ("Marginal effects where regressors interact", "model term by at country",
                         "estimation.effects.marginal"),
    "attribution": ("Scenario effects divided among drivers",
                    "scenario country year variable driver", "projection.explain.attribution"),
    "marks": ("Marks of the study, and when each is passed", "mark scenario",
              "projection.explain.marks"),
    "precedents": ("Scenario changes beside those that economies have made",
                   "scenario years driver", "projection.precedent.precedent"),
    "precedents_nearest": ("The nearest precedents by name", "scenario years rank driver",
                           "projection.precedent.precedent"),
    "sample_ranges": ("Regressors that scenarios move, against the sample's range",
                      "scenario model term", "projection.precedent.sample_range"),
    "series_tests": ("Unit roots and cointegration of the series", "series test note",
                     "timeseries.series.series_tests"),
    "breaks": ("Breaks in the means of the series", "series break", "timeseries.series.breaks"),
    "inclusion": ("What an average over regressions keeps", "model term",
                  "estimation.averaging.bma"),
    "decomposition": ("The baseline's uncertainty by source",
                      "country outcome year factor measure", "projection.explain.decomposition"),
    "sensitivity": ("One parameter changed at a time", "parameter side scenario year variable",
                    "projection.explain.sensitivity"),
    "comparison": ("Scenarios side by side", "scenario", "projection.explain.comparison"),
    "comparison_drivers": ("Drivers of scenarios side by side", "scenario driver",
                           "projection.explain.driver_moves"),
}  # fmt: skip

# Exhibits that a study asks for: docs/structure.md has their columns.
EXHIBIT, EXHIBITS_PROGRAM = "exhibit_", "study.exhibits.show"
_IN_EXHIBITS = {"country", "year", "variable"}

SHARE, DOLLARS, LOGS = "share of 1", "current US$, Atlas method", "log points x 100"
_OWN_UNIT = "in the variable's unit"

_COLUMNS = {  # label; unit
    "above_at_origin": ("Whether income stood above the line before the first projected year",),
    "ages": ("Part of the population's ages", LOGS),
    "at": ("Value of the column that the effect depends on", _OWN_UNIT),
    "baseline": ("The baseline's value", _OWN_UNIT),
    "baseline_outside": ("Whether the baseline leaves the sample's range",),
    "break": ("First year of a new mean", "year"),
    "breaks_bic": ("Breaks by the Bayesian information criterion", "count"),
    "breaks_sequential": ("Breaks by sequential tests", "count"),
    "brier": ("Brier score of passing the line", "squared probability"),
    "by": ("Column that the effect depends on",),
    "cases": ("Forecasts scored", "count"),
    "change": ("Change", _OWN_UNIT),
    "change_mc_se": ("Monte Carlo standard error of the difference from the baseline", SHARE),
    "component": ("Pooled model",),
    "conf_high": ("Upper end of the 95 % interval", "as the estimate"),
    "conf_low": ("Lower end of the 95 % interval", "as the estimate"),
    "country": ("ISO 3166 alpha-3 code (EMU: euro area)",),
    "covariance": ("Kind of the standard errors",),
    "density": ("Density forecast",),
    "df": ("Degrees of freedom", "count"),
    "df_resid": ("Residual degrees of freedom", "count"),
    "distance": ("Mahalanobis distance", "standard deviations"),
    "distance_share": ("Share of recorded changes at least as far from their mean", SHARE),
    "drift": ("Probability by the rival with drift", SHARE),
    "driver": ("Driver; together or total: all at once",),
    "dropped": ("Rows left out", "count"),
    "economies": ("Economies with a recorded change", "count"),
    "effect": ("Marginal effect", "outcome's unit per unit of the regressor"),
    "effects": ("Fixed effects",),
    "employment": ("Part of employment", LOGS),
    "estimate": ("Coefficient", "outcome's unit per unit of the regressor"),
    "estimator": ("Estimator",),
    "events": ("Passages that came", "count"),
    "exchange_mean": ("Mean of the real exchange rate's change", LOGS),
    "exchange_scale": ("Scale of the real exchange rate's change", LOGS),
    "expected": ("Sign that the model declares",),
    "factor": ("Source of uncertainty",),
    "first_year": ("First year", "year"),
    "growth_after": ("Growth of output per worker after the window", "% a year"),
    "growth_before": ("Growth of output per worker before the window", "% a year"),
    "growth_during": ("Growth of output per worker in the window", "% a year"),
    "growth_mean": ("Mean of growth per head", LOGS),
    "growth_scale": ("Scale of growth per head", LOGS),
    "hazard": ("Probability by a yearly hazard", SHARE),
    "high": ("Upper end", "as the value"),
    "holds_80": ("Outcomes in 80 % intervals", "%"),
    "horizon": ("Years ahead", "years"),
    "hypothesis": ("Null hypothesis",),
    "includes_zero": ("Whether zero lies in the interval",),
    "income": ("Income", DOLLARS),
    "kind": ("Kind",),
    "label": ("What is changed",),
    "lags": ("Lags of the test", "count"),
    "last_year": ("Last year", "year"),
    "lasting": ("Years in a row that a crossing must last", "years"),
    "level": ("Quantile level", SHARE),
    "line": ("What is crossed",),
    "low": ("Lower end", "as the value"),
    "mark": ("Mark of the study",),
    "mean": ("Posterior mean, out counting as zero", "outcome's unit per unit of the regressor"),
    "mean_after": ("Mean after the break", _OWN_UNIT),
    "mean_before": ("Mean before the break", _OWN_UNIT),
    "measure": ("Kind of share: shapley (they sum to 1), alone (first order), total",),
    "median": ("Median of recorded changes", _OWN_UNIT),
    "model": ("Model, by the name of its file",),
    "name": ("Name of the economy",),
    "n_countries": ("Economies in the sample", "count"),
    "n_obs": ("Rows in the sample", "count"),
    "note": ("Note",),
    "null": ("Null hypothesis",),
    "outcome": ("Outcome",),
    "outside": ("Whether the scenario leaves the sample's range",),
    "p_above": ("Share of paths above the line in the year", SHARE),
    "p_change": ("Share of paths that have crossed, less the baseline's", SHARE),
    "p_crossed": ("Share of paths above the line in the year or an earlier one", SHARE),
    "p_fallen_back": ("Share below the line again, among paths that crossed", SHARE),
    "p_never": ("Share of paths that never cross by the horizon", SHARE),
    "p_positive_if_in": ("Probability of a positive coefficient where it is in", SHARE),
    "p_value": ("p-value", SHARE),
    "parameter": ("Parameter",),
    "part": ("Part of the baseline",),
    "part_income": ("Driver's part of median income", DOLLARS),
    "part_p": ("Driver's part of the share that has passed the line", SHARE),
    "part_year": ("Year of the driver's parts", "year"),
    "passage_regression": ("Rival: passage regression", "as the value beside it"),
    "pip": ("Posterior probability of inclusion", SHARE),
    "probability": ("Probability of having passed the line", SHARE),
    "productivity": ("Part of productivity, what is left", LOGS),
    "r2": ("R squared", SHARE),
    "r2_between": ("R squared between", SHARE),
    "r2_overall": ("R squared overall", SHARE),
    "r2_within": ("R squared within", SHARE),
    "rank": ("Rank, the nearest first", "count"),
    "reached_high": ("Highest value that the scenario reaches", _OWN_UNIT),
    "reached_low": ("Lowest value that the scenario reaches", _OWN_UNIT),
    "real_exchange_rate": ("Part of the real exchange rate", LOGS),
    "remainder": ("What the parts leave", LOGS),
    "resid_std": ("Standard deviation of the residuals", "outcome's unit"),
    "scenario": ("Scenario, by the name of its file",),
    "sd": ("Posterior standard deviation, out counting as zero", "as the mean"),
    "series": ("Annual series",),
    "setting": ("Setting of the parameter",),
    "share": ("Share", SHARE),
    "share_of_draws": ("Share of draws", SHARE),
    "side": ("Side on which the parameter is changed",),
    "since": ("First year of the window", "year"),
    "statistic": ("Test statistic",),
    "std_error": ("Standard error", "as the estimate"),
    "term": ("Regressor",),
    "test": ("Test",),
    "threshold": ("High-income line", "current US$"),
    "until": ("Last year of the window", "year"),
    "value": ("Value", _OWN_UNIT),
    "variable": ("Variable",),
    "verdict": ("Sign against expectation, two-sided test at 5 %",),
    "windows": ("Recorded changes over as many years", "count"),
    "year": ("Year", "year"),
    "years": ("Years", "years"),
    "year_p10": ("Year by which 10 % of paths have crossed", "year"),
    "year_p90": ("Year by which 90 % of paths have crossed", "year"),
    "median_year": ("Year by which half of the paths have crossed", "year"),
    "zero_drift": ("Rival without drift", "as the value beside it"),
}  # fmt: skip

_OF_TABLE = {  # where a column means something of its own
    ("backcast", "income"): ("Growth of income by the accounting", LOGS),
    ("backcast", "income_published"): ("Growth of income as published", LOGS),
    ("backcast", "income_error"): ("Growth by the accounting less published", LOGS),
    ("backcast", "threshold"): ("Growth of the line by the accounting", LOGS),
    ("backcast", "threshold_plain_average"): ("Growth of the line by a plain average", LOGS),
    ("backcast", "threshold_published"): ("Growth of the line as published", LOGS),
    ("backcast", "threshold_error"): ("Growth of the line less published", LOGS),
    ("path_accounts", "income"): ("Mean change of income since the last known year", LOGS),
    ("path_accounts", "line"): ("Mean change of the line since the last known year", LOGS),
    ("path_accounts", "income_over_line"): ("Mean change of income over the line", LOGS),
    ("income_change", "mc_se"): ("Monte Carlo standard error of the quantile", "%"),
    ("income_change", "value"): ("Income against the baseline's in the same draw", "%"),
    ("responses", "value"): ("Response of the level of output per worker", "% of the level"),
    ("responses", "year"): ("Years after the rise", "years"),
    ("marks", "change"): ("Share of paths in the year due, or p_2040, less the baseline's", SHARE),
    ("marks", "label"): ("What the mark is",),
    ("marks", "goal"): ("Value to be passed", "US$, a share or a multiple"),
    ("marks", "today"): ("Value in the last known year", "as the goal"),
    ("marks", "passed_at_origin"): ("Whether it was passed by the last known year",),
    ("marks", "due"): ("Year in which it is due", "year"),
    ("marks", "p_due"): ("Share of paths above it in the year due", SHARE),
    ("densities", "value"): ("Growth of output per worker", "% a year"),
    **{
        ("comparison_drivers", f"effect{end}"): (f"Level of output per worker, {said}", "%")
        for end, said in (("", "median"), ("_low", "2.5 % of draws"), ("_high", "97.5 % of draws"))
    },
}
_FAMILIES = {  # column that begins so: label, {} the rest; unit
    "mc_se": ("Monte Carlo standard error{}", SHARE),
    "median_year_": ("Median year, {} end of its 95 % Monte Carlo interval", "year"),
    "year_p10_": ("Year of 10 %, {} end of its 95 % Monte Carlo interval", "year"),
    "year_p90_": ("Year of 90 %, {} end of its 95 % Monte Carlo interval", "year"),
    "p_change_": ("Difference of the probability by {}", SHARE),
    "p_error_": ("Monte Carlo standard error of the difference of the probability by {}", SHARE),
    "differs_": ("Whether income in {} differs beyond Monte Carlo error", ""),
    "precedent_": ("Recorded changes over the ramp: {}", ""),
    "p_": ("Probability of having passed the line or mark by {}", SHARE),
}
UNITS = {  # of the variables of income_fan.csv and history.csv
    "gni_pc_atlas": DOLLARS,
    "threshold": "current US$",
    "ratio": "income over the line",
    "productivity_growth": "% a year",
}


def table_note(table: str) -> RunTable:
    """Return what a table is; one that a caller or a study added is known by its name."""
    maker = EXHIBITS_PROGRAM if table.startswith(EXHIBIT) else "the caller"
    title, keys, program = _TABLES.get(table, (table.replace("_", " "), "", maker))
    place = program if "/" in program or " " in program else f"forecast.{program}"
    return RunTable(title=title, keys=tuple(keys.split()), program=place)


def column_note(table: str, column: str) -> RunColumn:
    """Return a column's label and unit; a model's own statistic is known by its name alone."""
    if table.startswith(EXHIBIT) and column not in _IN_EXHIBITS:
        return RunColumn(label=column.replace("_", " "))
    told = _OF_TABLE.get((table, column)) or _COLUMNS.get(column) or _family(column)
    return RunColumn(label=told[0], unit=told[1] if len(told) > 1 else "")


def _family(column: str) -> tuple[str, ...]:
    for start, (label, unit) in _FAMILIES.items():
        if column.startswith(start):
            rest = column.removeprefix(start).replace("_", " ")
            return label.format(rest), unit
    return (column.replace("_", " "),)

"""The public names, each once: what the package loads on first use."""

from .catalog import model, read_scenario, read_study, scenario
from .crosscountry.base_revision import revise_base, revised_away_chance
from .crosscountry.chain.fit_chain import fit_chain
from .crosscountry.chain.fit_tables import fit_from_tables, fit_tables
from .crosscountry.chain.forecast_chain import forecast_chain
from .crosscountry.chain.given import FirstYear, with_first_year, with_view
from .crosscountry.chain.identity import ChainRecord, chain_record
from .crosscountry.chain.imf_view import edition_growth, imf_view
from .crosscountry.chain.passages import Passages, count_passages
from .crosscountry.chain.record import ChainFit, ChainForecast
from .crosscountry.class_entry import ClassEntry, class_entry_chance, classified_by, fit_class_entry
from .crosscountry.rules.published_rule import published_rule_years
from .crosscountry.rules.record import RuleRecord, rule_record
from .derive.apply import add_derived
from .derive.rd_stock import RdStock, foreign_rd_stock, rd_stock
from .diagnostics.cointegration.error_correction import ErrorCorrection
from .diagnostics.cointegration.kao import kao
from .diagnostics.cointegration.panel_cointegration import cointegration_tests
from .diagnostics.cointegration.pedroni import pedroni
from .diagnostics.cointegration.westerlund import westerlund
from .diagnostics.dependence.exponent import DependenceExponent, dependence_exponent
from .diagnostics.influence import influence_table, leave_one_out_table
from .diagnostics.record import TestResult, TestTable
from .diagnostics.specification.wald import wald
from .diagnostics.unit_roots.lag_order import LagRule
from .diagnostics.unit_roots.panel_tests import unit_root_tests
from .errors import ForecastError
from .estimation.effects.average_effects import average_marginal_effects
from .estimation.effects.interaction_effects import effects_along
from .estimation.effects.marginal import marginal_effects
from .estimation.effects.predict import predict
from .estimation.estimate import regression
from .estimation.inference.confidence_intervals import confidence_intervals
from .estimation.inference.delta_method import delta_method
from .estimation.inference.pairs_bootstrap import PairsBootstrap, pairs_bootstrap
from .estimation.inference.romano_wolf import RomanoWolf, romano_wolf
from .estimation.inference.wild_bootstrap import (
    WildBootstrap,
    WildInterval,
    wild_bootstrap,
    wild_interval,
)
from .estimation.record import Estimate
from .evaluation.chain.backtest import ChainHistory, backtest_chain, chain_history
from .evaluation.chain.scores import score_chain
from .evaluation.growth.driver_gains import DriverGain, driver_gains
from .evaluation.published.published_board import Board
from .evaluation.weights.stacking import Stacking, stack_models
from .panel import Panel
from .projection.baseline.hierarchical_density import hierarchical_density
from .projection.explain.attribution import attribution_table
from .projection.explain.comparison import ScenarioComparison, compare_scenarios
from .projection.explain.decomposition import Decomposition
from .projection.explain.marks import mark_table
from .projection.explain.path_accounts import path_accounts
from .projection.futures.draw_futures import draw_futures
from .projection.futures.futures import Futures, Setting
from .projection.futures.prepare_futures import prepare_futures
from .projection.precedent.precedent import Precedents, find_precedents
from .projection.precedent.sample_range import sample_range
from .projection.record import Crossing, Projection
from .projection.require.drivers import required_drivers
from .projection.require.growth import required_growth
from .projection.require.record import Question, Requirement
from .projection.scenarios.crossing import crossing
from .projection.scenarios.mixture import project_mixture
from .projection.scenarios.subject_line import subject_line
from .randomness.streams import Streams
from .reporting.figures.exhibits import draw_exhibit
from .reporting.figures.frontier import draw_frontier
from .reporting.figures.single_figure import plain_lettering
from .reporting.figures.style import Lettering, render
from .reporting.report.precedent_text import precedent_section
from .reporting.report.requirement_text import requirement_lines
from .reporting.run_folder.tables import (
    crossing_probability_table,
    crossing_summary_table,
    fan_table,
    history_table,
    income_change_table,
    signs_table,
)
from .sources.package.package import DataPackage
from .sources.readers.countries import read_countries
from .sources.readers.published_forecasts import read_published_forecasts
from .sources.readers.weo_file import WeoEdition, read_weo
from .specs.line import LineSpec, MarkSpec
from .specs.model import ModelSpec
from .specs.read import read_line, read_model
from .specs.scenario import ScenarioSpec
from .specs.study import StudySpec
from .statistics.income_classes.class_events import class_events
from .statistics.income_classes.falling_back import fallen_back, line_passages
from .statistics.within_year import LearntShare, expected_average, known_share, learnt_share
from .structure.broad_sectors import broad_sectors, sector_contributions
from .structure.decomposition import shift_share
from .structure.deindustrialisation import deindustrialised, first_flags, flagged_spells
from .structure.growth_accounting import growth_accounting
from .structure.growth_episodes import accelerations, slowdowns
from .structure.manufacturing_range import quantile_curves
from .structure.matched_growth import MatchedGrowth, growth_around, matched_growth
from .structure.milestones.indicators import milestone_readings
from .structure.milestones.passers import lasting_passages, same_income_moments
from .structure.milestones.scorecard import ScorecardRules, milestone_scorecard
from .structure.printed.compare_printed import compare_printed
from .structure.printed.passage_years import passage_years
from .structure.quantile_regression import quantile_regression
from .structure.relative_groups import growth_by_group, relative_groups, relative_to_frontier
from .structure.transitions.became import passage_list
from .structure.transitions.hazard import exit_hazard, spell_years
from .structure.transitions.matrices import ClassTransitions, class_transitions
from .structure.transitions.passages import class_passages, passages_by_year
from .structure.transitions.resampled import drawn_economies, drawn_rows, future_shares
from .structure.transitions.spells import class_spells
from .structure.transitions.survival import class_survival, kaplan_meier
from .structure.world_shares import world_manufacturing
from .study.cluster import cluster
from .study.compare import compare
from .study.exhibits.show import paper_exhibit
from .study.faces.plot import plot_effects
from .study.first_steps.verbs import check, init
from .study.inputs import projection_inputs
from .study.news import news
from .study.own_panel import read_panel
from .study.packages.verbs import data, seal
from .study.questions.at_hand import countries, list, show
from .study.questions.attribute import attribute
from .study.questions.decompose import decompose
from .study.questions.estimate import estimate
from .study.questions.example import example
from .study.questions.exhibit import exhibit
from .study.questions.inference_tables import inference_tables
from .study.questions.local_projections import local_projections
from .study.questions.precedent import precedent
from .study.questions.project import project
from .study.questions.record import Answer
from .study.questions.require import require
from .study.questions.sensitivity import sensitivity
from .study.questions.test import test
from .study.run import Results, run
from .study.scoring.backcast import backcast
from .study.scoring.backtest import backtest
from .study.scoring.case import case
from .study.scoring.published import scoreboard
from .study.scoring.record import Backtest
from .study.scoring.weights import weights
from .study.sharing.bundle_run import bundle, cite
from .study.sharing.diff_runs import diff
from .study.sharing.export_run import export
from .study.sharing.score_hub import score
from .study.sharing.side_by_side import ModelComparison
from .study.sharing.table import table
from .study.world import World, world
from .timeseries.bvar.conditional_forecast import conditional_forecast, conditional_moments
from .timeseries.bvar.conditions import Condition, on
from .timeseries.bvar.growth import bvar_system_growth, system_prior
from .timeseries.bvar.heavy_tails import draw_bvar_heavy_tails
from .timeseries.bvar.posterior import (
    BvarDraws,
    BvarPosterior,
    bvar_posterior,
    draw_bvar,
)
from .timeseries.bvar.prior import BvarPrior
from .timeseries.bvar.simulate import simulate_bvar
from .timeseries.bvar.tightness import choose_bvar_prior, draw_bvar_tightness
from .timeseries.bvar.volatility import draw_bvar_volatility
from .timeseries.density import forecast_growth
from .timeseries.record import GrowthDensity
from .timeseries.systems.system import SystemDensity
from .timeseries.systems.var import lag_criteria, var_density
from .timeseries.systems.vecm import Johansen, johansen, vecm_density

__version__: str

__all__ = [
    "Answer",
    "Backtest",
    "Board",
    "BvarDraws",
    "BvarPosterior",
    "BvarPrior",
    "ChainFit",
    "ChainForecast",
    "ChainHistory",
    "ChainRecord",
    "ClassEntry",
    "ClassTransitions",
    "Condition",
    "Crossing",
    "DataPackage",
    "Decomposition",
    "DependenceExponent",
    "DriverGain",
    "ErrorCorrection",
    "Estimate",
    "FirstYear",
    "ForecastError",
    "Futures",
    "GrowthDensity",
    "Johansen",
    "LagRule",
    "LearntShare",
    "Lettering",
    "LineSpec",
    "MarkSpec",
    "MatchedGrowth",
    "ModelComparison",
    "ModelSpec",
    "PairsBootstrap",
    "Panel",
    "Passages",
    "Precedents",
    "Projection",
    "Question",
    "RdStock",
    "Requirement",
    "Results",
    "RomanoWolf",
    "RuleRecord",
    "ScenarioComparison",
    "ScenarioSpec",
    "ScorecardRules",
    "Setting",
    "Stacking",
    "Streams",
    "StudySpec",
    "SystemDensity",
    "TestResult",
    "TestTable",
    "WeoEdition",
    "WildBootstrap",
    "WildInterval",
    "World",
    "__version__",
    "accelerations",
    "add_derived",
    "attribute",
    "attribution_table",
    "average_marginal_effects",
    "backcast",
    "backtest",
    "backtest_chain",
    "broad_sectors",
    "bundle",
    "bvar_posterior",
    "bvar_system_growth",
    "case",
    "chain_history",
    "chain_record",
    "check",
    "choose_bvar_prior",
    "cite",
    "class_entry_chance",
    "class_events",
    "class_passages",
    "class_spells",
    "class_survival",
    "class_transitions",
    "classified_by",
    "cluster",
    "cointegration_tests",
    "compare",
    "compare_printed",
    "compare_scenarios",
    "conditional_forecast",
    "conditional_moments",
    "confidence_intervals",
    "count_passages",
    "countries",
    "crossing",
    "crossing_probability_table",
    "crossing_summary_table",
    "data",
    "decompose",
    "deindustrialised",
    "delta_method",
    "dependence_exponent",
    "diff",
    "draw_bvar",
    "draw_bvar_heavy_tails",
    "draw_bvar_tightness",
    "draw_bvar_volatility",
    "draw_exhibit",
    "draw_frontier",
    "draw_futures",
    "drawn_economies",
    "drawn_rows",
    "driver_gains",
    "edition_growth",
    "effects_along",
    "estimate",
    "example",
    "exhibit",
    "exit_hazard",
    "expected_average",
    "export",
    "fallen_back",
    "fan_table",
    "find_precedents",
    "first_flags",
    "fit_chain",
    "fit_class_entry",
    "fit_from_tables",
    "fit_tables",
    "flagged_spells",
    "forecast_chain",
    "forecast_growth",
    "foreign_rd_stock",
    "future_shares",
    "growth_accounting",
    "growth_around",
    "growth_by_group",
    "hierarchical_density",
    "history_table",
    "imf_view",
    "income_change_table",
    "inference_tables",
    "influence_table",
    "init",
    "johansen",
    "kao",
    "kaplan_meier",
    "known_share",
    "lag_criteria",
    "lasting_passages",
    "learnt_share",
    "leave_one_out_table",
    "line_passages",
    "list",
    "local_projections",
    "marginal_effects",
    "mark_table",
    "matched_growth",
    "milestone_readings",
    "milestone_scorecard",
    "model",
    "news",
    "on",
    "pairs_bootstrap",
    "paper_exhibit",
    "passage_list",
    "passage_years",
    "passages_by_year",
    "path_accounts",
    "pedroni",
    "plain_lettering",
    "plot_effects",
    "precedent",
    "precedent_section",
    "predict",
    "prepare_futures",
    "project",
    "project_mixture",
    "projection_inputs",
    "published_rule_years",
    "quantile_curves",
    "quantile_regression",
    "rd_stock",
    "read_countries",
    "read_line",
    "read_model",
    "read_panel",
    "read_published_forecasts",
    "read_scenario",
    "read_study",
    "read_weo",
    "regression",
    "relative_groups",
    "relative_to_frontier",
    "render",
    "require",
    "required_drivers",
    "required_growth",
    "requirement_lines",
    "revise_base",
    "revised_away_chance",
    "romano_wolf",
    "rule_record",
    "run",
    "same_income_moments",
    "sample_range",
    "scenario",
    "score",
    "score_chain",
    "scoreboard",
    "seal",
    "sector_contributions",
    "sensitivity",
    "shift_share",
    "show",
    "signs_table",
    "simulate_bvar",
    "slowdowns",
    "spell_years",
    "stack_models",
    "subject_line",
    "system_prior",
    "table",
    "test",
    "unit_root_tests",
    "var_density",
    "vecm_density",
    "wald",
    "weights",
    "westerlund",
    "wild_bootstrap",
    "wild_interval",
    "with_first_year",
    "with_view",
    "world",
    "world_manufacturing",
]

"""Rules as rivals of the income chain, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from forecast.arrays import Array, Integers
from forecast.crosscountry.rules.dressed import Rule, dressed_passes, rule_passes
from forecast.crosscountry.rules.growth_accounts import growth_accounts
from forecast.crosscountry.rules.published_rule import published_rule
from forecast.crosscountry.rules.record import RuleRecord

Passes = Callable[[RuleRecord, Rule, Integers, int], Array]
RULES: dict[str, tuple[Passes, Rule]] = {
    "published_rule": (rule_passes, published_rule),
    "published_rule_dressed": (dressed_passes, published_rule),
    "growth_accounts": (rule_passes, growth_accounts),
    "growth_accounts_dressed": (dressed_passes, growth_accounts),
}
"""Each a rule and how it becomes a probability: yes or no, or dressed with its past errors."""


def rule_chances(
    record: RuleRecord, countries: Sequence[str], horizons: Sequence[int], models: Sequence[str]
) -> pd.DataFrame:
    """Return ``model, origin, horizon, country, probability`` from the last year of ``record``.

    Parameters
    ----------
    record : RuleRecord
        Through the origin.
    countries : sequence of str
    horizons : sequence of int
    models : sequence of str
        Among ``RULES``.
    """
    place = pd.Index(record.countries).get_indexer(pd.Index(list(countries)))
    parts = []
    for model in models:
        passes, rule = RULES[model]
        found = passes(record, rule, place, max(horizons))
        parts += [
            pd.DataFrame({
                "model": model,
                "origin": int(record.years[-1]),
                "horizon": horizon,
                "country": list(countries),
                "probability": found[:, horizon - 1],
            })
            for horizon in horizons
        ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)

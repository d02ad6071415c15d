"""The page of the shipped models: what each is, what is weak about it, what it weighs.

    python benchmarks/models.py [--write]

Prints a page; ``--write`` puts it into docs/models.md. What is not in the models or the study is
in models_text.md beside this file.
"""

from __future__ import annotations

import sys
from pathlib import Path

from forecast import catalog
from forecast.reporting.regression.labels import (
    estimator_label,
    standard_error_label,
    term_labels,
)
from forecast.specs.model import ModelSpec

PAGE = Path(__file__).resolve().parents[1] / "docs" / "models.md"
TEXT = Path(__file__).with_name("models_text.md")
# Terms that most models share, by the word that the table has for them.
COMMON = ("gap_output_per_worker", "rd_gdp", "manuf_share", "mht_share", "openness",
          "investment_gdp", "pop_growth")  # fmt: skip
INITIAL = ("rd_gdp_initial", "manuf_share_initial", "mht_share_initial", "log_openness_initial",
           "human_capital_initial", "share_15_64_initial", "pop_growth_initial")  # fmt: skip


def page() -> str:
    """Return the page."""
    study = catalog.study()
    models = [catalog.model(name) for name in catalog.models()]
    labels = term_labels(models, catalog.variables())
    weights = study.effects.weights
    common = "; ".join(labels[term] for term in COMMON)
    initial = "; ".join(labels[term] for term in INITIAL)
    lines = [
        "## The models",
        "",
        f'"All seven" are: {common}. "Initial" are: {initial}. The last column is the weight with '
        "which a model turns a scenario's drivers into growth; the table's rows without one are "
        "estimated for comparison.",
        "",
        "| model | estimator | outcome | regressors | effects | standard errors | weight |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [_row(model, labels, weights.get(model.name)) for model in models]
    for model in models:
        lines += ["", f"**`{model.name}`** ({model.label}). {model.note.strip()}"]
    lines += [
        "",
        "## Which models move scenarios, and why with these weights",
        "",
        study.effects.weights_because.strip(),
        "",
        f"The baseline's convergence density is by `{study.baseline.convergence_model}`.",
    ]
    return TEXT.read_text(encoding="utf-8").replace("<!-- models -->", "\n".join(lines))


def _row(model: ModelSpec, labels: dict[str, str], weight: float | None) -> str:
    sets = {"all seven": COMMON, "initial": INITIAL}
    whole = {name: terms for name, terms in sets.items() if set(terms) <= set(model.drivers)}
    covered = {term for terms in whole.values() for term in terms}
    rest = [labels[term] for term in model.drivers if term not in covered]
    factors = [f"{name} (factor)" for name in model.factors]
    cells = (
        f"`{model.name}`",
        estimator_label(model),
        labels[model.outcome],
        "; ".join([*whole, *rest, *factors]),
        ", ".join(model.effects) or "none",
        standard_error_label(model),
        "" if weight is None else f"{100 * weight:.3g} %",
    )
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    text = page()
    print(text)
    if "--write" in sys.argv:
        PAGE.write_text(text, encoding="utf-8")

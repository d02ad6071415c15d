"""Which shipped models support the signs that the papers expect, and which do not.

    python benchmarks/evidence.py [--write]

Prints a page; ``--write`` puts it into docs/evidence.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

from forecast import catalog
from forecast.estimation.estimate import estimate
from forecast.reporting.regression.labels import term_labels
from forecast.reporting.run_folder.tables import signs_table
from forecast.sources.package.package import load

PAGE = Path(__file__).resolve().parents[1] / "docs" / "evidence.md"
SAID = {
    "as expected, significant at 5 %": "**yes**",
    "as expected, not significant": "yes, n.s.",
    "wrong sign, not significant": "no, n.s.",
    "wrong sign, significant at 5 %": "**no**",
}


def page() -> str:
    """Return the page: one row a model and one column a regressor with an expected sign."""
    package = load(catalog.package_folder(catalog.study().data))
    models = [catalog.model(name) for name in catalog.models()]
    estimates = [estimate(package.panel(m.table), m) for m in models]
    signs = signs_table(estimates)
    signs = signs[~signs["term"].str.contains("[", regex=False)]
    labels = term_labels(models, catalog.variables())
    verdict = {(r.model, r.term): SAID[r.verdict] for r in signs.itertuples()}
    counts = signs["term"].value_counts()
    terms = [t for t in dict.fromkeys(signs["term"]) if counts[t] > 1]
    expected = dict(zip(signs["term"], signs["expected"], strict=True))
    lines = [
        "# What the models say about the papers' claims",
        "",
        f"Made by `benchmarks/evidence.py` from `{package.name}`. Is the expected sign found? "
        "**yes** and **no**: different from zero at 5 %; n.s.: not significant. A blank: the "
        "regressor is not in the model, its sign is not stated, or it switches between regimes.",
        "",
        "| model | n | " + " | ".join(f"{labels.get(t, t)} ({expected[t]})" for t in terms) + " |",
        "|---|---|" + "---|" * len(terms),
    ]
    for one in estimates:
        cells = " | ".join(verdict.get((one.spec.name, t), "") for t in terms)
        lines.append(f"| {one.spec.label} | {one.n_obs} | {cells} |")
    lines += ["", *_counts(signs.groupby("term")["verdict"], terms, labels), ""]
    return "\n".join(lines)


def _counts(grouped: object, terms: list[str], labels: dict[str, str]) -> list[str]:
    lines = []
    for term in terms:
        found = grouped.get_group(term)  # type: ignore[attr-defined]
        right = int(found.str.startswith("as expected").sum())
        clear = int((found == "as expected, significant at 5 %").sum())
        against = int((found == "wrong sign, significant at 5 %").sum())
        lines.append(
            f"- {labels.get(term, term)}: expected sign in {right} of {len(found)} models, "
            f"significantly in {clear}; significantly the other in {against}."
        )
    return lines


if __name__ == "__main__":
    text = page()
    print(text)
    if "--write" in sys.argv:
        PAGE.write_text(text, encoding="utf-8")

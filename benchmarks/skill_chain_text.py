"""The words of docs/skill_chain.md, and its weak spots: ``benchmarks/skill_chain.py`` uses them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.evaluation.scores.pit import pit_test
from forecast.evaluation.scores.scores import covered

CHAIN, RIVAL = "income_chain", "passage_regression"
INTRO = """# Skill of the income chain

Made by `benchmarks/skill_chain.py` from `{package}`. Each forecast used only what its data hold
through the origin, in today's edition of them. `forecast backtest --target chain` prints the
scores; the method is in [methods/income_chain.md](methods/income_chain.md). The chain is the one
that ships, with the fall edition of the World Economic Outlook of the origin's year.

GNI per capita (Atlas method) over the high-income line; all economies between 20 and 100 % of it
with ten years of past, origins 1997-2024 whose future is known whole. Event: above the line in any
year of the horizon. Horizons overlap and share the world's shocks: at 15 and 20 years there are one
or two independent spans of years, whatever the number of cases.

Events: {counts}.

Rivals, on the same cases: `passage_regression`, the forecast that shipped before
([skill_crossing](skill_crossing.md)); `hazard`, a yearly chance given relative income; `zero_drift`
and `drift`, random walks; `climatology`, which knows the share of events. `published_rule` is that
of Moving Frontiers (August 2026; CC BY 4.0), replayed: median growth of ten years within bounds, no
probabilities. `growth_accounts`: trend of output per worker, employment held, ages carried on, in
the spirit of the World Bank's Long Term Growth Model (Loayza and Pennings). `_dressed`: with the
rule's own past errors around its path.
"""
PATHS = """## Relative income

Of the log of income over the line, log points. CRPS above the line weighs only what lies above it.
PIT: chi-square over its expectation, economies independent. `none`: without the IMF's view;
`spring`: with the edition of the spring after.

"""
PIT = """Where what came lies in the forecast distribution, % of cases by tenth (10 each if even):

"""
CALIBRATION = """## Said and come

Tenths with 30 cases or more; bands of what right probabilities would show, from drawing whole
countries: of each tenth alone, and of all tenths of a horizon at once.

"""
GROUPS = """## By group

Mean probability of the chain, share that passed, Brier scores, CRPS and coverage. `group`: thirds
of income; `kind`: fast and calm (ten-year growth per head above 3.5 %, volatility under 3 points),
wild exchange rate (volatility above 10 points), other. All as known at the origin.
"""
NUMBERS = """## How many pass

Number of passages among an origin's cases. Joint: in a draw all economies meet the errors of one
start year; independent: each its own. Central 80 % intervals; whole numbers make them hold more.

"""
FLIPS = """## From origin to origin

The probability of passing by one year, from successive origins one to five years before it: sum of
the changes beyond what the range needs (Griffiths and others 2019, Flip-Flop Index), mean absolute
change, reversals over 2 %. A forecast that says more moves more.

"""
FAR = """## Beyond ten years

Without the IMF's view, origins 1987-2010, the line carried back before 1990. `direct`: growth and
the real exchange rate's part regressed on the chain's regressors over the whole horizon, where 150
economy-years were known. Windows overlap: about two independent ones.

"""
LATE = """## Late check

Made once, after every choice (`benchmarks/late_check.py`): origins 2021-2024, fall edition,
economies whose code begins with A to C left out of the regressions, scales and error vectors and
forecast from their own state (`left out`; `learnt from`: the chain as shipped). The rivals learnt
from all economies; `regression` is that of passage. Brier scores, the mean of what was said, and
what 80 % intervals hold:

| years | cases | passages | said | left out | learnt from | regression | zero drift | hold, % |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|
| 1 | 64 | 3 | .058 | .0316 | .0315 | .0314 | .0309 | 92 |
| 2 | 48 | 5 | .102 | .0534 | .0529 | .0493 | .0616 | 94 |
| 3 | 33 | 5 | .140 | .0557 | .0551 | .0480 | .0770 | 88 |

Leaving them out costs next to nothing: the chain does not live on knowing them. It does not beat
the passage regression here, and at one year not even zero drift. Three to five passages decide,
about as many as one economy's luck: the check has low power either way.
"""
CHOICES = """## Choices made with results in view

About 80 designs of the chain were tried on these cases before it was built; the first, before any
choice, had Brier scores of 0.0091, 0.0278, 0.0449 and 0.0871 at 1, 3, 5 and 10 years. So the
differences to the rivals above are flattered by something like the distance from those. The rules
beside it were written down before they were scored and not changed after; the published rule's
bounds, lines and groups are its own (economies whose class is not published take that of their
income). How a rule is dressed (errors since 1972 over a volatility half
own, half the median economy's) was not varied.
"""
KNOWN = [
    "- Today's editions of income, growth and the exchange rate are used throughout; the part on "
    "the edition of 2018 shows what that hides.",
    "- The regressions of growth learn from economies at 20 to 150 % of the line; for others "
    "growth alone is an extrapolation.",
    "- A probability of one event changes its mind more often from origin to origin than a rival's "
    "does: it reads the exchange rate and the IMF.",
    "- The chance that the class follows income was built with its 41 cases in view, from income "
    "as revised since: at early origins it is too low, and so is the class's chance far ahead.",
    "- The event is income above the line in any year; the class of July is another event, above.",
]


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table of Markdown."""
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def weak(
    cases: pd.DataFrame,
    bands: dict[int, pd.DataFrame],
    groups: pd.DataFrame,
    counts: pd.DataFrame,
) -> list[str]:
    """Return the weak spots of the chain that its cases show, one line each."""
    return [
        *_tenths(bands), _uneven(cases), _near(cases), _kinds(cases), _late(cases), _lost(cases),
        _off(groups), _too_narrow(counts),
    ]  # fmt: skip


def _tenths(bands: dict[int, pd.DataFrame]) -> list[str]:
    one, joint = [], []
    for h, found in bands.items():
        for r in found[found["n"] >= 30].itertuples():
            told = f"h={h} {r.low:.1f}-{r.high:.1f} (said {r.forecast:.3f}, came {r.observed:.3f})"
            if not r.block_low <= r.observed <= r.block_high:
                one.append(told)
            if not r.joint_low <= r.observed <= r.joint_high:
                joint.append(told)
    return [
        "- Tenths outside their own band: " + ("; ".join(one) or "none") + ".",
        "- Tenths outside the bands of all at once: " + ("; ".join(joint) or "none") + ".",
    ]


def _uneven(cases: pd.DataFrame) -> str:
    own = cases[cases["model"] == CHAIN]
    parts = [
        f"h={h} {pit_test(part['pit'].to_numpy(), part['country'].to_numpy()).p_value:.3f}"
        for h, part in own.groupby("horizon")
    ]
    high = own[own["horizon"] == 10]
    return (
        "- Where outcomes lie in the forecast distribution is not even (p, economies independent: "
        + ", ".join(parts) + f"); at h=10 {100 * (high['pit'] > 0.5).mean():.0f} % lie above the "
        "median: the zero world drift of the real exchange rate was too low for these years."
    )  # fmt: skip


def _near(cases: pd.DataFrame) -> str:
    own = cases[(cases["model"] == CHAIN) & (cases["relative_income"] > np.log(0.6))]
    told = ", ".join(f"{_hold(part):.0f} % at h={h}" for h, part in own.groupby("horizon"))
    return f"- At 60-100 % of the line 80 % intervals hold {told}: too wide far ahead."


def _kinds(cases: pd.DataFrame) -> str:
    own = cases[cases["model"] == CHAIN]
    wild = own["volatility_exchange"] > 0.1
    fast = (own["growth_mean"] > 0.035) & (own["volatility_growth"] < 0.03)
    parts = []
    for h in (5, 10):
        at = own["horizon"] == h
        quick = own[at & fast]
        parts.append(
            f"at h={h} intervals hold {_hold(own[at & wild]):.0f} % with wild exchange rates and "
            f"{_hold(own[at & ~wild]):.0f} % without; fast and calm economies, China's kind, "
            f"passed in {quick['event'].mean():.3f} of {len(quick)} cases, said {_said(quick):.3f}"
        )
    return "- By kind: " + "; ".join(parts) + "."


def _late(cases: pd.DataFrame) -> str:
    late = cases[(cases["origin"] >= 2021) & (cases["horizon"] == 3)]
    brier = ((late["probability"] - late["event"]) ** 2).groupby(late["model"]).mean()
    one = late[late["model"] == CHAIN]
    return (
        f"- Origins from 2021, h=3 ({len(one)} cases, {one['event'].sum():.0f} events): Brier "
        f"{brier[CHAIN]:.4f} against the passage regression's {brier[RIVAL]:.4f}."
    )


def _lost(cases: pd.DataFrame) -> str:
    scored = cases.assign(loss=(cases["probability"] - cases["event"]) ** 2)
    means = scored.groupby(["horizon", "model"])["loss"].mean().unstack()
    lost = [
        f"`{m}` at h={h} ({v:.4f} against {row[CHAIN]:.4f})"
        for h, row in means.iterrows()
        for m, v in row.items()
        if v < row[CHAIN]
    ]
    return "- Rivals with a better Brier score over all cases: " + ("; ".join(lost) or "none") + "."


def _off(groups: pd.DataFrame) -> str:
    worse = [
        f"{r.group} ({r.brier:.4f} against {getattr(r, RIVAL):.4f})"
        for r in groups.itertuples()
        if r.brier > min(getattr(r, RIVAL), r.zero_drift) and r.events > 0
    ]
    return (
        "- Groups with events in which the passage regression or zero drift is better at h=10: "
        + ("; ".join(worse) or "none") + "."
    )  # fmt: skip


def _too_narrow(counts: pd.DataFrame) -> str:
    ten = counts[counts["horizon"] == counts["horizon"].max()]
    held = ten["came"].between(ten["low"], ten["high"]).mean()
    return (
        f"- The joint 80 % interval of the number of passages within ten years held "
        f"{100 * held:.0f} % of {len(ten)} origins, which overlap."
    )


def _hold(cases: pd.DataFrame) -> float:
    return float(covered(*(cases[c].to_numpy() for c in ("outcome", "low", "high"))).mean())


def _said(cases: pd.DataFrame) -> float:
    return float(cases["probability"].mean())

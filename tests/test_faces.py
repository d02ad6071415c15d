"""What a record shows in a notebook: a few lines, a table with every cell escaped, a frame."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import matplotlib.figure
import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.errors import ForecastError
from forecast.faces import Face, table_html, table_text
from forecast.panel import Panel
from forecast.specs.changed import changed
from forecast.study.faces.plot import RUN_FIGURES
from forecast.study.run import Results
from forecast.study.scoring.record import Backtest
from places import ROOT

EVIL = '<script>alert("x")</script> & co'
VOID = {"br", "img", "hr"}


class _Tags(HTMLParser):
    """Checks that tags close in order, and keeps their names and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.met: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.met.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def _backtest() -> Backtest:
    cases = pd.DataFrame({"model": ["pool", "drift"], "mean": [1.0, 2.0], "outcome": [1.5, 1.5]})
    scores = pd.DataFrame(
        {"model": ["pool", "drift"], "horizon": 1, "score": "rmse", "value": [0.5, 0.5]}
    )
    return Backtest(
        target="growth", source=EVIL, span=(1980, 1981), scores=scores, groups=None, cases=cases
    )


@pytest.fixture(scope="module")
def records(small_run: Results) -> dict[str, Face]:
    """Return a record of every kind, with text in it that is HTML."""
    panel = small_run.package.panel("growth_panel")
    return {
        "Results": small_run,
        "Projection": small_run["baseline"],
        "Estimate": small_run.estimates[0],
        "Backtest": _backtest(),
        "Panel": Panel(panel.frame.rename(columns={"rd_gdp": EVIL}), EVIL),
        "ModelSpec": changed(fc.model("within"), label=EVIL),
        "ScenarioSpec": changed(fc.scenario("innovation_first"), label=EVIL),
        "StudySpec": changed(small_run.study, title=EVIL),
        "World": fc.world(),
        "Answer": fc.exhibit("passages"),
    }


KINDS = (
    "Results", "Projection", "Estimate", "Backtest", "Panel", "ModelSpec", "ScenarioSpec",
    "StudySpec", "World", "Answer",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_repr_is_a_few_lines(records: dict[str, Face], kind: str) -> None:
    """At most six lines of eighty characters, the kind first, no array among them."""
    lines = repr(records[kind]).splitlines()

    assert lines[0] == kind
    assert 2 <= len(lines) <= 6
    assert max(map(len, lines)) <= 80
    assert not re.search(r"array\(|\[\d|dtype", "\n".join(lines))


@pytest.mark.parametrize("kind", KINDS)
def test_html_is_a_table_of_escaped_text(records: dict[str, Face], kind: str) -> None:
    """Every tag closes in order, none comes from a record's own text."""
    tags = _Tags()
    tags.feed(records[kind]._repr_html_())

    assert tags.open == []
    assert {"table", "th", "td"} <= set(tags.met)
    assert set(tags.met) <= {"table", "caption", "thead", "tbody", "tr", "th", "td", "p"}


@pytest.mark.parametrize("kind", ["Backtest", "Panel", "StudySpec", "ScenarioSpec", "ModelSpec"])
def test_text_that_looks_like_html_is_shown_as_it_is(records: dict[str, Face], kind: str) -> None:
    """What is written in a label is read there, and is no tag."""
    tags = _Tags()
    tags.feed(records[kind]._repr_html_())

    assert EVIL in tags.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_frame_has_labelled_columns(records: dict[str, Face], kind: str) -> None:
    """Names are text, each once; the page in Python says what they are and their units."""
    table = records[kind].to_frame()
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")

    assert len(table) and table.columns.is_unique
    assert all(isinstance(name, str) and name for name in table.columns)
    assert f"`{kind}`" in page


@pytest.mark.parametrize("kind", KINDS)
def test_a_summary_is_text_without_end_blanks(records: dict[str, Face], kind: str) -> None:
    """Longer than the repr, and readable where a notebook is not."""
    said = records[kind].summary()

    assert isinstance(said, str) and len(said.splitlines()) > len(repr(records[kind]).splitlines())


@pytest.mark.parametrize("name", RUN_FIGURES)
def test_a_run_draws_every_figure_that_its_tables_make(small_run: Results, name: str) -> None:
    """One line, a figure back, and nothing left open for pyplot."""
    assert isinstance(small_run.plot(name), matplotlib.figure.Figure)


def test_figures_of_a_run_are_those_of_its_folder(small_run: Results) -> None:
    """The tables that ``plot`` draws from are the files that the run wrote."""
    for stem in ("income_fan", "history", "crossing_summary", "estimates", "attribution"):
        written = pd.read_csv(Path(small_run.folder) / f"{stem}.csv")
        made = small_run.to_frame(stem)
        assert list(made.columns) == list(written.columns), stem
        number = made.select_dtypes("number").columns
        # the files have ten significant digits
        np.testing.assert_allclose(
            made[number].to_numpy(float), written[number].to_numpy(float), rtol=1e-9
        )


@pytest.mark.parametrize("kind", ["Results", "Projection", "Estimate", "World", "Answer"])
def test_an_unknown_figure_names_those_there_are(records: dict[str, Face], kind: str) -> None:
    """The message lists the figures, and the nearest."""
    with pytest.raises(ForecastError, match="is not one of"):
        records[kind].plot("income_fun")


def test_a_near_miss_is_told(small_run: Results) -> None:
    """``income_fun`` is taken for ``income_fan``."""
    with pytest.raises(ForecastError, match="did you mean 'income_fan'"):
        small_run.plot("income_fun")


def test_what_has_no_figure_says_so(records: dict[str, Face]) -> None:
    """A declaration draws nothing."""
    with pytest.raises(ForecastError, match="StudySpec: has no figure"):
        records["StudySpec"].plot()


def test_a_notebook_shows_a_figure_as_a_picture(small_run: Results) -> None:
    """Without pyplot, IPython has no other way than the figure's own; others say their size."""
    from IPython.core.formatters import PNGFormatter

    figure = small_run.plot("income_fan")
    shown, about = PNGFormatter()(figure)

    assert shown == fc.render(figure, "png")
    assert about == {"width": 760}
    assert PNGFormatter()(matplotlib.figure.Figure()) is None


def test_a_fan_of_a_scenario_is_not_called_the_baselines(small_run: Results) -> None:
    """The subtitle names the scenario that is drawn."""
    name = small_run.projections[1].scenario
    told = [text.get_text() for text in small_run[name].plot().texts]
    label = small_run.scenarios[name].label

    assert any(f"Scenario: {label}" in text for text in told)
    assert any("Baseline" in text for text in [t.get_text() for t in small_run.plot().texts])


def test_a_scenario_is_found_by_name(small_run: Results) -> None:
    """``results["..."]`` is that projection; another name is refused with the nearest."""
    assert small_run["baseline"] is small_run.projections[0]
    with pytest.raises(ForecastError, match="did you mean 'baseline'"):
        small_run["basline"]


def test_comparing_with_itself_shows_no_change(small_run: Results) -> None:
    """A projection against itself gains nothing; a run beside itself has every row twice."""
    one = small_run["baseline"]

    assert (one.compare(one)["value"] == 0).all()
    both = small_run.compare(small_run)
    assert len(both) == 2 * len(small_run.projections)
    assert both["run"].nunique() == 2


def test_long_tables_are_cut_and_counted() -> None:
    """Twenty rows are shown of a thousand, and the count of all."""
    table = pd.DataFrame({"a": range(1000)})

    assert table_html(table).count("<tr>") == 21
    assert "20 of 1,000 rows" in table_html(table)
    assert table_text(table).splitlines()[-1] == "... 1,000 rows"

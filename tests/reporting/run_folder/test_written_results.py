"""A whole results folder: the files of a run, their bytes, and what the report says."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from matplotlib.text import Text

from forecast.errors import ForecastError
from forecast.reporting.figures.exhibits import EXHIBITS, draw_exhibit
from forecast.reporting.figures.style import spread
from forecast.reporting.findings import Findings
from forecast.reporting.run_folder.results import lettering_of, result_tables, write_results

EXPECTED = {
    "estimates.csv", "models.csv", "signs.csv", "estimates.md", "estimates.tex", "estimates.html",
    "estimates.docx", "income_fan.csv", "crossing_probability.csv", "crossing_summary.csv",
    "income_change.csv", "drivers.csv", "history.csv", "atlas_check.csv", "report.html",
    "manifest.json", "datapackage.json", "countries.csv", "responses.csv",
    "marginal_effects.csv", "inclusion.csv",
    "attribution.csv", "decomposition.csv", "sensitivity.csv", "comparison.csv",
    "comparison_drivers.csv",
    *(f"figures/{name}.{form}" for name in EXHIBITS for form in ("png", "svg")),
}  # fmt: skip


class Ticking:
    """A clock that advances two seconds each time it is read."""

    def __init__(self) -> None:
        """Start at a fixed moment."""
        self.now = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the next moment."""
        self.now += timedelta(seconds=2)
        return self.now


@pytest.fixture(scope="module")
def folder(findings: Findings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one written results folder."""
    final = tmp_path_factory.mktemp("out") / "china-1a2b"
    paths = write_results(
        final,
        findings,
        command="forecast run --jobs 2",
        stages={"project": 1.5},
        clock=Ticking(),
        svg=True,
    )
    assert paths[-1].name == "manifest.json"
    assert {p.relative_to(final).as_posix() for p in paths} == EXPECTED
    return final


def test_all_files_and_no_others(folder: Path) -> None:
    """The folder holds what the list says, and no temporary file."""
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} == EXPECTED


def test_second_run_has_the_same_bytes(folder: Path, findings: Findings, tmp_path: Path) -> None:
    """Everything but the manifest is equal, whatever the command, the folder and the time."""
    again = tmp_path / "elsewhere"
    write_results(
        again, findings, command="other", stages={"project": 9.0}, clock=Ticking(), svg=True
    )
    differing = [
        name for name in EXPECTED if (folder / name).read_bytes() != (again / name).read_bytes()
    ]

    assert differing == ["manifest.json"]


def test_manifest_says_how_it_was_made(folder: Path) -> None:
    """Command, hashes, versions and elapsed times are there; reporting took one tick."""
    found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))

    assert found["data"] == {"package": "starter", "vintage": "2026.07", "sha256": "ab" * 32}
    assert found["command"] == "forecast run --jobs 2"
    assert found["elapsed_seconds"] == {"project": 1.5, "reporting": 2.0}
    assert found["specs"]["study.toml"] == "cd" * 32
    assert {"numpy", "pandas"} <= set(found["versions"])


def test_report_asks_for_nothing_else(folder: Path) -> None:
    """No address is loaded: every source is embedded and every link stays in the page."""
    text = (folder / "report.html").read_text(encoding="utf-8")
    asked = re.findall(r"(?:src|href|srcset|action)=[\"']([^\"']{0,40})", text)

    assert all(one.startswith(("data:", "#")) for one in asked)
    assert len([one for one in asked if one.startswith("data:image/png")]) == len(EXHIBITS)
    assert not re.search(r"url\(|@import|<script|<link", text)


def test_report_tells_the_story_from_the_numbers(folder: Path, findings: Findings) -> None:
    """Question, standing, probabilities, reasons and verdicts appear, escaped."""
    text = (folder / "report.html").read_text(encoding="utf-8")
    base = result_tables(findings)["crossing_summary"].iloc[0]

    assert html.escape(findings.study.question).replace("&#x27;", "&#39;") in text
    assert "14,230 US$, 99.0 % of the high-income line of 14,375 US$" in text
    assert f"{100 * base['p_2030']:.1f} % by 2030" in text
    assert "wrong sign" in text
    assert "not significant" in text
    assert "&lt;decoupling&gt;" in text
    assert "<decoupling>" not in text
    assert findings.provenance.reproduce in text
    assert "--jobs" not in text


def test_report_without_history_or_estimates(
    findings: Findings, tmp_path: Path, no_figures: None
) -> None:
    """A run with neither published history nor estimates still has its report."""
    bare = replace(
        findings,
        estimates=(),
        history=findings.history.iloc[:0],
        failures={"within_full": "the design has no full rank"},
    )
    write_results(tmp_path / "bare", bare, command="x", stages={}, clock=Ticking())
    text = (tmp_path / "bare" / "report.html").read_text(encoding="utf-8")

    assert "within_full could not be computed and is left out: the design has no full rank" in text
    assert not (tmp_path / "bare" / "estimates.docx").exists()


def test_exhibits_without_their_table_are_left_out(
    findings: Findings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run without an average of models has no inclusion figure, in files and report."""
    two = {name: EXHIBITS[name] for name in ("crossing_probability", "inclusion")}
    monkeypatch.setattr("forecast.reporting.run_folder.results.EXHIBITS", two)
    tables = {stem: t for stem, t in findings.extra_tables.items() if stem != "inclusion"}
    paths = write_results(
        tmp_path / "bare",
        replace(findings, extra_tables=tables),
        command="x",
        stages={},
        clock=Ticking(),
    )
    names = {p.relative_to(tmp_path / "bare").as_posix() for p in paths}

    drawn = {"figures/crossing_probability.png"}  # SVG where it is asked for
    others = {name for name in EXPECTED if not name.startswith("figures/")} - {"inclusion.csv"}
    assert names == others | drawn
    assert EXHIBITS["inclusion"].shows not in (tmp_path / "bare" / "report.html").read_text("utf-8")


def test_coefficients_show_what_two_models_share(findings: Findings) -> None:
    """A regressor of one model alone has no panel and the subtitle says so."""
    tables, lettering = result_tables(findings), lettering_of(findings)
    estimates = tables["estimates"]
    alone = estimates[estimates["term"] == "rd_gdp"].head(1).assign(term="fdi_inflow_gdp")
    plain = draw_exhibit("coefficients", tables, lettering)
    more = {**tables, "estimates": pd.concat([estimates, alone])}
    drawn = draw_exhibit("coefficients", more, lettering)

    assert len(drawn.axes) == len(plain.axes)
    said = [" ".join(t.get_text().split()) for t in drawn.texts]
    assert any("only one model has" in text for text in said)
    assert not any("only one model has" in t.get_text() for t in plain.texts)


def test_docx_opens_and_carries_labels(folder: Path) -> None:
    """The Word file is a zip of well-formed XML with the labels and one fixed date."""
    with zipfile.ZipFile(io.BytesIO((folder / "estimates.docx").read_bytes())) as packed:
        text = packed.read("word/document.xml").decode("utf-8")
        dates = {entry.date_time for entry in packed.infolist()}
        assert packed.testzip() is None
    words = "".join(ElementTree.fromstring(text).itertext())

    assert "R&D expenditure" in words
    assert "clustered by country and year" in words
    assert dates == {(1980, 1, 1, 0, 0, 0)}


def test_tables_agree_between_forms(folder: Path, findings: Findings) -> None:
    """The same coefficient and standard error stand in all text forms, and no star."""
    one = findings.estimates[0]
    b, se = f"{one.params.iloc[1]:.3f}", f"({one.std_errors.iloc[1]:.3f})"
    for form in ("md", "tex", "html"):
        text = (folder / f"estimates.{form}").read_text(encoding="utf-8").replace("$-$", "-")
        assert b in text, form
        assert se in text, form
        assert "***" not in text, form
    assert r"R\&D expenditure" in (folder / "estimates.tex").read_text(encoding="utf-8")
    assert "| Year effects | no | no | yes |" in (folder / "estimates.md").read_text("utf-8")


def test_figures_are_images(folder: Path) -> None:
    """PNG and SVG of each exhibit are well formed, without a date or a version."""
    for name in EXHIBITS:
        png = (folder / "figures" / f"{name}.png").read_bytes()
        svg = (folder / "figures" / f"{name}.svg").read_text(encoding="utf-8")
        assert png.startswith(b"\x89PNG"), name
        assert b"Software" not in png, name
        assert "<dc:date>" not in svg, name
        assert ElementTree.fromstring(svg).tag.endswith("svg"), name


def test_no_text_leaves_the_figure(findings: Findings) -> None:
    """Titles, labels and the source line of every exhibit lie inside the page."""
    tables, lettering = result_tables(findings), lettering_of(findings)
    for name in EXHIBITS:
        figure = draw_exhibit(name, tables, lettering)
        figure.draw_without_rendering()
        page = figure.bbox
        ticks = {t for ax in figure.axes for t in [*ax.get_xticklabels(), *ax.get_yticklabels()]}
        shown = [t for t in figure.findobj(Text) if t.get_text() and t not in ticks]
        assert len(shown) > 10, name
        for text in shown:
            box = text.get_window_extent()
            where = (name, text.get_text())
            assert page.x0 - 1 <= box.x0 < box.x1 <= page.x1 + 1, where
            assert page.y0 - 1 <= box.y0 < box.y1 <= page.y1 + 1, where


def test_user_settings_do_not_reach_a_figure(findings: Findings) -> None:
    """A style set by the user changes no byte and is still set afterwards."""
    import matplotlib

    from forecast.reporting.figures.style import render

    tables, lettering = result_tables(findings), lettering_of(findings)
    plain = render(draw_exhibit("crossing_probability", tables, lettering), "svg")
    with matplotlib.rc_context({"font.size": 20.0, "axes.grid": False}):
        styled = render(draw_exhibit("crossing_probability", tables, lettering), "svg")
        assert matplotlib.rcParams["font.size"] == 20.0

    assert plain == styled


def test_unknown_exhibit_names_the_nearest(findings: Findings) -> None:
    """A misspelt exhibit is answered with the list and the nearest name."""
    with pytest.raises(ForecastError, match="did you mean 'income_fan'"):
        draw_exhibit("income_fann", result_tables(findings), lettering_of(findings))


def test_labels_spread_as_little_as_needed() -> None:
    """Distant labels stay, close ones part evenly about their mean, and all stay inside."""
    assert spread([0.1, 0.9], 0.2, 0.0, 1.0) == pytest.approx([0.1, 0.9])
    assert spread([0.5, 0.5], 0.2, 0.0, 1.0) == pytest.approx([0.4, 0.6])
    assert spread([1.0, 1.0, 0.0], 0.2, 0.0, 1.0) == pytest.approx([0.8, 1.0, 0.0])
    crowded = spread([0.5] * 11, 0.2, 0.0, 1.0)
    assert (min(crowded), max(crowded)) == pytest.approx((0.0, 1.0))

"""The report laid out by a browser: nothing wider than its page, no text over another, A4."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from forecast.reporting.figures.exhibits import EXHIBITS
from forecast.reporting.findings import Findings
from forecast.reporting.run_folder.results import write_results

pytestmark = pytest.mark.browser

A4 = 210 / 25.4 * 72, 297 / 25.4 * 72
# Width of A4 less the report's margins, CSS pixels.
PAPER = round((210 - 2 * 15) / 25.4 * 96)
QUIETLY = "".join(
    f"--{flag} "
    for flag in (
        "headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run",
        "disable-background-networking", "disable-component-update", "disable-sync",
    )
).split()  # fmt: skip

NAMES = ("chromium", "chromium-browser", "google-chrome")

# A frame of the width asked for: a headless window is never narrower than 500 pixels.
FRAME = """<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
<iframe id="f" style="border:0;width:{width}px;height:900px" srcdoc="{page}"></iframe>
<pre id="out"></pre><script>
document.getElementById("f").addEventListener("load", function () {{
  const page = this.contentDocument, view = page.documentElement.clientWidth;
  if ({opened}) page.querySelectorAll("details").forEach(d => d.open = true);
  const out = {{view: view, page: page.documentElement.scrollWidth, wide: [], over: []}};
  const name = e => e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 40);
  const boxed = e => e.parentElement.closest(".wide");
  for (const e of page.body.querySelectorAll("*")) {{
    const box = e.checkVisibility() ? e.getBoundingClientRect() : {{width: 0}};
    if (box.width && box.right > view + 1 && ({print} || !boxed(e))) out.wide.push(name(e));
  }}
  const texts = [...page.querySelectorAll("h1,h2,h3,p,li,summary,figcaption,th,td,caption")]
    .filter(e => e.checkVisibility() && !e.querySelector("p,li,ul,details"))
    .map(e => {{
      const r = page.createRange(); r.selectNodeContents(e);
      return [e, r.getBoundingClientRect()];
    }}).filter(([e, b]) => b.width && b.height && getComputedStyle(e).position != "sticky");
  texts.sort((a, b) => a[1].top - b[1].top);
  texts.forEach(([e, a], i) => {{
    for (let j = i + 1; j < texts.length && texts[j][1].top < a.bottom - 3; j++) {{
      const b = texts[j][1];
      if (a.left < b.right - 2 && b.left < a.right - 2 && !boxedApart(e, texts[j][0]))
        out.over.push(name(e) + " / " + name(texts[j][0]));
    }}
  }});
  function boxedApart(a, b) {{ return a.closest(".side") || b.closest(".side"); }}
  document.getElementById("out").textContent = JSON.stringify(out);
}});
</script>"""


@pytest.fixture(scope="module")
def browser() -> str:
    """Return Chromium, or say what is missing."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    return found


@pytest.fixture(scope="module")
def report(findings: Findings, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the text of a report with every figure, long names among its scenarios."""
    folder = tmp_path_factory.mktemp("browser") / "run"
    write_results(
        folder, findings, command="x", stages={}, clock=lambda: datetime(2026, 11, 28, tzinfo=UTC)
    )
    return (folder / "report.html").read_text(encoding="utf-8")


def _call(browser: str, tmp_path: Path, *arguments: str) -> str:
    done = subprocess.run(
        [browser, *QUIETLY, f"--user-data-dir={tmp_path / 'profile'}", *arguments],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout


def _measured(
    browser: str, tmp_path: Path, page: str, width: int, *, opened: bool, printed: bool = False
) -> dict[str, Any]:
    """Return widths and overlaps of a page in a frame of that width."""
    text = FRAME.format(
        width=width, page=html.escape(page), opened=json.dumps(opened), print=json.dumps(printed)
    )
    (tmp_path / "frame.html").write_text(text, encoding="utf-8")
    shown = _call(
        browser, tmp_path, "--window-size=1400,1000", "--virtual-time-budget=20000", "--dump-dom",
        (tmp_path / "frame.html").as_uri(),
    )  # fmt: skip
    found = re.search(r'<pre id="out">(\{.*?\})</pre>', shown, re.DOTALL)
    assert found, "the page was not measured"
    told: dict[str, Any] = json.loads(html.unescape(found[1]))
    return told


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("opened", [False, True])
def test_nothing_is_wider_than_the_window(
    browser: str, report: str, tmp_path: Path, width: int, *, opened: bool
) -> None:
    """On a desk and on a phone, folded and unfolded: only tables' and figures' boxes scroll."""
    told = _measured(browser, tmp_path, report, width, opened=opened)

    assert told["page"] <= told["view"] <= width
    assert told["wide"] == []
    assert told["over"] == []


def test_nothing_is_wider_than_the_paper(browser: str, report: str, tmp_path: Path) -> None:
    """With the rules of print in force, on A4 between margins, no table reaches beyond either."""
    page = report.replace("@media print {", "@media all {")
    told = _measured(browser, tmp_path, page, PAPER, opened=True, printed=True)

    assert told["page"] <= told["view"] <= PAPER
    assert told["wide"] == []
    assert told["over"] == []


def test_the_measure_sees_what_is_too_wide(browser: str, report: str, tmp_path: Path) -> None:
    """A table without its box, and a text drawn over another, are found."""
    row = "<tr>" + 40 * "<td>a long cell</td>" + "</tr>"
    bad = f'<table>{row}</table><p>one</p><p style="margin-top:-2rem">two</p></main>'
    told = _measured(browser, tmp_path, report.replace("</main>", bad), 400, opened=False)

    assert told["page"] > 400
    assert any(name.startswith("TABLE") for name in told["wide"])
    assert told["over"] == ["P. one / P. two"]


def test_it_prints_on_a4_with_all_figures_whole(browser: str, report: str, tmp_path: Path) -> None:
    """Pages are A4; a figure is on one page, lower than its text; what is folded is printed."""
    (tmp_path / "report.html").write_text(report, encoding="utf-8")
    made = tmp_path / "report.pdf"
    _call(
        browser, tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={made}",
        (tmp_path / "report.html").as_uri(),
    )  # fmt: skip
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([0-9.]+) ([0-9.]+)\s*\]", made.read_bytes())

    assert len(boxes) > 5
    for box in boxes:
        assert [float(side) for side in box] == pytest.approx(A4, abs=1)  # whole CSS pixels
    page = report.replace("@media print {", "@media all {")
    told = _heights(browser, tmp_path, page)
    assert max(told["figures"]) < (297 - 2 * 16) / 25.4 * 96  # or a page would cut it
    assert len(told["figures"]) == len(EXHIBITS)
    assert min(told["folded"]) > 0
    assert told["broken"] == []


def test_a_figure_that_a_page_may_cut_is_seen(browser: str, report: str, tmp_path: Path) -> None:
    """A later rule that takes the page's own back is found."""
    page = report.replace("</head>", "<style>figure { break-inside: auto; }</style></head>")
    told = _heights(browser, tmp_path, page.replace("@media print {", "@media all {"))

    assert told["broken"] == len(EXHIBITS) * ["FIGURE"]


def _heights(browser: str, tmp_path: Path, page: str) -> dict[str, list[Any]]:
    """Return heights of figures and of what is folded, and what a page may break, as printed."""
    script = """<script>addEventListener("load", function () {
      const high = q =>
        [...document.querySelectorAll(q)].map(e => e.getBoundingClientRect().height);
      const out = document.createElement("pre");
      out.id = "out";
      out.textContent = JSON.stringify(
        {figures: high("figure"), folded: high("details:not(.folded details) > :last-child"),
         broken: [...document.querySelectorAll("figure, tr")]
           .filter(e => getComputedStyle(e).breakInside != "avoid").map(e => e.tagName)});
      document.body.append(out);
    });</script></body>"""
    path = tmp_path / "printed.html"
    path.write_text(page.replace("</body>", script), encoding="utf-8")
    shown = _call(
        browser, tmp_path, f"--window-size={PAPER},1000", "--virtual-time-budget=20000",
        "--dump-dom", path.as_uri(),
    )  # fmt: skip
    found = re.findall(r'<pre id="out">(\{.*?\})</pre>', shown, re.DOTALL)
    told: dict[str, list[Any]] = json.loads(html.unescape(found[-1]))
    return told

"""The figure of research spending: its rows, China's, and groups that have no figure."""

from forecast import catalog
from forecast.reporting.figures.papers.printed_rd import draw_printed_rd
from forecast.reporting.figures.style import render
from forecast.sources.package.package import load
from forecast.study.exhibits.show import paper_exhibit

STARTER = load(catalog.package_folder("starter-2026.07"))


def test_bars_stand_in_order_and_china_is_marked() -> None:
    """Groups without a figure stand on the printed side of China, without a bar."""
    tables = paper_exhibit("paper_figure_1", STARTER)
    figure = draw_printed_rd(tables, "starter")
    (ax,) = figure.axes
    labels = [text.get_text() for text in ax.get_yticklabels()]
    widths = [bar.get_width() for bar in ax.patches]
    china = labels.index("China")

    assert len(labels) == len(tables["paper_figure_1"])
    assert [w for w in widths if w] == sorted(w for w in widths if w)
    assert labels.index("EU") < china < labels.index("OECD")
    assert [i for i, bar in enumerate(ax.patches) if bar.get_facecolor()[:3] < (0.2, 0.2, 0.2)] == [
        china
    ]
    assert render(figure, "svg") == render(draw_printed_rd(tables, "starter"), "svg")


def test_asked_economies_alone_need_no_group() -> None:
    """China is always there; the title counts what the paper says of those shown."""
    tables = paper_exhibit("paper_figure_1", STARTER, countries=["IND"])
    figure = draw_printed_rd(tables, "starter")

    assert [t.get_text() for t in figure.axes[0].get_yticklabels()] == ["India", "China"]
    assert "beside others" in figure.texts[0].get_text()

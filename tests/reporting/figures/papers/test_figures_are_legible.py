"""Every exhibit's figure: no text on text or off the page, looks that a grey print tells apart."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from forecast.errors import DataError
from forecast.reporting.figures.single_figure import draw_tables
from forecast.reporting.figures.style import BAR_LOOKS
from forecast.sources.package.package import DataPackage
from forecast.study.exhibits.record import Tables
from forecast.study.exhibits.show import PAPER_EXHIBITS, paper_exhibit
from legible import alike_in_grey, faults_of
from made_exhibits import made_exhibits, made_sectors

MADE = made_exhibits()
ASKED = {  # of the starter: few economies, and many
    "paper_table_1": (("KOR",), ("VNM", "THA")),
    "paper_table_2": (("KOR", "CHN", "VNM"),),
    "paper_figure_1": (("IND",),),
    "relative_passages": (("KOR",), ("CHN", "IND", "BRA")),
    "growth_by_group": (("JPN", "ESP", "BRA", "TUR", "ARG"), ("AFG",)),
    "slowdowns": (("TWN", "VEN", "JPN", "KOR"),),
    "accelerations": (("CHN",), ("KOR", "CHN", "VNM", "IND", "ARG", "CHL", "BRA", "UGA")),
    "growth_accounting": (("KOR", "USA"), ("KOR", "CHN", "IND", "BRA", "USA")),
    "sector_shares": (("CHN",),),
    "milestones": (("ARG",),),
    "rodrik": (("BRA", "CHN", "KOR", "MEX", "TUR"),),
    "manufacturing_range": (("CHN", "KOR"),),
}


@pytest.fixture(scope="module")
def drawn(starter: DataPackage) -> dict[str, Tables]:
    """Return every exhibit's tables: the starter's, and made ones where it has none."""
    shipped = {
        name: paper_exhibit(
            name, starter, parameters={"draws": 2.0} if "draws" in one.parameters else None
        )
        for name, one in PAPER_EXHIBITS.items()
        if name not in MADE
    }
    return shipped | MADE


@pytest.mark.parametrize("name", list(PAPER_EXHIBITS))
def test_an_exhibit_has_a_figure_that_can_be_read(name: str, drawn: dict[str, Tables]):
    """Drawn, with a title of one line, a source, and no fault."""
    figure = draw_tables(PAPER_EXHIBITS[name].figure, drawn[name], "a package")

    assert figure.get_axes()
    assert "\n" not in figure.texts[0].get_text()
    assert any("Source: " in text.get_text() for text in figure.texts)
    assert faults_of(figure) + alike_in_grey(figure) == []


@pytest.mark.parametrize(
    ("name", "countries"), [(name, one) for name, asked in ASKED.items() for one in asked]
)
def test_a_figure_of_chosen_economies_can_be_read(
    name: str, countries: tuple[str, ...], starter: DataPackage
):
    """One economy, and more than a panel each has room for."""
    fast = {"draws": 2.0} if "draws" in PAPER_EXHIBITS[name].parameters else None
    tables = paper_exhibit(name, starter, countries=countries, parameters=fast)
    figure = draw_tables(PAPER_EXHIBITS[name].figure, tables, "a package")

    assert faults_of(figure) + alike_in_grey(figure) == []


@pytest.mark.parametrize("entities", [2, 30])
def test_many_entities_have_a_bar_each(entities: int):
    """Up to the rows that fit; the rest is counted."""
    tables = paper_exhibit("decomposition", table=made_sectors(entities))
    figure = draw_tables(PAPER_EXHIBITS["decomposition"].figure, tables, "a table")

    assert faults_of(figure) == []
    assert ("12 smaller changes are left out" in figure.texts[1].get_text()) == (entities == 30)


def test_long_names_of_a_users_table_stay_on_the_page():
    """Folded, and cut where two lines do not hold them."""
    long = "Wholesale and retail trade, repair of motor vehicles, hotels and restaurants"
    table = made_sectors().replace({"Mills": long, "Entity 0": f"A region of {long}"})
    tables = paper_exhibit("decomposition", table=table)
    figure = draw_tables(PAPER_EXHIBITS["decomposition"].figure, tables, "a table")

    assert faults_of(figure) == []


@pytest.mark.parametrize("name", list(PAPER_EXHIBITS))
def test_nothing_to_draw_is_one_message(name: str, drawn: dict[str, Tables]):
    """Tables without rows give the house's error, which names the figure."""
    empty = {table: frame.iloc[:0] for table, frame in drawn[name].items()}

    with pytest.raises(DataError, match=f"^figure {name}: "):
        draw_tables(PAPER_EXHIBITS[name].figure, empty, "a package")


def test_parts_of_bars_differ_in_grey():
    """Neighbours of a stack by lightness, all of them by lightness or hatch."""
    figure = Figure()
    FigureCanvasAgg(figure)
    ax = figure.add_subplot()
    for look in BAR_LOOKS:
        ax.bar([0], [1], label=str(look), **look)
    figure.legend()

    assert alike_in_grey(figure) == []


def test_the_reader_stumbles():
    """Text on text, text off the page and two greys alike are each found."""
    figure = Figure()
    FigureCanvasAgg(figure)
    figure.text(0.5, 0.5, "one")
    figure.text(0.5, 0.5, "other")
    figure.text(0.2, 0.8, "elsewhere")
    figure.text(0.99, 0.1, "too far to the right")
    ax = figure.add_axes((0.1, 0.1, 0.3, 0.3))
    ax.plot(np.arange(2), color="#1f5a9e", label="blue")
    ax.plot(np.arange(2), color="#c4431c", label="red")
    ax.legend()

    assert faults_of(figure) == ["'too far to the right' leaves the page", "'one' is on 'other'"]
    assert alike_in_grey(figure) == ["'blue' looks like 'red'"]

"""``forecast data diff``, ``where`` and the coverage map: what they print and refuse."""

import json
import sys

import pytest

from forecast.cli.main import main
from places import ROOT

STARTER = "starter-2026.07"


@pytest.fixture
def forecast(monkeypatch, capsys, tmp_path):
    """Run ``forecast data`` in an empty data directory; return status, stdout, stderr."""
    monkeypatch.setenv("FORECAST_HOME", str(ROOT))
    monkeypatch.setenv("FORECAST_DATA", str(tmp_path / "own"))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["forecast", "data", *arguments])
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_where_tells_a_figures_way(forecast):
    """China's R&D of 2023: 2.577, code, vintage, the hashes of the raw file and of the table."""
    status, out, err = forecast("where", "CHN", "2023", "rd_gdp", "--data", STARTER)
    _, text, _ = forecast("where", "CHN", "2023", "rd_gdp", "--data", STARTER, "--format", "json")
    told = json.loads(text)

    assert (status, err) == (0, "")
    assert told["value"] == 2.577
    assert (told["code"], told["vintage"]) == ("GB.XPD.RSDV.GD.ZS", "2026-07-01")
    for word in ("2.577 % of GDP", told["table_sha256"], *told["files"], "GB.XPD.RSDV.GD.ZS"):
        assert word in out


def test_where_tells_vintage_and_imputation_by_variable(forecast):
    """The manufacturing share is of June 2025; the technology share of 2018 is imputed."""
    _, manufacturing, _ = forecast("where", "CHN", "2023", "manuf_share")
    _, technology, _ = forecast("where", "CHN", "2018", "mht_share")
    _, mean, _ = forecast("where", "CHN", "2019", "mht_share", "--table", "growth_panel")

    assert "vintage: 2025-06" in manufacturing
    assert "flag: imputed" in technology
    assert "imputed: 100% of its years" in mean


def test_diff_of_a_package_with_itself(forecast):
    """Nothing is revised, new or gone."""
    status, text, _ = forecast("diff", STARTER, STARTER, "--format", "json")
    told = json.loads(text)

    assert status == 0
    assert {row["revised"] + row["new"] + row["gone"] for row in told["variables"]} == {0}
    assert {row["country"] for row in told["own"]} == {"CHN"}


def test_diff_between_tables_and_its_figure(forecast, tmp_path):
    """Human capital of PWT 9.1's table against itself by name; the figure is the same twice."""
    pair = (f"{STARTER}:pwt91", f"{STARTER}:pwt91", "--variable", "hc")
    pictures = []
    for name in ("a.svg", "b.svg"):
        status, out, err = forecast("diff", *pair, "--figure", str(tmp_path / name))
        pictures.append((tmp_path / name).read_bytes())
        assert status == 0
        assert "hc" in out
        assert name in err

    assert pictures[0] == pictures[1]
    assert pictures[0].startswith(b"<?xml")


def test_coverage_map(forecast, tmp_path):
    """China's technology share: values to 2010, a flag from 2011; the map as figure."""
    picture = tmp_path / "map.png"
    status, text, _ = forecast(
        "show", STARTER, "mht_share", "--figure", str(picture), "--format", "json"
    )
    told = json.loads(text)["map"]
    marks = dict(zip(told["years"], told["economies"]["CHN"], strict=True))

    assert status == 0
    assert (told["table"], marks[2010], marks[2011], marks[2022]) == ("annual", "#", "+", "+")
    assert picture.read_bytes().startswith(b"\x89PNG")
    _, out, _ = forecast("show", STARTER, "rd_gdp", "--table", "growth_panel")
    assert "CHN  ######" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("where", "CHN", "2023", "rd_gpd"), "did you mean 'rd_gdp'?"),
        (("where", "CHI", "2023", "rd_gdp"), "did you mean 'CHN'?"),
        (("where", "CHN", "1980", "rd_gdp"), "found no value for 1980; it has 28 of 1996 to 2023"),
        (("where", "CHN", "2023", "rd_gdp", "--table", "thresholds"), "has no column 'country'"),
        (("diff", STARTER, f"{STARTER}:pwt_91"), "did you mean 'pwt91'?"),
        (("diff", STARTER, STARTER, "--variable", "rd_gpd"), "did you mean 'rd_gdp'?"),
        (("diff", f"{STARTER}:annual", f"{STARTER}:pwt91"), "no variable in common"),
        (("diff", STARTER, STARTER, "--figure", "x.pdf"), "must end in .png or .svg"),
        (("show", STARTER, "--figure", "x.png"), "name it after the package"),
        (("show", STARTER, "rd_gdp", "--table", "pwt91"), "table 'pwt91' is not one of"),
    ],
)
def test_bad_questions_are_one_message_and_status_2(forecast, arguments, message):
    """What was asked for, what there is, the nearest name."""
    status, out, err = forecast(*arguments)

    assert (status, out) == (2, "")
    assert message in err
    assert "Traceback" not in err

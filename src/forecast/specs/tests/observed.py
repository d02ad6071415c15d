"""Tests of columns of a panel, and of one country's series."""

from __future__ import annotations

from forecast.specs.tests.row import Allowed, StatisticalTest

_ROOT = "every country's series has a unit root"
_TERMS = ("intercept", "trend")
_ALL_TERMS = ("none", *_TERMS)
_LAGS = (int, "aic", "bic", "hannan_quinn", "t_test")  # of each country, or by a criterion
# A rule's `sample` is called otherwise here, where a model beside the test has a `sample`.
_CHOSEN: dict[str, Allowed] = {
    "lags": _LAGS,
    "most_lags": int,
    "lag_sample": ("common", "own"),
}
_CORRECTED: dict[str, Allowed] = {"deterministic": _TERMS, **_CHOSEN, "df_corrected": bool}
_ROOTS = "diagnostics.engines.panel_roots:root_of_panel"
_TOGETHER = "diagnostics.engines.cointegrated:cointegrated"
_NOWHERE = "no country's series are cointegrated"


def _series(name: str, title: str, source: str) -> StatisticalTest:
    """Return the row of a unit-root test of one country's series."""
    stationary = name == "kpss"
    return StatisticalTest(
        engine="diagnostics.engines.series:root_of_series",
        of="series",
        title=title,
        asks="stationarity of one series" if stationary else "a unit root of one series",
        null="the series is stationary" if stationary else "the series has a unit root",
        source=source,
        options={"country": str, "deterministic": _TERMS, "lags": int},
        fixed={"name": name},
    )


OBSERVED: dict[str, StatisticalTest] = {
    # ------------------------------------------------------------ unit roots of panels
    "levin_lin_chu": StatisticalTest(
        engine=_ROOTS,
        of="column",
        title="Levin-Lin-Chu",
        asks="a common unit root",
        null=_ROOT,
        source="Levin, Lin and Chu 2002",
        options={**_CORRECTED, "deterministic": _ALL_TERMS},
        fixed={"name": "levin_lin_chu"},
    ),
    "im_pesaran_shin": StatisticalTest(
        engine=_ROOTS,
        of="column",
        title="Im-Pesaran-Shin",
        asks="unit roots, each country its own dynamics",
        null=_ROOT,
        source="Im, Pesaran and Shin 2003",
        options=_CORRECTED,
        fixed={"name": "im_pesaran_shin"},
    ),
    "fisher": StatisticalTest(
        engine=_ROOTS,
        of="column",
        title="Fisher",
        asks="unit roots, the countries' p-values together",
        null=_ROOT,
        source="Maddala and Wu 1999; Choi 2001",
        options={
            **_CORRECTED,
            "deterministic": _ALL_TERMS,
            "combination": ("maddala_wu", "choi_pm", "inverse_normal", "logit"),
            "surface": ("mackinnon_1994", "simulated", "simulated_finite"),
        },
        fixed={"name": "fisher"},
    ),
    "hadri": StatisticalTest(
        engine="diagnostics.unit_roots.hadri:hadri",
        of="column",
        title="Hadri",
        asks="stationarity",
        null="every country's series is stationary",
        source="Hadri 2000",
        options={"deterministic": _TERMS, "robust": bool},
    ),
    "cips": StatisticalTest(
        engine=_ROOTS,
        of="column",
        title="CIPS",
        asks="unit roots with a common factor",
        null=_ROOT,
        source="Pesaran 2007",
        options={"deterministic": _ALL_TERMS, **_CHOSEN, "truncated": bool},
        fixed={"name": "cips"},
    ),
    # ------------------------------------------------------------ cointegration in panels
    "kao": StatisticalTest(
        engine=_TOGETHER,
        of="system",
        title="Kao",
        asks="cointegration, one slope for all countries",
        null=_NOWHERE,
        source="Kao 1999",
        options={
            "form": ("adf", "df_t", "df_rho", "df_t_star", "df_rho_star"),
            "lags": int,
        },
        fixed={"name": "kao"},
    ),
    "pedroni": StatisticalTest(
        engine=_TOGETHER,
        of="system",
        title="Pedroni",
        asks="cointegration, each country its own slopes",
        null=_NOWHERE,
        source="Pedroni 1999, 2004",
        options={
            "form": (
                "panel_v",
                "panel_rho",
                "panel_t",
                "panel_adf",
                "group_rho",
                "group_t",
                "group_adf",
            ),
            "deterministic": _ALL_TERMS,
            "lags": int,
        },
        fixed={"name": "pedroni"},
    ),
    "westerlund": StatisticalTest(
        engine=_TOGETHER,
        of="system",
        title="Westerlund",
        asks="cointegration, by error correction",
        null=_NOWHERE,
        source="Westerlund 2007",
        options={
            "form": ("gt", "ga", "pt", "pa"),
            "deterministic": _ALL_TERMS,
            "lags": int,
            "draws": int,
        },
        fixed={"name": "westerlund"},
        random=True,
    ),
    # ------------------------------------------------------------ one country's series
    "adf": _series("adf", "Augmented Dickey-Fuller", "Dickey and Fuller 1979"),
    "df_gls": _series("df_gls", "DF-GLS", "Elliott, Rothenberg and Stock 1996"),
    "phillips_perron": _series("phillips_perron", "Phillips-Perron", "Phillips and Perron 1988"),
    "zivot_andrews": _series("zivot_andrews", "Zivot-Andrews", "Zivot and Andrews 1992"),
    "kpss": _series("kpss", "KPSS", "Kwiatkowski, Phillips, Schmidt and Shin 1992"),
    "mean_breaks": StatisticalTest(
        engine="diagnostics.engines.series:break_of_mean",
        of="series",
        title="supF of a break",
        asks="breaks of the mean",
        null="no further break of the mean",
        source="Bai and Perron 1998, 2003",
        options={"country": str, "breaks": int},
    ),
    # ------------------------------------------------------------ one country's series together
    "engle_granger": StatisticalTest(
        engine="diagnostics.engines.series:engle_granger_of_country",
        of="system",
        title="Engle-Granger",
        asks="cointegration, the outcome on the others",
        null="no cointegration",
        source="Engle and Granger 1987",
        options={"country": str},
    ),
    "johansen": StatisticalTest(
        engine="diagnostics.engines.series:johansen_rank",
        of="system",
        title="Johansen",
        asks="the number of cointegrating relations",
        null="at most as many relations as the rank given (0)",
        source="Johansen 1988, 1991",
        options={
            "country": str,
            "rank": int,
            "lags": int,
            "statistic": ("trace", "max_eigenvalue"),
        },
    ),
}

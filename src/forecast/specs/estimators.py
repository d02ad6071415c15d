"""The estimators and covariances that a model may name: one row each, and listed here alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CovarianceKind:
    """What a declaration and a table need to know of a covariance.

    Attributes
    ----------
    label : str
        In notes of tables and summaries.
    takes : tuple of str
        Options that decide it: ``cluster``, ``small_sample``, ``maxlag``, ``spatial``.
    own : bool
        Whether it goes with the estimators alone that name it.
    several, any_column : bool
        Whether ``cluster`` may name up to three, and other columns than the panel's dimensions.
    weighted : bool
        Whether it takes weighted rows.
    negative : str
        What a summary says where directions of negative variance were set to zero.
    """

    label: str
    takes: tuple[str, ...] = ()
    own: bool = False
    several: bool = False
    any_column: bool = False
    weighted: bool = False
    negative: str = ""


_FEW_CLUSTERS = "too few clusters to rely on (Cameron, Gelbach and Miller 2011)"

COVARIANCES: dict[str, CovarianceKind] = {
    "classical": CovarianceKind(label="classical", takes=("small_sample",), weighted=True),
    "hc0": CovarianceKind(label="heteroskedasticity-robust (HC0)", weighted=True),
    "hc1": CovarianceKind(
        label="heteroskedasticity-robust (HC1)", takes=("small_sample",), weighted=True
    ),
    "hc2": CovarianceKind(label="heteroskedasticity-robust (HC2)"),
    "hc3": CovarianceKind(label="heteroskedasticity-robust (HC3)"),
    "clustered": CovarianceKind(
        label="clustered",
        takes=("cluster", "small_sample"),
        several=True,
        any_column=True,
        weighted=True,
        negative=_FEW_CLUSTERS,
    ),
    "clustered_hc1": CovarianceKind(label="clustered (HC1)", takes=("cluster",)),
    "clustered_hc2": CovarianceKind(label="clustered (HC2)", takes=("cluster",)),
    "clustered_hc3": CovarianceKind(label="clustered (HC3)", takes=("cluster",)),
    "jackknife": CovarianceKind(label="cluster jackknife", takes=("cluster",)),
    "two_way_clustered": CovarianceKind(
        label="clustered by country and year",
        takes=("small_sample",),
        negative=_FEW_CLUSTERS,
    ),
    "driscoll_kraay": CovarianceKind(label="Driscoll-Kraay", takes=("maxlag",)),
    "conley": CovarianceKind(
        label="spatial HAC (Conley)",
        takes=("maxlag", "spatial"),
        weighted=True,
        negative="take the Bartlett kernel, or another cutoff",
    ),
    "panel_corrected": CovarianceKind(label="panel-corrected (Beck-Katz)"),
    # Estimators' own: a mean over countries' or periods' coefficients, or over models, has its own
    # covariance, which no other replaces.
    "nonparametric": CovarianceKind(label="nonparametric (Pesaran-Smith)", own=True),
    "information": CovarianceKind(
        label="information matrix for the long run, nonparametric for means over countries",
        own=True,
    ),
    "fama_macbeth": CovarianceKind(label="Fama-MacBeth", own=True),
    "gls": CovarianceKind(label="generalised least squares (Zellner)", own=True),
    "posterior": CovarianceKind(label="posterior standard deviations", own=True),
    "bootstrap": CovarianceKind(label="parametric bootstrap", own=True),
    "prior": CovarianceKind(label="the stated prior's, nothing is estimated", own=True),
}


def covariance_label(name: str, cluster: str, small_sample: bool | str = True) -> str:
    """Return the kind of standard errors in words: clusters, and whose degrees of freedom."""
    kind = COVARIANCES[name]
    by = f" by {cluster}" if "cluster" in kind.takes else ""
    told = "small_sample" in kind.takes and isinstance(small_sample, str)
    return f"{kind.label}{by}" + (f", {small_sample}'s degrees of freedom" if told else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimator:
    """What a declaration, a table and ``estimate`` need to know of an estimator.

    Attributes
    ----------
    engine : str
        ``module:function`` below ``forecast.estimation``: a function of a `Sample` and the
        `ModelSpec` that returns a `Regression`, which least squares and the covariances take on,
        or a complete `Solution`. Loaded when first used.
    label, title : str
        In tables of models, and at the head of a summary.
    covariance : str
        Where a model names none.
    covariances : tuple of str
        Those it takes; empty: all.
    clusters : tuple of str
        Dimensions of one-way clustering that it takes.
    effects : tuple of str
        Dimensions that ``effects`` may name.
    needs : tuple of str
        What must be declared: option tables, or ``effects``.
    takes : tuple of str
        Further keys that go with it: option tables, ``variance``, ``prior``, ``factors``.
    outcome_lags : str
        ``any``, ``one`` (the first alone), ``unbroken`` (1, ..., p without a gap) or ``none``.
    instead : str
        What to use where an effect is refused, as the message says it.
    any_column : bool
        Whether effects and clusters may name any column, and rows may be weighted.
    """

    engine: str
    label: str
    title: str
    covariance: str = "clustered"
    covariances: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ("country", "year")
    effects: tuple[str, ...] = ("country", "year")
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ("prior",)
    outcome_lags: str = "any"
    instead: str = ""
    any_column: bool = False


_ROBUST = ("classical", "clustered")
_WITHIN = "for country effects use 'within'"

ESTIMATORS: dict[str, Estimator] = {
    "pooled": Estimator(
        engine="estimators.pooled:pooled",
        label="Pooled",
        title="Pooled",
        effects=("year",),
        instead=_WITHIN,
        takes=("prior", "factors"),
        any_column=True,
    ),
    "calibrated": Estimator(
        engine="averaging.calibrated:calibrated",
        label="Calibrated",
        title="Calibrated, not estimated",
        covariance="prior",
        covariances=("prior",),
        effects=("year",),
        needs=("prior",),
        takes=(),
    ),
    "between": Estimator(
        engine="estimators.between:between",
        label="Between",
        title="Between",
        effects=(),
        instead="it has one row a country",
        takes=("prior", "factors"),
    ),
    "within": Estimator(
        engine="estimators.within:within",
        label="Within",
        title="Within",
        needs=("effects",),
        takes=("prior", "factors"),
        any_column=True,
    ),
    "random_effects": Estimator(
        engine="estimators.random_effects:random_effects",
        label="Random effects",
        title="Random effects",
        effects=("year",),
        takes=("prior", "variance", "factors"),
        instead=_WITHIN,
    ),
    "first_difference": Estimator(
        engine="estimators.first_difference:first_difference",
        label="First differences",
        title="First difference",
        effects=("year",),
        instead=_WITHIN,
    ),
    "difference_gmm": Estimator(
        engine="dynamic.difference_gmm:difference_gmm",
        label="Difference GMM",
        title="Difference GMM",
        covariances=_ROBUST,
        clusters=("country",),
        effects=("year",),
        needs=("gmm",),
        instead=_WITHIN,
    ),
    "system_gmm": Estimator(
        engine="dynamic.difference_gmm:system_gmm",
        label="System GMM",
        title="System GMM",
        covariances=_ROBUST,
        clusters=("country",),
        effects=("year",),
        needs=("gmm",),
        instead=_WITHIN,
    ),
    "anderson_hsiao": Estimator(
        engine="dynamic.anderson_hsiao:anderson_hsiao",
        label="Anderson-Hsiao",
        title="Anderson-Hsiao",
        covariances=_ROBUST,
        clusters=("country",),
        effects=("year",),
        outcome_lags="unbroken",
        instead=_WITHIN,
    ),
    "lsdvc": Estimator(
        engine="dynamic.lsdvc:lsdvc",
        label="Bias-corrected within",
        title="Bias-corrected LSDV",
        covariance="bootstrap",
        covariances=("bootstrap",),
        clusters=("country",),
        effects=("year",),
        takes=("prior", "lsdvc"),
        outcome_lags="one",
        instead=_WITHIN,
    ),
    "correlated_random_effects": Estimator(
        engine="estimators.correlated_random_effects:correlated_random_effects",
        label="Correlated random effects",
        title="Correlated random effects",
        effects=("year",),
        takes=("prior", "variance", "factors"),
    ),
    "hausman_taylor": Estimator(
        engine="estimators.hausman_taylor:hausman_taylor",
        label="Hausman-Taylor",
        title="Hausman-Taylor",
        covariances=_ROBUST,
        effects=("year",),
        needs=("hausman_taylor",),
        instead=_WITHIN,
    ),
    "fama_macbeth": Estimator(
        engine="heterogeneous.fama_macbeth:fama_macbeth",
        label="Fama-MacBeth",
        title="Fama-MacBeth",
        covariance="fama_macbeth",
        covariances=("fama_macbeth",),
        effects=(),
    ),
    "iv": Estimator(
        engine="estimators.iv:iv",
        label="IV",
        title="Two-stage least squares",
        needs=("iv",),
        takes=("prior", "factors"),
        any_column=True,
    ),
    "mean_group": Estimator(
        engine="heterogeneous.mean_group:mean_group",
        label="Mean group",
        title="Mean group",
        covariance="nonparametric",
        covariances=("nonparametric",),
        effects=(),
    ),
    "cce_mean_group": Estimator(
        engine="heterogeneous.mean_group:cce_mean_group",
        label="CCE mean group",
        title="CCE mean group",
        covariance="nonparametric",
        covariances=("nonparametric",),
        effects=(),
    ),
    "cce_pooled": Estimator(
        engine="heterogeneous.mean_group:cce_pooled",
        label="CCE pooled",
        title="CCE pooled",
        covariance="nonparametric",
        covariances=("nonparametric",),
        effects=(),
    ),
    "dynamic_cce": Estimator(
        engine="heterogeneous.dynamic_cce:dynamic_cce",
        label="Dynamic CCE mean group",
        title="Dynamic CCE mean group",
        covariance="nonparametric",
        covariances=("nonparametric",),
        effects=(),
        takes=("prior", "dynamic_cce"),
    ),
    "augmented_mean_group": Estimator(
        engine="heterogeneous.augmented_mean_group:augmented_mean_group",
        label="Augmented mean group",
        title="Augmented mean group",
        covariance="nonparametric",
        covariances=("nonparametric",),
        effects=(),
        takes=("prior", "augmented_mean_group"),
    ),
    "pooled_mean_group": Estimator(
        engine="heterogeneous.pooled_mean_group:pooled_mean_group",
        label="Pooled mean group",
        title="Pooled mean group",
        covariance="information",
        covariances=("information",),
        effects=(),
        takes=("prior", "pooled_mean_group"),
        outcome_lags="none",
    ),
    "interactive_effects": Estimator(
        engine="interactive.interactive_effects:interactive_effects",
        label="Interactive effects",
        title="Interactive fixed effects",
        covariances=(
            "classical",
            "hc0",
            "hc1",
            "clustered",
            "two_way_clustered",
            "driscoll_kraay",
        ),
        takes=("prior", "interactive_effects"),
    ),
    "sur": Estimator(
        engine="equations.sur:sur",
        label="Seemingly unrelated",
        title="Seemingly unrelated regressions",
        covariance="gls",
        covariances=("gls",),
        takes=("sur",),
        any_column=True,
    ),
    "threshold": Estimator(
        engine="estimators.threshold:threshold",
        label="Threshold",
        title="Threshold",
        needs=("threshold",),
    ),
    "bma": Estimator(
        engine="averaging.bma:bma",
        label="Bayesian model average",
        title="Bayesian model averaging",
        covariance="posterior",
        covariances=("posterior",),
        takes=("bma",),
    ),
}

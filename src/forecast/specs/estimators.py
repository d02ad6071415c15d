"""The estimators that a model may name: one row each, and the only place that lists them."""

from __future__ import annotations

from dataclasses import dataclass


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
        Further keys that go with it: option tables, ``variance``, ``prior``.
    outcome_lags : str
        ``any``, ``one`` (the first alone) or ``unbroken`` (1, ..., p without a gap).
    instead : str
        What to use where an effect is refused, as the message says it.
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


# A mean over countries' or periods' own coefficients, or over models, has its own covariance, which
# no declared one replaces: ``classical`` stands for it, so that nobody reads another into a table.
_OWN = ("classical",)
_ROBUST = ("classical", "clustered")
_WITHIN = "for country effects use 'within'"

ESTIMATORS: dict[str, Estimator] = {
    "pooled": Estimator(
        engine="estimators.pooled:pooled",
        label="Pooled",
        title="Pooled",
        effects=("year",),
        instead=_WITHIN,
    ),
    "between": Estimator(
        engine="estimators.between:between",
        label="Between",
        title="Between",
        effects=(),
        instead="it has one row a country",
    ),
    "within": Estimator(
        engine="estimators.within:within",
        label="Within",
        title="Within",
        needs=("effects",),
    ),
    "random_effects": Estimator(
        engine="estimators.random_effects:random_effects",
        label="Random effects",
        title="Random effects",
        effects=("year",),
        takes=("prior", "variance"),
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
        covariance="classical",
        covariances=_OWN,
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
        takes=("prior", "variance"),
    ),
    "fama_macbeth": Estimator(
        engine="estimators.fama_macbeth:fama_macbeth",
        label="Fama-MacBeth",
        title="Fama-MacBeth",
        covariance="classical",
        covariances=_OWN,
        effects=(),
    ),
    "iv": Estimator(
        engine="estimators.iv:iv",
        label="IV",
        title="Two-stage least squares",
        needs=("iv",),
    ),
    "mean_group": Estimator(
        engine="estimators.mean_group:mean_group",
        label="Mean group",
        title="Mean group",
        covariance="classical",
        covariances=_OWN,
        effects=(),
    ),
    "cce_mean_group": Estimator(
        engine="estimators.mean_group:cce_mean_group",
        label="CCE mean group",
        title="CCE mean group",
        covariance="classical",
        covariances=_OWN,
        effects=(),
    ),
    "cce_pooled": Estimator(
        engine="estimators.mean_group:cce_pooled",
        label="CCE pooled",
        title="CCE pooled",
        covariance="classical",
        covariances=_OWN,
        effects=(),
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
        covariance="classical",
        covariances=_OWN,
        takes=("bma",),
    ),
}

"""Lines to try, under the help of every command; a test reads each as a shell would."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, ...]] = {
    "init": ("forecast init vietnam --country Vietnam",),
    "check": ("forecast check", "forecast check scenarios/my_scenario.toml"),
    "run": ("forecast run", "forecast run study.toml --draws 2000 --jobs 2"),
    "project": (
        "forecast project innovation_first",
        "forecast project --country Vietnam",
        "forecast project innovation_first --format csv > fan.csv",
    ),
    "estimate": (
        "forecast estimate pooled within",
        "forecast estimate my_model.toml --panel firms.csv --entity firm --time year",
    ),
    "local-projections": (
        "forecast local-projections within --shock rd_gdp --horizons 3 --lags 1",
        'forecast local-projections "y ~ x | firm + year" --shock x --panel firms.csv',
    ),
    "test": (
        "forecast test",
        "forecast test pesaran_cd wooldridge --of within --of first_difference",
        "forecast test all --of random_effects --format md",
    ),
    "example": ("forecast example grunfeld", "forecast example growth_gmm --format csv"),
    "list": ("forecast list scenarios", "forecast list countries --region EAS --can baseline"),
    "show": ("forecast show innovation_first", "forecast show rd_gdp"),
    "compare": ("forecast compare innovation_first all_risks --figure compare.png",),
    "attribute": ("forecast attribute innovation_first",),
    "decompose": ("forecast decompose", "forecast decompose --format json"),
    "sensitivity": ("forecast sensitivity innovation_first",),
    "require": ("forecast require --by 2028 --probability 0.8 --growth",),
    "precedent": ("forecast precedent innovation_first",),
    "exhibit": ("forecast exhibit", "forecast exhibit passages --figure passages.png"),
    "world": ("forecast world", "forecast world --format csv > world.csv"),
    "news": ("forecast news full-2026.04 full-2026.07",),
    "backcast": ("forecast backcast",),
    "backtest": ("forecast backtest",),
    "case": ("forecast case Korea", "forecast case MYS --figure malaysia.png"),
    "scoreboard": ("forecast scoreboard",),
    "score": ("forecast score my_hub",),
    "weights": ("forecast weights --data full-2026.07",),
    "data": (
        "forecast data list",
        "forecast data show starter-2026.07",
        "forecast data where CHN 2020 rd_gdp",
    ),
    "seal": ("forecast seal list",),
    "export": ("forecast export out/study --to xlsx",),
    "diff": ("forecast diff out/before out/after",),
    "bundle": ("forecast bundle out/study",),
    "cite": ("forecast cite out/study",),
    "table": (
        "forecast table pooled within --stars",
        "forecast table pooled within --caption Growth --out table_2.tex",
        "forecast table within --descriptive",
    ),
}


def epilog(name: str) -> str:
    """Return the examples of a command as ``--help`` shows them, not rewrapped."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in EXAMPLES[name])

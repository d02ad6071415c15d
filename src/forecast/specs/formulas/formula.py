"""A model written as a formula, ``y ~ x1 + log(x2) | country + year``.

Formulaic splits the text into terms. It never evaluates Python: what stands inside a term is read
as a syntax tree here, and only the operations of the derivations are known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from forecast.errors import SpecError, one_message, shown
from forecast.specs.changed import checked
from forecast.specs.dimensions import Effect
from forecast.specs.formulas.distributed_lags import written_out
from forecast.specs.formulas.engine import split_terms
from forecast.specs.formulas.syntax import refuse_explosion, within_limits
from forecast.specs.formulas.terms import QUOTED, TermBuilder, named_powers
from forecast.specs.model import ModelSpec
from forecast.specs.options.derivation import Derivation

# Words for the two dimensions of a panel; fixest leaves the names to the data.
EFFECTS: dict[str, Effect] = {
    "country": "country",
    "entity": "country",
    "year": "year",
    "time": "year",
    "period": "year",
}
YEARS = [word for word, effect in EFFECTS.items() if effect == "year"]
_NAME = r"[^\W\d][\w.]*"
APART = re.compile(r";(?=(?:[^`]*`[^`]*`)*[^`]*$)")  # equations; a column's name may have one
EFFECT = re.compile(rf"({_NAME}(?:\s*\^\s*{_NAME})*)(?:\[\s*({_NAME})\s*\])?")


def parse_formula(text: str, **options: Any) -> ModelSpec:
    """Return the model that a formula in fixest's style declares.

    ``outcome ~ terms | effects | endogenous ~ instruments``, the last two parts optional; without
    instruments ``endogenous`` is what Hausman-Taylor instruments from inside. ``y ~ x; z ~ w``:
    equations of ``sur``. Terms:
    column names, ``x:z`` (product), ``x*z`` (both and their product), ``(a + b)^2``, ``x^2`` or
    ``I(x^2)`` (square), ``I(a*b/c)``, ``log(x)``, ``lag(x, 1)`` or ``l(x, 1)``, ``difference(x)``
    or ``d(x)``, ``lead(x)`` or ``f(x)``, ``l(x, 0:2)`` (three terms), ``log_difference(x)``,
    ``exp(x)``, ``sqrt(x)``, ``ratio(x, z)``, nested as in ``difference(log(x))``; ``i(x)`` or
    ``C(x)`` (a dummy a value, ``ref=`` left out), ``i(x, z)`` and ``i(x):z`` (slopes of z by x),
    ``i(a^b)``, ``poly(x, 2)``, ``bs(x, df=5)``; the period by its name; ``- 1`` without a constant.
    Lags are in rows of the panel: years or periods. Each transformed term becomes an entry of
    ``derive`` under the name that it is written with. A column of any name may stand in
    backquotes: ``log(`R&D share (%)`)``.

    Parameters
    ----------
    text : str
        Effects are ``country`` (or ``entity``), ``year`` (or ``time``, ``period``), the panel's own
        names of them, any other column, columns joined by ``^``, and own slopes ``country[x]``.
    **options
        Further keys of a model: ``estimator`` (default ``iv`` with instruments,
        ``hausman_taylor`` with endogenous terms alone, ``sur`` with equations, ``within`` with
        effects, ``pooled`` otherwise), ``covariance``, ``sample``, ``name``, ``label``, ...

    Returns
    -------
    ModelSpec

    Raises
    ------
    SpecError
        If the formula cannot be read, has an unknown function or effect, or an option is wrong.
    """
    what = f"formula {shown(text)}"
    within_limits(text, what)
    with one_message(what, SpecError):
        several = [one.strip() for one in APART.split(text)]
        return _declared(several[0], _system(several, options, what), what)


def _declared(text: str, options: dict[str, Any], what: str) -> ModelSpec:
    held, quoted = _held(text)
    left, right = _sides(held, text)
    terms_text, effects, instrumented = _parts(right, text, quoted)
    derive: dict[str, Derivation] = {}
    build = TermBuilder(text, derive, quoted)
    outcome = build.column(left)
    terms, constant = _terms(written_out(terms_text, what), text)
    drivers = [build.product(factors) for factors in terms]
    endogenous, instruments = (
        [build.product(factors) for factors in _terms(written_out(part, what), text)[0]]
        for part in instrumented
    )
    inside = bool(endogenous) and not instruments
    drivers = [*drivers, *endogenous] if inside else [*endogenous, *drivers]
    drivers = list(dict.fromkeys(drivers))
    instrumented_by = _instrumented(endogenous, instruments)
    if not drivers:
        raise SpecError(f"formula {shown(text)}: found no regressor, at least one is needed")
    said: dict[str, Any] = {"outcome": outcome, "drivers": drivers, **instrumented_by}
    said |= {"effects": effects} if effects else {}
    said |= {"bases": build.bases} if build.bases else {}
    said |= {} if constant else {"constant": False}
    _refuse_other(text, said, options, derive)
    effects_named = options.get("effects", effects)
    usual = next(iter(instrumented_by), "within" if effects_named else "pooled")
    estimator = options.pop("estimator", usual)
    given = {
        "name": "formula",
        "label": str(estimator).replace("_", " ").capitalize(),
        "estimator": estimator,
        **said,
        **options,
        "derive": {**options.get("derive", {}), **derive},
    }
    return checked(ModelSpec, given, f"{what}: ")


def as_model(spec: ModelSpec | str, **options: Any) -> ModelSpec:
    """Return the model given, or the one that a formula and options declare.

    Raises
    ------
    SpecError
        If options come with a model that is already declared, or the formula cannot be read.
    """
    if isinstance(spec, str):
        return parse_formula(spec, **options)
    if options:
        raise SpecError(
            f"model {spec.name!r}: option {next(iter(options))!r} goes with a formula; a declared "
            f"model is changed with fc.changed(spec, ...)"
        )
    return spec


def _system(several: list[str], options: dict[str, Any], what: str) -> dict[str, Any]:
    """Return the options with the equations after the first, the last one's effects those of all.

    Raises SpecError where an equation has what a system has not.
    """
    if len(several) == 1:
        return options
    found = [_declared(text, {"estimator": "pooled"}, what) for text in several[:-1]]
    last = parse_formula(several[-1])
    plain = {"outcome", "drivers", "effects", "derive", "name", "label", "estimator"}
    for one in (*found, last):
        odd = one.model_fields_set - plain - {"covariance"}
        if odd or (one.effects and one is not last):
            raise SpecError(
                f"{what}: equations have an outcome and terms, the last one effects; found "
                f"{', '.join(sorted(odd)) or 'effects of another'}"
            )
    further = [{"outcome": e.outcome, "drivers": e.drivers} for e in (*found[1:], last)]
    derive = {name: rule for e in (*found, last) for name, rule in e.derive.items()}
    return {
        "estimator": "sur",
        **options,
        "effects": options.get("effects", last.effects),
        "derive": {**options.get("derive", {}), **derive},
        "sur": {**options.get("sur", {}), "equations": further},
    }


def _instrumented(endogenous: list[str], instruments: list[str]) -> dict[str, Any]:
    """Return the option table of endogenous drivers, empty without; its name is the estimator's."""
    if not endogenous:
        return {}
    if not instruments:
        return {"hausman_taylor": {"endogenous": endogenous}}
    return {"iv": {"endogenous": endogenous, "instruments": instruments}}


def _refuse_other(
    text: str, said: dict[str, Any], options: dict[str, Any], derive: dict[str, Derivation]
) -> None:
    """Raise SpecError where an option says otherwise than the formula."""
    other = [key for key in said if key in options and options[key] != said[key]]
    if other:
        raise SpecError(
            f"formula {shown(text)}: option {other[0]!r} is {options[other[0]]!r}, the formula "
            f"says {said[other[0]]!r}; leave the option out"
        )
    given = options.get("derive", {})
    for name in given:
        rule = given[name]
        if name in derive and rule not in (derive[name], derive[name].model_dump(by_alias=True)):
            raise SpecError(
                f"formula {shown(text)}: option 'derive' makes {name!r} by another rule than the "
                f"formula; give it another name"
            )


def _held(text: str) -> tuple[str, dict[str, str]]:
    """Return the text with names in backquotes as plain identifiers, and the name of each."""
    stem = "quoted_"
    while stem in text:
        stem = f"{stem}_"
    names = {name: f"{stem}{place}" for place, name in enumerate(QUOTED.findall(text))}
    held = QUOTED.sub(lambda found: names[found[1]], text)
    if "`" in held:
        raise SpecError(f"formula {shown(text)}: a backquote is not closed")
    return held, {plain: name for name, plain in names.items()}


def _sides(held: str, text: str) -> tuple[str, str]:
    left, _, right = (part.strip() for part in held.partition("~"))
    if not left or not right:
        raise SpecError(
            f"formula {shown(text)}: must be 'outcome ~ terms' or 'outcome ~ terms | effects'"
        )
    return left, right


def _parts(right: str, text: str, quoted: Mapping[str, str]) -> tuple[str, list[Effect], list[str]]:
    """Return the terms, the effects, and endogenous drivers and instruments where given."""
    parts = [part.strip() for part in right.split("|")]
    instrumented = ["1", "1"]  # none
    if len(parts) > 1 and "~" in parts[-1]:
        instrumented = [side.strip() for side in parts.pop().split("~")]
    elif len(parts) == 3 and parts[1] in {"", "0", "1", *YEARS}:  # instruments from inside
        instrumented = [parts.pop(), "1"]
    if len(parts) > 2 or "~" in "".join(parts) or len(instrumented) > 2 or "" in instrumented:
        raise SpecError(
            f"formula {shown(text)}: must be 'outcome ~ terms | effects | endogenous ~ "
            f"instruments', the last two parts optional; 'outcome ~ terms | | endogenous' for "
            f"Hausman-Taylor, with year effects alone"
        )
    if len(parts) == 1 or parts[1] in {"0", "1"} or (not parts[1] and instrumented[1] == "1"):
        return parts[0], [], instrumented
    effects = [_effect(word.strip(), text, quoted) for word in parts[1].split("+")]
    return parts[0], effects, instrumented


def _effect(word: str, text: str, quoted: Mapping[str, str]) -> Effect:
    """Return an effect as a declaration names it: dimensions in the project's words."""
    found = EFFECT.fullmatch(word)
    if not found:
        raise SpecError(
            f"formula {shown(text)}: effect {shown(word)} cannot be read; such as country, "
            f"sector^year, country[x] (own slopes)"
        )
    names = [quoted.get(name.strip(), name.strip()) for name in found[1].split("^")]
    group = "^".join(EFFECTS.get(name, name) for name in names)
    slope = quoted.get(found[2], found[2]) if found[2] else ""
    return f"{group}[{EFFECTS.get(slope, slope)}]" if slope else group


def _terms(right: str, text: str) -> tuple[list[list[tuple[str, bool]]], bool]:
    """Return the terms in the order written, and whether there is a constant.

    Each term has its factors, and whether each is a name.
    """
    powers = named_powers(right)
    refuse_explosion(right, f"formula {shown(text)}")
    found = split_terms(powers, f"formula {shown(text)}")
    one = [("1", False)]
    return [factors for factors in found if factors != one], one in found

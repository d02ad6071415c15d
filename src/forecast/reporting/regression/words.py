"""The words of tables' options, without loading what makes the tables."""

from __future__ import annotations

from pathlib import Path

from forecast.errors import SpecError, choose

TABLE_FORMS = ("text", "md", "html", "tex", "docx", "typst", "csv", "json", "xlsx")
FILES = ("docx", "xlsx")  # forms that are no text
ENDINGS = {".txt": "text", ".typ": "typst", **{f".{form}": form for form in TABLE_FORMS[1:]}}
FOOT = {
    "outcome": "Outcome",
    "estimator": "Estimator",
    "country_effects": "Country effects",
    "year_effects": "Year effects",
    "std_errors": "Standard errors",
    "observations": "Observations",
    "dropped": "Rows without a value",
    "countries": "Countries",
    "years": "Years",
    "df_resid": "Degrees of freedom",
    "r2": "R²",
    "r2_within": "R², within countries",
    "r2_between": "R², between countries",
    "r2_overall": "R², overall",
    "resid_std": "Residual standard deviation",
}


def form_of(form: str | None, out: Path | None) -> str:
    """Return the form that is asked for, or that the file's ending names, or text.

    Raises
    ------
    SpecError
        If the ending and the form name different ones, the ending names none, or a form that is
        no text has no file.
    """
    if form is not None:
        choose(form, dict.fromkeys(TABLE_FORMS), "form of a table", SpecError)
    if out is None:
        if form in FILES:
            raise SpecError(f"--format {form} needs --out FILE.{form}: such a file is not text")
        return form or "text"
    ending = out.suffix.lower()
    named = ENDINGS.get(ending)
    if named is None and (form is None or form in FILES):
        raise SpecError(
            f"--out {out}: found {ending!r}, must end in {', '.join(ENDINGS)}, or give --format"
        )
    if form is not None and named is not None and named != form:
        raise SpecError(f"--out {out}: its ending means {named}, but --format says {form}")
    return form or named or "text"

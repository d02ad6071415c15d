"""The strict reader: what it takes, and the one line that it says about each fault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from forecast.catalog import read_scenario, read_study
from forecast.errors import SpecError
from forecast.specs.read import read_model, read_variables

Read = Callable[[str], str]


def test_model_is_read_as_written(model_text: str, tmp_path: Path) -> None:
    """Values arrive in their types, a single column becomes a list, defaults are filled in."""
    path = tmp_path / "core.toml"
    path.write_text(model_text + '[derive]\nrd = { of = "rd_gdp", as = "lag", by = 2 }\n')

    model = read_model(path)

    assert (model.name, model.drivers, model.estimator) == ("core", ["gap", "rd"], "pooled")
    assert (model.derive["rd"].of, model.derive["rd"].apply, model.derive["rd"].by) == (
        ["rd_gdp"],
        "lag",
        2,
    )
    assert (model.covariance, model.table) == ("clustered", "growth_panel")


def test_scenario_years_are_numbers(scenario_text: str, tmp_path: Path) -> None:
    """TOML's text keys become years and whole numbers become values."""
    path = tmp_path / "push.toml"
    path.write_text(scenario_text)

    assert read_scenario(path).changes == {"rd": {2030: 0.5, 2035: 1.0}}


def test_study_may_have_any_file_name(study_text: str, tmp_path: Path) -> None:
    """A study's name is that of its results folder, not of its file."""
    path = tmp_path / "anything.toml"
    path.write_text(study_text)

    assert read_study(path).name == "short"


def test_a_declaration_cannot_be_changed(model_text: str, tmp_path: Path) -> None:
    """What was read is frozen."""
    path = tmp_path / "core.toml"
    path.write_text(model_text)
    model = read_model(path)

    with pytest.raises(ValueError, match="frozen"):
        model.outcome = "other"  # type: ignore[misc]


def test_unknown_key_names_file_key_allowed_and_nearest(model_text: str, model_error: Read) -> None:
    """A misspelt key is answered with the file, the key, the list and the nearest name."""
    message = model_error(model_text + 'covarance = "clustered"\n')

    assert message == (
        "core.toml: covarance: unknown key; allowed: name, label, note, table, outcome, drivers, "
        "effects, factors, bases, constant, estimator, covariance, cluster, small_sample, weights, "
        "weight_kind, maxlag, spatial, derive, lags, gmm, lsdvc, variance, bma, threshold, iv, "
        "pooled_mean_group, dynamic_cce, augmented_mean_group, interactive_effects, "
        "hausman_taylor, sur, prior, capital, use_prior, sample, expected_sign; did you mean "
        "'covariance'?"
    )


def test_unknown_key_without_a_near_name_has_no_guess(model_text: str, model_error: Read) -> None:
    """Nothing is suggested where nothing is near."""
    assert "did you mean" not in model_error(model_text + "qqq = 1\n")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (
            "[sample]\nfirst_yr = 1999\n",
            "core.toml: sample.first_yr: unknown key; allowed: first_year, last_year, include, "
            "exclude, where, min_periods",
            "did you mean 'first_year'?",
        ),
        (
            '[derive]\nz = { of = "a", as = "log", byy = 2 }\n',
            "core.toml: derive.z.byy: unknown key; allowed: of, as, by, exponent, scale",
            "did you mean 'by'?",
        ),
    ],
)
def test_unknown_nested_key_lists_the_keys_of_its_own_table(
    model_text: str, model_error: Read, text: str, start: str, end: str
) -> None:
    """Inside a table the allowed keys are the table's, not the file's."""
    message = model_error(model_text + text)

    assert message.startswith(start)
    assert message.endswith(end)


def test_unknown_key_in_a_list_says_which_entry(scenario_text: str, scenario_error: Read) -> None:
    """In a list of tables the message counts the entry."""
    message = scenario_error(scenario_text + '[[compose]]\nscenario = "a"\nstrenght = 1\n')

    assert message.startswith("push.toml: compose.0.strenght: unknown key; allowed: scenario,")
    assert message.endswith("did you mean 'strength'?")


def test_missing_key_is_named(model_text: str, model_error: Read) -> None:
    """A key without a default must be there."""
    text = model_text.replace('outcome = "growth"\n', "")

    assert model_error(text) == "core.toml: outcome: missing, must be given"


def test_wrong_literal_shows_choices_and_nearest(model_text: str, model_error: Read) -> None:
    """A value outside a closed list is answered with the list and the nearest member."""
    message = model_error(model_text.replace('"pooled"', '"pooledd"'))

    assert message.startswith("core.toml: estimator: found 'pooledd'; input should be ")
    for choice in ("pooled", "between", "within", "random_effects", "first_difference"):
        assert f"'{choice}'" in message
    assert message.endswith("did you mean 'pooled'?")


def test_wrong_operation_is_located(model_text: str, model_error: Read) -> None:
    """The message points at the derivation's own key, under the name written in the file."""
    message = model_error(model_text + '[derive]\nz = { of = "a", as = "logg" }\n')

    assert message.startswith("core.toml: derive.z.as: found 'logg'; ")
    assert message.endswith("did you mean 'log'?")


@pytest.mark.parametrize(
    ("old", "new", "start"),
    [
        ('label = "Core"', "label = 3", "core.toml: label: found 3;"),
        ('drivers = ["gap", "rd"]', 'drivers = "gap"', "core.toml: drivers: found 'gap';"),
        ('drivers = ["gap", "rd"]', "drivers = []", "core.toml: drivers: found [];"),
        ('drivers = ["gap", "rd"]', "drivers = [1]", "core.toml: drivers.0: found 1;"),
        ('"pooled"', '"pooled"\nsample = 3', "core.toml: sample: found 3;"),
        ('"pooled"', '"pooled"\nmaxlag = -1', "core.toml: maxlag: found -1;"),
        ('"pooled"', '"pooled"\nmaxlag = "2"', "core.toml: maxlag: found '2';"),
        (
            '"pooled"',
            '"pooled"\nsmall_sample = "yes"',
            "core.toml: small_sample: found 'yes';",
        ),
        ('"pooled"', '"pooled"\neffects = ["month "]', "core.toml: effects: found 'month '"),
        ('name = "core"', 'name = "Core model"', "core.toml: name: found 'Core model';"),
    ],
)
def test_wrong_type_or_range_shows_what_was_found(
    model_text: str, model_error: Read, old: str, new: str, start: str
) -> None:
    """Text for a number, a number for text, a negative lag: the message shows the value."""
    message = model_error(model_text.replace(old, new))

    assert message.startswith(start)
    assert "\n" not in message


@pytest.mark.parametrize("value", ['"0.5"', "true", "nan", "inf", "-inf", '"much"', "[1]"])
def test_a_size_is_a_finite_number(scenario_text: str, scenario_error: Read, value: str) -> None:
    """Quoted numbers, booleans, nan and infinity are no sizes of a change."""
    message = scenario_error(scenario_text.replace("2030 = 0.5", f"2030 = {value}"))

    assert message.startswith("push.toml: changes.rd.2030: found ")


def test_a_knot_needs_a_year(scenario_text: str, scenario_error: Read) -> None:
    """A knot's key is a whole number."""
    message = scenario_error(scenario_text.replace("2030 = 0.5", "soon = 0.5"))

    assert message.startswith("push.toml: changes.rd.soon")
    assert "integer" in message


def test_name_must_be_the_file_name(
    scenario_text: str, model_text: str, model_error: Read, scenario_error: Read
) -> None:
    """Model and scenario are found by name, so name and file agree."""
    assert model_error(model_text.replace('"core"', '"kernel"')) == (
        "core.toml: name: found 'kernel', must be the file's name 'core'"
    )
    assert scenario_error(scenario_text.replace('"push"', '"pull"')) == (
        "push.toml: name: found 'pull', must be the file's name 'push'"
    )


@pytest.mark.parametrize(
    ("text", "say"),
    [
        ("name = \n", "line 1, column 8"),
        ('name = "a"\nname = "b"\n', "line 2"),
        ("name : core\n", "line 1"),
    ],
)
def test_syntax_error_gives_file_and_place(model_error: Read, text: str, say: str) -> None:
    """Text that is not TOML is answered with the file, the line and the column."""
    message = model_error(text)

    assert message.startswith("core.toml: not valid TOML: ")
    assert say in message
    assert "\n" not in message


def test_missing_file_gives_its_path(tmp_path: Path) -> None:
    """A file that is not there is named in full."""
    path = tmp_path / "none.toml"

    with pytest.raises(SpecError) as caught:
        read_model(path)

    assert str(caught.value) == f"{path}: no such file"


def test_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 give one message, no traceback of the decoder."""
    path = tmp_path / "core.toml"
    path.write_bytes(b'name = "\xff"\n')

    with pytest.raises(SpecError, match="cannot be read") as caught:
        read_model(path)

    assert "\n" not in str(caught.value)


def test_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    """A folder cannot be read as a declaration."""
    with pytest.raises(SpecError, match="is a folder, must be a file"):
        read_model(tmp_path)


def test_each_problem_has_one_line(model_text: str, model_error: Read) -> None:
    """Three faults give three lines, each with the file's name, the unknown key first."""
    text = (
        model_text.replace('label = "Core"\n', "").replace('"pooled"', '"polled"') + "extra = 1\n"
    )

    lines = model_error(text).split("\n")

    assert [line.split(": ")[:2] for line in lines] == [
        ["core.toml", "extra"],
        ["core.toml", "label"],
        ["core.toml", "estimator"],
    ]


def test_problems_beyond_the_fifth_are_counted(model_error: Read) -> None:
    """A file with nothing right is not silently cut: the rest is counted."""
    lines = model_error("".join(f"extra{i} = {i}\n" for i in range(9))).split("\n")

    assert len(lines) == 6
    assert lines[-1].startswith("core.toml: and ")


def test_variables_keep_order_and_take_their_key_as_name(tmp_path: Path) -> None:
    """The dictionary is a table a variable, in the file's order."""
    path = tmp_path / "variables.toml"
    row = 'label = "{}"\nunit = "%"\nsource = "invented"\nrole = "driver"\n'
    path.write_text(f"[zeta]\n{row.format('Z')}[alpha]\n{row.format('A')}")

    variables = read_variables(path)

    assert variables.drivers() == ["zeta", "alpha"]
    assert variables.find("alpha").name == "alpha"


@pytest.mark.parametrize(
    ("text", "say"),
    [
        ("rd = 3\n", "variables.toml: rd: found 3, must be a table"),
        ('[rd]\nlabel = "R"\nunit = "%"\n', "variables.toml: rd.source: missing, must be given"),
        (
            '[rd]\nlabel = "R"\nunit = "%"\nsource = "s"\nunits = "%"\n',
            "variables.toml: rd.units: unknown key; allowed: name, label, unit,",
        ),
    ],
)
def test_variable_errors_name_the_variable(tmp_path: Path, text: str, say: str) -> None:
    """A fault in one variable is located by its name."""
    path = tmp_path / "variables.toml"
    path.write_text(text)

    with pytest.raises(SpecError) as caught:
        read_variables(path)

    assert str(caught.value).startswith(say)

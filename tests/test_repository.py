"""What the repository promises around the code: lock, wheel, documented commands, clean text."""

from __future__ import annotations

import ast
import re
import runpy
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from itertools import chain
from pathlib import Path

import click
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import forecast
from forecast.cli.main import COMMANDS, load_command
from forecast.reporting.figures.exhibits import EXHIBITS
from places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = r"^([A-Za-z0-9._-]+)(?:\[[a-z0-9,_-]+\])?"  # a package and its extras

FOLDERS = (
    "src", "tests", "models", "scenarios", "data", "docs", "notebooks", "benchmarks", ".ci",
)  # fmt: skip
MADE = {".venv", "out", "dist", "build", "__pycache__"}

# Written in pieces, or this file would be the first to offend.
ADDRESSES = re.compile("|".join(("index" + "-url", "find" + "-links", "trusted" + "-host")))
MACHINE = re.compile(
    r"(?<![\w.])/(?:" + "|".join(("work", "root", "home", "Users")) + r")/|"
    r"/sim" + r"ple/|pypi\." + r"org|python" + r"hosted|" + ADDRESSES.pattern
)


def _locked() -> dict[str, set[str]]:
    """Return the versions of each package in the lock, by canonical name."""
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(LOCKED + r"==(\S+)", LOCK, re.MULTILINE):
        versions.setdefault(canonicalize_name(name), set()).add(version)
    return versions


def _requires(name: str) -> list[str]:
    """Return what an installed package asks for; nothing of one that is not installed here."""
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []


def _commands(prefix: str, command: click.Command) -> list[tuple[str, click.Command]]:
    found = [(prefix, command)]
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            found += _commands(f"{prefix} {name}", inner)
    return found


def _all_commands() -> list[tuple[str, click.Command]]:
    tops = [(name, load_command(name)) for name in COMMANDS]
    return [pair for name, top in tops for pair in _commands(f"forecast {name}", top)]


def _texts() -> list[Path]:
    top = [
        p
        for p in ROOT.iterdir()
        if p.is_file() and not p.name.startswith(".cov") and p.name != ".git"
    ]
    deep = [p for folder in FOLDERS for p in (ROOT / folder).rglob("*") if p.is_file()]
    return [p for p in (*top, *deep) if not MADE & set(p.relative_to(ROOT).parts)]


def test_lock_pins_every_direct_dependency() -> None:
    """What pyproject asks for at run time, for data, tests and docs is in the lock, in bounds."""
    extras = PROJECT["optional-dependencies"]
    locked = _locked()
    asked = [extras[name] for name in ("cluster", "data", "test", "docs")]
    for line in [*PROJECT["dependencies"], *chain.from_iterable(asked)]:
        wanted = Requirement(line)
        versions = locked.get(canonicalize_name(wanted.name))
        assert versions, f"{wanted.name} is not in requirements.lock: make lock"
        for version in versions:
            assert wanted.specifier.contains(version), f"{line}: locked at {version}: make lock"


def test_what_a_run_installs_is_a_part_of_the_lock() -> None:
    """Every pin of requirements-run.lock, with its hashes, is one of requirements.lock."""
    part = (ROOT / "requirements-run.lock").read_text(encoding="utf-8")
    pins = [re.findall(r"^(\S+==\S+)|(sha256:\w+)", text, re.MULTILINE) for text in (part, LOCK)]
    run, all_ = ({one or two for one, two in found} for found in pins)
    for line in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["install"]]:
        name = canonicalize_name(Requirement(line).name)
        assert any(re.match(rf"{name}(\[.*?\])?==", pin) for pin in run), f"{name}: make lock"

    assert run <= all_
    assert len(run) < len(all_) / 2


def test_lock_pins_exactly_and_with_hashes() -> None:
    """Every line of the lock is a comment, an exact version or a hash."""
    pattern = re.compile(r"#.*|" + LOCKED + r"==\S+(?: ; .+?)? \\|    --hash=sha256:[0-9a-f]{64}")
    lines = [line.removesuffix(" \\") if "--hash" in line else line for line in LOCK.splitlines()]

    assert [line for line in lines if not pattern.fullmatch(line)] == []


def test_lock_pins_extras_under_their_names() -> None:
    """A package asked for with an extra is pinned with it: pip would look for a newer one else."""
    asked = {
        (canonicalize_name(wanted.name), extra)
        for name in _locked()
        for wanted in map(Requirement, _requires(name))
        for extra in wanted.extras
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""})
    }
    plain = [name for name, extra in asked if not re.search(rf"^{name}\[.*{extra}", LOCK, re.M)]

    assert plain == []


def test_no_text_names_a_machine_or_a_registry() -> None:
    """No file carries a path of the machine it was written on, nor a registry's address."""
    found = []
    for path in _texts():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            match = MACHINE.search(line)
            if match:
                found.append(f"{path.relative_to(ROOT)}:{number}: {match.group()}")

    assert found == []


def test_commands_page_is_current() -> None:
    """Every command, argument and option is on the page of commands, in the help's words."""
    page = runpy.run_path(str(ROOT / "benchmarks" / "commands.py"))["page"]()

    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == page
    for name, command in _all_commands():
        section = page.split(f"### {name}\n")[1].split("\n### ")[0]
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.opts[0] in section, f"{name} {option.opts[0]}"


def test_reference_page_has_every_public_name() -> None:
    """One entry a name of the stub, which the site fills from its docstring."""
    page = runpy.run_path(str(ROOT / "benchmarks" / "reference.py"))["page"]()
    entries = re.findall(r"^::: \S+\.(\w+)$", page, re.MULTILINE)

    assert (ROOT / "docs" / "reference.md").read_text(encoding="utf-8") == page
    assert sorted(entries) == sorted({*forecast.__all__, "list"} - {"__version__"})


def test_every_command_and_option_has_help() -> None:
    """``--help`` says what each command does and what each option means."""
    silent = []
    for name, command in _all_commands():
        if not command.help:
            silent.append(name)
        for option in command.params:
            if isinstance(option, click.Option) and not option.help:
                silent.append(f"{name} {option.opts[0]}")

    assert silent == []


def test_every_command_prints_text_or_json() -> None:
    """Every command that prints a result takes ``--format`` with text and json."""
    for name, command in _all_commands():
        if isinstance(command, click.Group):
            continue
        formats = [o.type for o in command.params if "--format" in o.opts]
        assert formats, name
        assert isinstance(formats[0], click.Choice)
        assert {"text", "json"} <= set(formats[0].choices), name


@pytest.mark.parametrize("name", EXHIBITS)
def test_exhibit_is_on_its_page(name: str) -> None:
    """Every figure stands in the page of what comes out."""
    page = (ROOT / "docs" / "exhibits.md").read_text(encoding="utf-8")
    assert f"| `{name}` |" in page


def test_pages_use_public_names() -> None:
    """README and docs show names that the package offers."""
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    used = {n for p in pages for n in re.findall(r"\bfc\.(\w+)", p.read_text(encoding="utf-8"))}

    assert used
    assert used <= {*forecast.__all__, "list"}


def test_type_checkers_see_the_public_names() -> None:
    """The stub imports just the names that it lists, in order."""
    stub = Path(str(forecast.__file__)).with_suffix(".pyi")
    tree = ast.parse(stub.read_text(encoding="utf-8"))
    shown = [
        alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    ]
    listed = next(ast.literal_eval(n.value) for n in tree.body if isinstance(n, ast.Assign))

    # a star import must not hide the builtin `list`
    assert sorted([*shown, "__version__"]) == listed == sorted([*forecast.__all__, "list"])


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/index.md"])
def test_links_lead_somewhere(page: str) -> None:
    """A link inside the repository points to a file that exists."""
    path = ROOT / page
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))

    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


def test_every_page_is_in_the_index_and_the_menu() -> None:
    """``docs/index.md`` and the site's menu lead to every page of ``docs/``, the menu once.

    The site makes a page of each notebook.
    """
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = {p.relative_to(ROOT / "docs").as_posix() for p in (ROOT / "docs").rglob("*.md")}
    made = {f"notebooks/{p.stem}.md" for p in (ROOT / "notebooks").glob("*.ipynb")}

    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]

    assert {page for page in pages - {"index.md"} if f"({page})" not in index} == set()
    assert sorted(re.findall(r"\S+\.md$", menu, re.MULTILINE)) == sorted(pages | made)


def test_versions_agree() -> None:
    """The citation carries the version of pyproject, and the changelog has its Numbers heading."""
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert f"version: {PROJECT['version']}\n" in citation
    assert "### Numbers" in changes


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the wheel built from the checkout and the one built from its sdist."""
    folder = tmp_path_factory.mktemp("built")
    _hatch(ROOT, "wheel", folder / "direct")
    _hatch(ROOT, "sdist", folder)
    subprocess.run(["tar", "-xzf", next(folder.glob("*.tar.gz")), "-C", folder], check=True)
    unpacked = next(p for p in folder.iterdir() if (p / "pyproject.toml").is_file())
    _hatch(unpacked, "wheel", folder / "from-sdist")
    direct, indirect = (next((folder / f).glob("*.whl")) for f in ("direct", "from-sdist"))
    return direct, indirect


def test_wheel_carries_the_defaults(built: tuple[Path, Path]) -> None:
    """Every model, scenario and data file of the checkout is in the wheel, byte for byte."""
    with zipfile.ZipFile(built[0]) as wheel:
        names = set(wheel.namelist())
        files = [ROOT / "study.toml"]
        for folder in ("models", "scenarios", "data", "examples"):
            files += [p for p in (ROOT / folder).rglob("*") if p.is_file()]
        for path in files:
            inside = f"forecast/_defaults/{path.relative_to(ROOT).as_posix()}"
            assert inside in names
            assert wheel.read(inside) == path.read_bytes(), inside
    assert "forecast/py.typed" in names
    assert not [n for n in names if n.startswith(("tests/", "docs/", "src/"))]


def test_wheel_from_the_sdist_is_the_same(built: tuple[Path, Path]) -> None:
    """An sdist builds the wheel that the checkout builds."""
    direct, indirect = (zipfile.ZipFile(path) for path in built)
    with direct, indirect:
        assert direct.namelist() == indirect.namelist()
        assert all(direct.read(n) == indirect.read(n) for n in direct.namelist())


def _hatch(source: Path, target: str, folder: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    result = subprocess.run(
        command, cwd=source, capture_output=True, text=True, check=False, timeout=120
    )
    assert result.returncode == 0, result.stdout + result.stderr

"""Notebooks as pages of the site: executed, written to ``build/notebooks``, and handed to mkdocs.

    python .ci/notebooks.py

makes the pages, two notebooks at a time, each in an empty folder; a cell that fails or warns fails
the whole. As a hook of mkdocs the file adds those pages to the site, and leads links between
``docs/`` and ``notebooks/``, which are right in the repository, to them. Git holds no output.
"""

from __future__ import annotations

import html
import re
import shutil
import sys
import time
from base64 import b64decode
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
MADE = ROOT / "build" / "notebooks"
SECONDS = 600  # that a cell may take
WIDTH = 760  # of a figure, pixels
LOOK = """<style>
.md-typeset table:not([class]) :is(th, td) { padding: .3em .8em; min-width: 0; }
.md-typeset .highlight code { font-size: .58rem; }
.md-typeset pre.output { border-left: .15rem solid var(--md-primary-fg-color); font-size: .58rem;
  line-height: 1.4; overflow-x: auto; padding: .2rem .6rem; }
.md-typeset pre.wide { font-size: .46rem; }
.md-typeset pre.prose { font-family: inherit; font-size: .64rem; white-space: pre-wrap; }
</style>"""
LINE, WIDE = 92, 120  # characters that a line of the page holds, in the letters of LOOK
FRAME_DRESS = re.compile(
    r'<style.*?</style>| (?:border|class|style|halign)="[^"]*"|</?div>', re.DOTALL
)
FROM_DOCS = re.compile(r"\]\(((?:\.\./)*)\.\./notebooks/(\w+)\.ipynb")


def write_page(path: Path) -> float:
    """Execute a notebook and write its page, figures and file; return the seconds it took."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    start = time.monotonic()
    with TemporaryDirectory() as empty:
        place = {"metadata": {"path": empty}}
        NotebookClient(notebook, timeout=SECONDS, kernel_name="python3", resources=place).execute()
    took = time.monotonic() - start
    lines = [f"[The notebook itself]({path.name}): `notebooks/{path.name}`.", LOOK]
    figures: list[bytes] = []
    heading = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = cell.source.replace("](../docs/", "](../")
            title, _, rest = text.partition("\n")
            if title.startswith("# "):  # the title is the page's first line
                lines, text = [title, *lines], rest.strip("\n")
            heading = (re.findall(r"^#+ (.+)$", cell.source, re.MULTILINE) or [heading])[-1]
            lines.append(text)
            continue
        lines.append(f"```python\n{cell.source}\n```")
        for output in cell.outputs:
            lines.append(_shown(output, f"{path.stem}-{len(figures) + 1}.png", heading, figures))
    for number, figure in enumerate(figures, start=1):
        (MADE / f"{path.stem}-{number}.png").write_bytes(figure)
    (MADE / f"{path.stem}.md").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    shutil.copy(path, MADE)
    return took


def _shown(output: Any, name: str, heading: str, figures: list[bytes]) -> str:
    """Return an output as Markdown; a figure's bytes go to ``figures``."""
    if output.output_type == "stream":
        if output.name != "stdout":
            raise ValueError(f"{name}: a cell writes to {output.name}: {output.text}")
        return _text(output.text)
    if "image/png" in output.data:
        figures.append(b64decode(output.data["image/png"]))
        return f'![{heading}]({name}){{ width="{WIDTH}" }}'
    if "text/html" in output.data:
        # the theme dresses tables without a class; a blank line would end the block
        plain = FRAME_DRESS.sub("", output.data["text/html"])
        lines = [line.strip() for line in plain.splitlines() if line.strip()]
        return "\n".join(["<div>", *lines, "</div>"])
    return _text(output.data["text/plain"])


def _text(said: str) -> str:
    longest = max(map(len, said.splitlines()), default=0)
    look = "" if longest <= LINE else " wide" if longest <= WIDE else " prose"
    return f'<pre class="output{look}">{html.escape(said.rstrip())}</pre>'


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what was made to the site's files."""
    from mkdocs.structure.files import File

    for path in sorted(MADE.glob("*.*")):
        files.append(File.generated(config, f"notebooks/{path.name}", abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Return a page with its links to notebooks leading to their pages."""
    return FROM_DOCS.sub(r"](\1notebooks/\2.md", markdown)


def main() -> None:
    """Make all pages anew."""
    shutil.rmtree(MADE, ignore_errors=True)
    MADE.mkdir(parents=True)
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    with ProcessPoolExecutor(2) as pool:
        for path, took in zip(paths, pool.map(write_page, paths), strict=True):
            sys.stdout.write(f"{path.stem}: {took:.1f} s\n")


if __name__ == "__main__":
    main()

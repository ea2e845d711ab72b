"""Every example runs as it stands, prints its own numbers, and stays short."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "examples"
SCRIPTS = sorted(FOLDER.glob("*.py"))
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LONGEST = 60
# One thing at least that the example is there to show.
SHOWS = {
    "drone_coalition.py": "scope explains at least",
    "first_comparison.py": "scope unknown: like nothing, not even unknown",
    "one_billion_euros.py": "Capacity binds in half of the months or more from",
    "own_table.py": "unknown currency",
    "price_year_matters.py": "exchange_then_deflate, gdp_deflator",
    "re_russia_claims.py": "Caesar about three times dearer than Bohdana",
    "read_without_armscost.py": "capacity is not deliveries",
}


def test_every_example_is_known():
    assert [path.name for path in SCRIPTS] == sorted(SHOWS)
    assert len(NOTEBOOKS) == 1


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_example_runs_anywhere_and_prints(path, tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "error", str(path)],
        capture_output=True, text=True, timeout=300, cwd=tmp_path,
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert SHOWS[path.name] in done.stdout
    assert "nan" not in done.stdout.lower().split()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_example_is_short_and_says_what_it_asks(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < LONGEST
    about = ast.get_docstring(ast.parse(text))
    assert f"python examples/{path.name}" in about


def test_reading_without_armscost_imports_nothing_of_ours():
    tree = ast.parse((FOLDER / "read_without_armscost.py").read_text(encoding="utf-8"))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import)
             for alias in node.names]  # fmt: skip
    assert not [name for name in names if "armscost" in name]


# --------------------------------------------------------------------------------------
# The notebook
# --------------------------------------------------------------------------------------


def shown(source: str, names: dict) -> object:
    """Run a cell as a notebook does; what its last line is worth."""
    body = ast.parse(source)
    last = body.body.pop() if isinstance(body.body[-1], ast.Expr) else None
    exec(compile(body, "<cell>", "exec"), names)
    if last is None:
        return None
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_the_notebook_runs_from_top_to_bottom(path, capsys):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    names: dict = {"__name__": "__main__"}
    views = 0
    for cell in notebook["cells"]:
        assert {"id", "cell_type", "metadata", "source"} <= set(cell)
        if cell["cell_type"] == "code":
            # It is committed without output: what it shows is made anew.
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
            value = shown("".join(cell["source"]), names)
            if hasattr(value, "_repr_html_"):
                assert "<table" in value._repr_html_()
                views += 1
    assert views >= 3
    printed = capsys.readouterr()
    assert "EUR_2024" in printed.out
    assert printed.err == ""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_the_cells_of_the_notebook_are_named_apart(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)

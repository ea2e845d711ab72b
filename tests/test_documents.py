"""Every Python block of the README and the docs runs, from the repository root."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [
    ROOT / "README.md",
    ROOT / "datasets" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


def _name(page: Path, before: str) -> str:
    return f"{page.relative_to(ROOT)}:{before.count(chr(10)) + 2}"


BLOCKS = [
    pytest.param(match[1], id=_name(page, match.string[: match.start()]))
    for page in PAGES
    if page.exists()
    for match in BLOCK.finditer(page.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("code", BLOCKS)
def test_block_runs_as_printed(code, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    exec(compile(code, "<document>", "exec"), {"__name__": "__document__"})
    assert capsys.readouterr().err == ""


def test_the_readme_has_blocks_to_run():
    assert sum("README.md" in block.id for block in BLOCKS) >= 5


def test_the_readme_names_the_two_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in ("compare", "test"):
        assert f"make {command}" in text
        assert f"\n{command}:" in makefile

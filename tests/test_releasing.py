"""What the guides for contributors and releases say is so: versions, targets, files, layers."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import armscost as ac

ROOT = Path(__file__).parents[1]
GUIDES = [ROOT / "CONTRIBUTING.md", ROOT / "docs" / "about" / "releasing.md"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_one_version_stands_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert project["version"] == ac.__version__
    assert re.search(r"^version: (.*)$", citation, re.MULTILINE)[1] == ac.__version__


def test_the_data_are_named_by_their_day_and_told_in_the_changelog():
    assert re.fullmatch(r"20\d\d\.(0[1-9]|1[0-2])\.(0[1-9]|[12]\d|3[01])", ac.data_version())
    assert ac.data_version() in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_target_that_a_guide_names_is_there(guide):
    targets = set(re.findall(r"^([a-z][\w-]*):", MAKEFILE, re.MULTILINE))
    lines = re.findall(r"(?<=\bmake )([a-z][a-z -]*[a-z])(?=[\s`,.]|$)", _code(guide), re.MULTILINE)
    named = {word for line in lines for word in line.split()}
    assert len(named) >= 3
    assert named <= targets


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_every_file_that_a_guide_names_is_there(guide):
    text = guide.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    named = re.findall(r"`((?:src|docs|datasets|tests)/[\w/.-]+)`", text)
    assert [link for link in links if not (guide.parent / link).exists()] == []
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_layers_that_the_guide_names_are_those_that_are_kept():
    kept = (ROOT / ".importlinter").read_text(encoding="utf-8")
    told = re.search(r"Import downwards only: (.*?)\.\n", GUIDES[0].read_text("utf-8"), re.DOTALL)
    for layer in re.split(r"\s*(?:→|,)\s*", told[1]):
        assert re.search(rf"\b{layer.strip()}\b", kept), layer


def _code(guide: Path) -> str:
    text = guide.read_text(encoding="utf-8")
    return "\n".join(
        re.findall(r"`([^`\n]+)`", text) + re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    )

"""The committed mutants fit the source as it is; ``make mutation`` sees each of them caught."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "tests").glob("mutants_*.json"))
MUTANTS = [
    pytest.param(mutant, id=f"{path.stem}-{number}")
    for path in FILES
    for number, mutant in enumerate(json.loads(path.read_text(encoding="utf-8")), 1)
]


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_changes_one_place_and_names_its_test(mutant):
    assert set(mutant) == {"file", "find", "replace", "property", "test"}
    assert (ROOT / mutant["file"]).read_text(encoding="utf-8").count(mutant["find"]) == 1
    assert mutant["find"] != mutant["replace"]
    file, *_, name = mutant["test"].split("::")
    assert f"def {name.partition('[')[0]}(" in (ROOT / file).read_text(encoding="utf-8")


def test_every_part_with_properties_has_mutants():
    parts = {path.stem.removeprefix("mutants_") for path in FILES}
    assert {"prices", "frames", "evidence", "theory", "comparison", "danish_model"} <= parts

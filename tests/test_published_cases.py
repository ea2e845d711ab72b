"""Answers that others published, or that were derived independently, each by its id."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from published_answers import NOT_OFFERED, NotOfferedError, answer

CASES = json.loads((Path(__file__).parent / "published_cases.json").read_text(encoding="utf-8"))
OFFERED = [case for case in CASES if case["topic"] not in NOT_OFFERED]


def agree(found, expected, tolerance, path=""):
    """The places where an answer differs from what was published."""
    if isinstance(expected, dict):
        return [d for k in expected for d in agree(found[k], expected[k], tolerance, f"{path}.{k}")]
    if isinstance(expected, list):
        found = list(found)
        if len(found) != len(expected):
            return [f"{path}: {len(found)} values, {len(expected)} expected"]
        return [
            d
            for place, (one, other) in enumerate(zip(found, expected, strict=True))
            for d in agree(one, other, tolerance, f"{path}[{place}]")
        ]
    if isinstance(expected, bool | str) or expected is None:
        missing = isinstance(found, float) and math.isnan(found)
        same = (found is None or missing) if expected is None else found == expected
        return [] if same else [f"{path}: {found!r}, published {expected!r}"]
    near = math.isclose(
        float(found), expected, rel_tol=tolerance.get("rel", 0), abs_tol=tolerance.get("abs", 1e-12)
    )
    return [] if near else [f"{path}: {found!r}, published {expected!r} within {tolerance}"]


@pytest.mark.parametrize("case", OFFERED, ids=[case["id"] for case in OFFERED])
def test_published_answer(case):
    found = answer(case["topic"], case["inputs"])
    assert agree(found, case["expected"], case["tolerance"]) == []


@pytest.mark.parametrize("topic", sorted(NOT_OFFERED))
def test_what_is_not_offered_says_why(topic):
    with pytest.raises(NotOfferedError, match=topic):
        answer(topic, {})


def test_most_cases_are_offered():
    assert len(CASES) - len(OFFERED) <= 6
    assert {case["id"][:2] for case in OFFERED} == {"CT", "LC", "MC", "PB", "PR", "UN"}

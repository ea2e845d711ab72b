"""A stated ratio, the figures on its two sides, and the rule that judges the one by the other."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Side:
    """One published figure on one side of a ratio.

    Attributes:
        figure_id: Its id in its table.
        low: Lowest value, in the unit that the two sides share.
        central: The value.
        high: Highest value.
        kind: What kind of figure it is: scope, status, concept, year.
        printed: The figure as its source printed it.
        source_id: The publication.
        to_nominal: Factor from ``central`` to the value without deflation.
        steps: How it came to the shared unit, in lines; empty where nothing was done.
        counted: False for a figure that repeats a fact which another figure already tells.
    """

    figure_id: str
    low: float
    central: float
    high: float
    kind: str
    printed: str
    source_id: str
    to_nominal: float = 1.0
    steps: str = ""
    counted: bool = True


@dataclass(frozen=True)
class Test:
    """A claim held against one body of evidence.

    Attributes:
        name: ``like groups`` or ``figure by figure``.
        subjects: Figures of the claim's subject.
        objects: Figures of its object.
        subject_kind: What kind of figures the subjects are.
        object_kind: What kind of figures the objects are.
        reference: Which figures of the object were taken, where it is a choice.
        note: What a careful reader should know; of an empty test, why it is empty.
    """

    name: str
    subjects: list[Side] = field(default_factory=list)
    objects: list[Side] = field(default_factory=list)
    subject_kind: str = ""
    object_kind: str = ""
    reference: str = ""
    note: str = ""

    @property
    def alike(self) -> bool:
        """Whether the two sides are of one known kind."""
        return self.name == LIKE

    @property
    def empty(self) -> bool:
        """Whether there is nothing to divide."""
        return not (_counted(self.subjects) and _counted(self.objects))


LIKE = "like groups"
LOOSE = "figure by figure"


def untestable(reason: str) -> Test:
    """The test of a claim for which there is no evidence of one kind on both sides."""
    return Test(LIKE, note=reason)


def stated_range(claim: dict[str, Any], tolerance: float) -> tuple[float, float]:
    """The ratios that a claim allows, by its own words.

    Args:
        claim: A row of the table ``claims``.
        tolerance: What "about" leaves open on either side, as a share of the ratio.

    Returns:
        Lowest and highest ratio; NaN twice where the claim states no number.

    Example:
        >>> stated_range({"ratio": 8.0, "qualifier": "about"}, 0.125)
        (7.0, 9.0)
        >>> stated_range({"ratio_low": 24.0, "qualifier": "at_least"}, 0.1)
        (24.0, inf)
    """
    ends = [claim[name] for name in ("ratio_low", "ratio", "ratio_high") if name in claim]
    if not ends:
        return math.nan, math.nan
    low, high = min(ends), max(ends)
    if claim["qualifier"] == "at_least":
        return low, math.inf
    if claim["qualifier"] == "at_most":
        return 0.0, high
    room = {"about": tolerance, "target": tolerance, "exact": tolerance / 2}
    share = room.get(claim["qualifier"], 0.0)
    return low * (1 - share), high * (1 + share)


def verdict(stated: tuple[float, float], low: float, median: float, high: float) -> str:
    """Judge a stated ratio by the ratios that the evidence implies.

    Args:
        stated: What the claim allows; see :func:`stated_range`.
        low: Lowest implied ratio.
        median: Median of the implied ratios.
        high: Highest implied ratio.

    Returns:
        ``supported`` where the claim allows the median, ``within_range`` where it allows
        another ratio between the lowest and the highest, ``contradicted`` where it allows
        none, ``untestable`` where the claim or the evidence has no number.

    Example:
        >>> verdict((2.7, 3.3), 1.5, 2.0, 3.1)
        'within_range'
    """
    if any(math.isnan(value) for value in (*stated, low, median, high)):
        return "untestable"
    if stated[0] <= median <= stated[1]:
        return "supported"
    return "within_range" if low <= stated[1] and high >= stated[0] else "contradicted"


def implied(test: Test) -> dict[str, float]:
    """The ratios that the counted figures of a test imply.

    Returns:
        ``low`` (lowest subject over highest object), ``median`` (ratio of the two medians),
        ``high``; the same without deflation as ``nominal_…``; ``n_pairs``.
    """
    subjects, objects = _counted(test.subjects), _counted(test.objects)
    found: dict[str, float] = {"n_pairs": len(subjects) * len(objects)}
    for prefix, nominal in (("", False), ("nominal_", True)):
        a, b = (_values(sides, nominal) for sides in (subjects, objects))
        if not (len(a) and len(b)):
            found |= dict.fromkeys((f"{prefix}{name}" for name in _ENDS), math.nan)
            continue
        found[f"{prefix}low"] = _over(a[:, 0].min(), b[:, 2].max())
        found[f"{prefix}median"] = _over(np.median(a[:, 1]), np.median(b[:, 1]))
        found[f"{prefix}high"] = _over(a[:, 2].max(), b[:, 0].min())
    return found


_ENDS = ("low", "median", "high")


def pairs(test: Test) -> list[dict[str, Any]]:
    """Each figure of the subject over each figure of the object, repeated facts included."""
    return [
        {
            "test": test.name,
            "alike": test.alike,
            "reference": test.reference,
            "subject_test": test.subject_kind,
            "subject_figure": a.figure_id,
            "subject_kind": a.kind,
            "subject_printed": a.printed,
            "subject_value": a.central,
            "object_figure": b.figure_id,
            "object_kind": b.kind,
            "object_printed": b.printed,
            "object_value": b.central,
            "ratio": _over(a.central, b.central),
            "nominal_ratio": _over(a.central * a.to_nominal, b.central * b.to_nominal),
            "counted": a.counted and b.counted,
            "subject_steps": a.steps,
            "object_steps": b.steps,
            "subject_source": a.source_id,
            "object_source": b.source_id,
        }
        for a in test.subjects
        for b in test.objects
    ]


def _counted(sides: list[Side]) -> list[Side]:
    return [side for side in sides if side.counted]


def _values(sides: list[Side], nominal: bool) -> np.ndarray[Any, np.dtype[np.float64]]:
    rows = np.array([(s.low, s.central, s.high) for s in sides], dtype=float)
    return rows * np.array([[s.to_nominal] for s in sides]) if nominal else rows


def _over(a: float, b: float) -> float:
    return float(a) / float(b) if b else math.inf

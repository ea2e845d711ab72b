"""Figures that disagree, sums that do not add up, and money that is told twice."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from armscost import datasets
from armscost.errors import OutsideEvidenceError, chosen, finite
from armscost.evidence.disagreements import ROUNDING, descriptions, same_fact, same_thing
from armscost.evidence.sums import conversions, counted_twice, sums
from armscost.results import Result, records

KINDS = {
    "same_fact": "two papers on one deal or statement, and the numbers differ",
    "same_thing": "one quantity, time and condition, and the numbers differ",
    "description": "one fact, and the papers do not agree on what it is",
    "conversion": "a sum in two currencies that no rate of its time explains",
    "sum": "parts that do not add up to their whole",
    "counted_twice": "one sum of money in several rows; added up it is too much",
}
_FINDERS = {
    "same_fact": same_fact,
    "same_thing": same_thing,
    "description": descriptions,
    "conversion": conversions,
    "sum": sums,
    "counted_twice": counted_twice,
}


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Conflicts(Result):
    """Where the figures disagree; see :func:`conflicts`."""

    def _explain_rows(self, rows: pd.DataFrame) -> list[str]:
        lines: list[str] = []
        for row in records(rows):
            lines += ["", f"{row['kind']} | {row['what']}"]
            for side in ("left", "right"):
                lines.append(f"  {row[f'{side}_statement']}  [{row[f'{side}_id']}]")
                lines.append(f"    {row[f'{side}_source']}")
            gap = row.get("gap", math.nan)
            lines.append(f"  gap {gap:+.2%}" if gap == gap else "  no number to compare")
        return lines


def conflicts(*, kind: str | None = None, tolerance: float | None = None) -> Conflicts:
    """Find the figures that disagree, in the open.

    Two figures disagree where what they allow does not overlap ("at least" is open upwards,
    "at most" downwards, "about" leaves 2.5 % on either side) and their gap is more than what
    rounding explains. In each group of figures the best graded one is the left side; every other
    value stands against it once, however many papers print it. Two plans are set against each
    other only where they were stated in the same month: a later plan is a change, no conflict.

    Args:
        kind: Only one kind: ``same_fact``, ``same_thing``, ``description``, ``conversion``,
            ``sum`` or ``counted_twice``.
        tolerance: What rounding explains, as a share of any gap. By default half a percent,
            which is three digits, and nothing where parts stand beside their whole: what is left
            of a sum is a sum too.

    Returns:
        A :class:`Conflicts`; one row a conflict: ``kind``, ``table``, ``what``, ``left_id``,
        ``right_id``, ``left_value``, ``right_value``, ``unit``, ``gap`` (right over left,
        minus one), ``left_source``, ``right_source``. Several ids are parted by ``"; "``.

    Raises:
        UnknownNameError: For another kind.
        OutsideEvidenceError: For a tolerance outside 0–1.

    Example:
        >>> found = conflicts(kind="conversion").table
        >>> bool((found["gap"].abs() > 0.005).all())
        True
    """
    if tolerance is not None and not 0 <= finite("tolerance", tolerance) < 1:
        raise OutsideEvidenceError(f"a tolerance of {tolerance:g} is refused; write 0.01 for 1 %")
    finders = (
        _FINDERS.values() if kind is None else [_FINDERS[chosen("kind of conflict", kind, KINDS)]]
    )
    wanted = [row for finder in finders for row in finder(tolerance)]
    trace = pd.DataFrame(wanted, columns=COLUMNS)
    return Conflicts(
        title=f"{len(wanted)} places where figures disagree or would be counted twice",
        table=trace.drop(columns=["left_statement", "right_statement"]),
        assumptions=[
            f"gaps up to {ROUNDING if tolerance is None else tolerance:.2%} are rounding"
            + ("; between parts and their whole every gap is told" if tolerance is None else ""),
            'at least, at most: open on one side; "about": 2.5 % on either side',
            "the best graded figure is the left side; equal values stand once",
            "plans are compared only where they were stated in the same month",
            "a sum in two currencies is converted at the day's fixing; where only a month or a "
            "year is known, at the nearest fixing of that time, so that the gap is the least",
            f"data version {datasets.data_version()}",
        ],
        sources=sorted(
            {
                source
                for row in wanted
                for side in ("left_source", "right_source")
                for source in row[side].split("; ")
            }
        ),
        trace=trace,
    )


COLUMNS = [
    "kind", "table", "what", "left_id", "right_id", "left_value", "right_value", "unit", "gap",
    "left_source", "right_source", "left_statement", "right_statement",
]  # fmt: skip

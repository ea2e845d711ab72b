"""Dates as exactly as they were published, and rates of output brought to one year."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any

from armscost.records import span_of

# Shorter counts say what was handed over, not how fast it is made.
SHORTEST_COUNT = 0.5
_A_YEAR = {"year": 1.0, "month": 12.0, "day": 365.0}
OUTCOME, CAPACITY, PLAN = "outcome", "capacity", "plan"
# Produced and delivered are outcomes; what is planned or aimed at has not happened.
CLASS_OF = {
    "produced": OUTCOME,
    "delivered": OUTCOME,
    "capacity": CAPACITY,
    "planned": PLAN,
    "target": PLAN,
}


@dataclass(frozen=True)
class YearlyRate:
    """A published rate of output, for one year.

    Attributes:
        low: Lowest rate, items a year.
        central: The rate.
        high: Highest rate.
        years: The calendar years that it speaks of.
        how: How it was brought to a year; empty where it was printed so.
    """

    low: float
    central: float
    high: float
    years: frozenset[int]
    how: str


def yearly(row: dict[str, Any]) -> YearlyRate | str:
    """A row of ``outputs`` as a rate a year, or why it is none.

    Args:
        row: A row of the table, empty cells left out.

    Returns:
        The rate: as printed, or a month's times 12, a day's times 365, a count over its period
        divided by the years of the period where that is half a year or more.

    Example:
        >>> yearly({"rate": 6.0, "per": "month", "period_end": "2024"}).central
        72.0
    """
    found = [row[name] for name in ("rate_low", "rate", "rate_high") if name in row]
    if not found:
        return "no rate printed"
    end = row.get("period_end")
    if end is None:
        return "no period: when it was made is not said"
    start = row.get("period_start", end)
    first, last = span_of(start)[0], span_of(end)[1]
    if row["per"] in _A_YEAR:
        times = _A_YEAR[row["per"]]
        how = "" if times == 1 else f"a {row['per']}'s rate × {times:g}"
    else:
        length = _years_long(first, last)
        if row["per"] == "cumulative" and (start == end or span_of(start)[1] >= last):
            return "a count of all there are, without a start: no rate"
        if length < SHORTEST_COUNT:
            return f"a count over {length * 12:.1f} months: too short for a yearly rate"
        times, how = 1 / length, f"{max(found):g} over {length:.2f} years"
    low, high = min(found) * times, max(found) * times
    central = row["rate"] * times if "rate" in row else (low + high) / 2
    return YearlyRate(low, central, high, frozenset(range(first.year, last.year + 1)), how)


def _years_long(first: dt.date, last: dt.date) -> float:
    """The length of a period in years; a calendar year is exactly one."""
    length = 0.0
    for year in range(first.year, last.year + 1):
        start, end = max(first, dt.date(year, 1, 1)), min(last, dt.date(year, 12, 31))
        length += ((end - start).days + 1) / (366 if calendar.isleap(year) else 365)
    return length


def common_years(
    ours: set[int], theirs: set[int], stated: int | None, years_back: int, *, near: bool
) -> list[tuple[int, int]]:
    """The years in which two series can be set against each other.

    Args:
        ours: Years of the one.
        theirs: Years of the other.
        stated: The year of the claim; without it every common year counts.
        years_back: How many years before the claim still speak of its time.
        near: Whether years one apart will do. They do for wages; output grows too fast.

    Returns:
        Every common year from ``years_back`` before the claim on, as pairs; where there is
        none and ``near``, the latest pair of years one apart, from a year earlier on.

    Example:
        >>> common_years({2023, 2024}, {2024, 2025}, 2025, 1, near=True)
        [(2024, 2024)]
        >>> common_years({2024}, {2023}, 2025, 1, near=True)
        [(2024, 2023)]
    """
    first, last = (0, 9999) if stated is None else (stated - years_back, stated)
    shared = sorted(year for year in ours & theirs if first <= year <= last)
    if shared or not near:
        return [(year, year) for year in shared]
    apart = [
        (a, b)
        for a in ours
        for b in theirs
        if abs(a - b) == 1 and first - 1 <= min(a, b) and max(a, b) <= last
    ]
    return [max(apart, key=lambda pair: (sum(pair), pair[0]))] if apart else []

"""Published output as dated observations: what was known of a line, and from which day on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from armscost import datasets
from armscost.errors import OutsideEvidenceError, UnknownNameError
from armscost.records import disproved, span_of
from armscost.results import records

# Where the names are that a back-test takes.
_OUTPUTS = "armscost.load('outputs')['system_id'].unique()"
# What a figure of output says was done. A goal, a plan or a capacity is never a truth.
DONE = ("produced", "delivered")
# Months in one of what a rate is per.
_MONTHS_PER = {"day": 12 / 365.25, "month": 1.0, "year": 12.0}
_DAYS_A_MONTH = 365.25 / 12

COLUMNS = [
    "series", "system_id", "area", "item", "output_id", "fact_id", "status", "rate", "low", "high",
    "qualifier", "period", "middle", "known_from", "said_after", "stated_on", "statement",
    "source_id", "credibility",
]  # fmt: skip


# What a table of one's own must have; what it lacks beside them is taken as not said.
READ = ("output_id", "system_id", "fact_id", "status", "per", "credibility", "qualifier",
        "statement", "source_id")  # fmt: skip


def with_columns(table: Any, needed: Sequence[str]) -> pd.DataFrame:
    """A table of the caller's own, seen to have the columns that are read.

    Raises:
        OutsideEvidenceError: For what is no pandas DataFrame, or lacks a column.
    """
    if not isinstance(table, pd.DataFrame):
        raise OutsideEvidenceError(f"a pandas DataFrame is read here, not {type(table).__name__}")
    missing = [name for name in needed if name not in table]
    if missing:
        raise OutsideEvidenceError(f"the table has no {', '.join(missing)}: columns as ac.load's")
    return table


def observations(
    outputs: pd.DataFrame | None = None, statuses: Sequence[str] = DONE
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every published output of a line as one row a fact, in units a month.

    A line is what a system's makers in one country make of one item. A figure belongs to it if
    it names no variant, or is of the series that was published first there; figures of single
    plants, suppliers or buyers are lines of their own, under the name of their series.

    Args:
        outputs: A table as ``load("outputs")`` gives it; the library's own by default.
        statuses: Which figures; by default of what was done.

    Returns:
        The observations, columns :data:`COLUMNS`, oldest first, and the figures not used
        (``figure``, ``reason``). ``middle`` is the middle of the period spoken of;
        ``known_from`` the last day on which the statement can have been made, so that nothing
        is known too early; ``said_after`` the first such day, so that nothing counts as later
        said that may have been said before.
    """
    table = datasets.shared_table("outputs") if outputs is None else with_columns(outputs, READ)
    done = table[table["status"].isin(list(statuses)) & (table["per"] != "cumulative")]
    rows, left = [], []
    for row in records(done.sort_values("output_id")):
        read = _observation(row)
        if isinstance(read, str):
            left.append({"figure": row["output_id"], "reason": read})
        else:
            rows.append(read | {"_variant": row.get("variant"), "_series": row.get("series_id"),
                                "_line": _line(row)})  # fmt: skip
    named = [named for line in _by_line(rows) for named in _into_series(line)]
    found = pd.DataFrame(named, columns=COLUMNS)
    # Of one fact the first print counts; a later, better one was not known yet.
    found = found.sort_values(["known_from", "credibility"])
    found = found.drop_duplicates(["series", "fact_id"])
    order = ["series", "known_from", "middle", "fact_id"]
    found = found.sort_values(order, ignore_index=True)
    return found, pd.DataFrame(left, columns=["figure", "reason"], dtype="str")


def series_of(found: pd.DataFrame, system: str) -> pd.DataFrame:
    """The observations of one system's line, or of a series by its own name.

    Raises:
        UnknownNameError: For a name that is neither.
        OutsideEvidenceError: For a system without a dated figure of output.
    """
    if not isinstance(system, str):
        raise UnknownNameError("system or series", system, (), where=_OUTPUTS)
    if (found["series"] == system).any():
        return found[found["series"] == system]
    mine = found[found["system_id"] == system]
    if mine.empty:
        there = sorted(set(found["system_id"]))
        if system in set(datasets.shared_table("systems")["system_id"]):
            raise OutsideEvidenceError(
                f"no dated output of {system} that was produced or delivered; systems that have "
                f"one: {', '.join(there)}"
            )
        names = [*there, *set(found["series"])]
        raise UnknownNameError("system or series", system, names, where=_OUTPUTS)
    return mine[mine["series"] == longest(mine)]


def longest(found: pd.DataFrame) -> str:
    """The name of the series with the most observations; the first by name of several."""
    return str(found.groupby("series").size().idxmax())


def _line(row: dict[str, Any]) -> tuple[str, str, str]:
    return (row["system_id"], str(row.get("area", "")), str(row.get("item", "")))


def _by_line(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    lines: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        lines.setdefault(row["_line"], []).append(row)
    return list(lines.values())


def _into_series(line: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Name the series of each figure of a line.

    Only what was known by a figure's own day decides where it belongs: a later figure must not
    move an earlier one, or forecasts would change with what nobody knew yet.
    """
    named = [row for row in line if row["_series"]]
    # What was done names the line; what could be done does so only where nothing was.
    done = [row for row in named if row["status"] in DONE] or named
    first = min(done, key=lambda row: (row["known_from"], row["_series"]), default=None)
    main = first["_series"] if first else "-".join(filter(None, line[0]["_line"]))
    since: dict[str | None, dt.date] = {None: dt.date.min}
    for row in named:
        if row["_series"] == main:
            day = since.get(row["_variant"], dt.date.max)
            since[row["_variant"]] = min(day, row["known_from"])
    out = []
    for row in line:
        variant, series = row["_variant"], row["_series"]
        if series is None:
            of_main = since.get(variant, dt.date.max) <= row["known_from"]
            series = main if of_main else f"{'-'.join(filter(None, row['_line']))}: {variant}"
        out.append(row | {"series": series})
    return out


def _observation(row: dict[str, Any]) -> dict[str, Any] | str:
    """One figure as units a month with its dates, or why it cannot be used."""
    wrong = disproved(row)
    if wrong:
        return wrong
    ends = [row[name] for name in ("rate_low", "rate", "rate_high") if name in row]
    if not ends or min(ends) <= 0:
        return "no rate above zero"
    stated = row.get("stated_on")
    if stated is None:
        return "not said when it was stated"
    first, last = row.get("period_start", row.get("period_end")), row.get("period_end")
    if first is None or last is None:
        return "not said what period it is of"
    start, end = span_of(str(first))[0], span_of(str(last))[1]
    if end < start:
        return "its period ends before it starts"
    months = _MONTHS_PER.get(row["per"], ((end - start).days + 1) / _DAYS_A_MONTH)
    rate = row.get("rate", sum(ends) / len(ends))
    said = span_of(str(stated))
    return {
        "system_id": row["system_id"],
        "area": row.get("area", ""),
        "item": row.get("item", ""),
        "output_id": row["output_id"],
        "fact_id": row["fact_id"],
        "status": row["status"],
        "rate": rate / months,
        "low": min(ends) / months,
        "high": max(ends) / months,
        "qualifier": row["qualifier"],
        "period": str(last) if str(first) == str(last) else f"{first} to {last}",
        "middle": start + (end - start) / 2,
        "known_from": max(said[1], start),
        "said_after": said[0],
        "stated_on": str(stated),
        "statement": row["statement"],
        "source_id": row["source_id"],
        "credibility": row["credibility"],
    }

"""Conversions that fit no rate, parts that do not add up, and money that is told twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd

from armscost import prices
from armscost.evidence.contributions import amount_of, splits
from armscost.evidence.disagreements import ROUNDING, conflict
from armscost.evidence.tables import graded
from armscost.records import span_of
from armscost.results import records

Row = dict[str, Any]


def conversions(tolerance: float | None) -> Iterator[Row]:
    """Sums of one fact in two currencies that no rate of their time explains."""
    tolerance = ROUNDING if tolerance is None else tolerance
    for table, values, date in (
        ("contributions", ("amount", "amount_low", "amount_high"), "dated"),
        ("costs", ("total_amount",), "price_date"),
        ("costs", ("amount",), "price_date"),
    ):
        figures = graded(table)
        shared = figures[figures.duplicated("fact_id", keep=False)]
        for fact, group in shared.groupby("fact_id", sort=False):
            if group["currency"].nunique() > 1:
                rows = [row for row in records(group) if any(name in row for name in values)]
                yield from _misfits(table, str(fact), rows, values, date, tolerance)


def _misfits(
    table: str, fact: str, rows: list[Row], values: tuple[str, ...], date: str, tolerance: float
) -> Iterator[Row]:
    if not rows:
        return
    counts = pd.Series([row["currency"] for row in rows]).value_counts(sort=False)
    base = counts[counts == counts.max()].index[0]
    known = [row for row in rows if row["currency"] == base]
    seen = set()
    for other in rows:
        value = _value(other, values)
        if other["currency"] == base or (other["currency"], value) in seen:
            continue
        seen.add((other["currency"], value))
        # A conversion was made from one of the figures: the nearest speaks for it.
        tried = [(row, _converted(row, other, values, date)) for row in known]
        fits = [(row, *found) for row, found in tried if found is not None]
        if not fits:
            continue
        row, converted, day = min(fits, key=lambda fit: abs(value / fit[1] - 1))
        if abs(value / converted - 1) > tolerance:
            what = (
                f"{fact}: {base} {_millions(_value(row, values))} million is "
                f"{other['currency']} {_millions(converted)} million at {day}; printed "
                f"{_millions(value)}"
            )
            yield conflict(
                "conversion", table, what, [row], [other], converted, value, other["currency"]
            )


def _value(row: Row, values: tuple[str, ...]) -> float:
    return float(next(row[name] for name in values if name in row))


def _converted(
    row: Row, other: Row, values: tuple[str, ...], date: str
) -> tuple[float, str] | None:
    """A figure in the currency of another, at the rate of its time that fits best."""
    dates = [r[date] for r in (row, other) if date in r]
    if not dates:
        return None
    exact = sorted(d for d in dates if len(d) == len("2025-04-11"))
    first, last = (span_of(exact[0])[0], span_of(exact[-1])[1]) if exact else _widest(dates)
    wanted = _value(other, values) / _value(row, values)
    rates = []
    for ahead in range((last - first).days + 1):
        day = first + dt.timedelta(ahead)
        found = prices.default_book().find_rate(row["currency"], other["currency"], day)
        if found is not None:
            rates.append((found.value, f"the fixing of {found.date}"))
    if not rates:
        year = prices.default_book().find_rate(row["currency"], other["currency"], first.year)
        rates = [(year.value, f"the average of {year.year}")] if year is not None else []
    if not rates:
        return None
    rate, day_used = min(rates, key=lambda pair: abs(pair[0] / wanted - 1))
    return _value(row, values) * rate, day_used


def _widest(dates: list[str]) -> tuple[dt.date, dt.date]:
    spans = [span_of(date) for date in dates]
    return min(s[0] for s in spans), max(s[1] for s in spans)


def sums(tolerance: float | None) -> Iterator[Row]:
    """Wholes whose parts were printed and do not add up to them, split by split."""
    # Parts that are named leave a rest that can be named: unless told otherwise, all of it counts.
    room = tolerance or 0.0
    rows = records(graded("contributions"))
    for whole in rows:
        parts = [row for row in rows if row.get("part_of") == whole["contribution_id"]]
        size = amount_of(whole)
        if size is None:
            continue
        for split in splits(whole, parts):
            if len(split.parts) < 2 or abs(split.total - size) <= room * size:
                continue
            shown = " + ".join(map(_millions, split.amounts))
            rest = size - split.total
            tail = f"{_millions(abs(rest))} {'not itemised' if rest > 0 else 'too much'}"
            what = (
                f"{shown} = {_millions(split.total)} against {whole['currency']} "
                f"{_millions(size)} million of {whole['contributor']}: {tail}"
            )
            yield conflict(
                "sum", "contributions", what, [whole], split.parts, size, split.total,
                whole["currency"],
            )  # fmt: skip


def _millions(amount: float) -> str:
    return f"{amount / 1e6:,.6g}"


def counted_twice(_tolerance: float | None) -> Iterator[Row]:
    """Money that stands in several rows: told by several figures, or part of another sum."""
    rows = [row for row in records(graded("contributions")) if amount_of(row) is not None]
    facts: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        facts.setdefault((row["fact_id"], row["currency"]), []).append(row)
    for (fact, currency), (best, *others) in facts.items():
        if others:
            total = sum(amount_of(row) or 0.0 for row in (best, *others))
            added = f"{currency} {_millions(total)} million"
            what = f"{fact}: {len(others) + 1} figures are one sum, not {added}"
            yield conflict(
                "counted_twice", "contributions", what, [best], others,
                amount_of(best) or 0.0, total, currency,
            )  # fmt: skip
    wholes = {row["contribution_id"]: row for row in rows}
    told = set()
    for part in rows:
        whole = wholes.get(part.get("part_of", ""))
        if whole is None or whole["currency"] != part["currency"]:
            continue
        if (whole["fact_id"], part["fact_id"]) in told:
            continue
        told.add((whole["fact_id"], part["fact_id"]))
        ours, theirs = amount_of(whole) or 0.0, amount_of(part) or 0.0
        what = (
            f"{part['currency']} {_millions(theirs)} million of {part['contributor']} is inside "
            f"the {_millions(ours)} of {whole['contributor']}"
        )
        yield conflict(
            "counted_twice", "contributions", what, [whole], [part], ours, ours + theirs,
            part["currency"],
        )  # fmt: skip

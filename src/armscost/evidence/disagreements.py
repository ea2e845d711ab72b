"""Figures on the same fact, or on the same thing, that differ."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from armscost.evidence.tables import graded
from armscost.records import TABLES
from armscost.results import records

Row = dict[str, Any]
# Half a percent is what three digits leave open.
ROUNDING = 0.005
# "About 538" may be 525 or 551, and is not 597.
ABOUT = 0.025
_PLANS = ("planned", "target")


@dataclass(frozen=True)
class Compared:
    """Which figures of a table must agree.

    Attributes:
        table: The table.
        same: The columns in which the figures must be alike to be compared.
        values: Lowest, best and highest value; or one column.
        unit: The column with the unit of the value, or the unit itself.
    """

    table: str
    same: tuple[str, ...]
    values: tuple[str, ...]
    unit: str


ON_ONE_FACT = (
    Compared("costs", ("fact_id", "scope", "per", "currency"),
             ("amount_low", "amount", "amount_high"), "currency"),
    Compared("costs", ("fact_id", "scope", "currency"),
             ("total_low", "total_amount", "total_high"), "currency"),
    Compared("costs", ("fact_id",), ("quantity",), "items"),
    Compared("outputs", ("fact_id", "per"), ("rate_low", "rate", "rate_high"), "per"),
    Compared("deliveries", ("fact_id",), ("quantity",), "items"),
    Compared("deliveries", ("fact_id",),
             ("lead_months_low", "lead_months", "lead_months_high"), "months"),
    Compared("contributions", ("fact_id", "currency"),
             ("amount_low", "amount", "amount_high"), "currency"),
    Compared("contributions", ("fact_id",), ("quantity",), "items"),
    Compared("claims", ("fact_id",), ("ratio_low", "ratio", "ratio_high"), "times"),
)  # fmt: skip
ON_ONE_THING = (
    Compared("outputs", ("system_id", "area", "status", "item", "per", "period_end"),
             ("rate_low", "rate", "rate_high"), "per"),
    Compared("capabilities", ("system_id", "variant", "measure", "condition", "unit"),
             ("value_low", "value", "value_high"), "unit"),
    Compared("indicators", ("area", "subject", "measure", "unit", "per", "period"),
             ("value_low", "value", "value_high"), "unit"),
    Compared("claims", ("subject_id", "relation", "object_id"),
             ("ratio_low", "ratio", "ratio_high"), "times"),
)  # fmt: skip


def same_fact(tolerance: float | None) -> Iterator[Row]:
    """Figures of one ``fact_id`` that differ, by :func:`armscost.conflicts`' rule."""
    for compared in ON_ONE_FACT:
        rows = _several(graded(compared.table), list(compared.same))
        for key, group in rows.groupby(list(compared.same), sort=False, dropna=False):
            yield from _against_the_best(group, compared, "same_fact", str(key[0]), tolerance)


def same_thing(tolerance: float | None) -> Iterator[Row]:
    """Figures of several facts on one quantity that differ."""
    for compared in ON_ONE_THING:
        rows = _several(graded(compared.table), list(compared.same))
        rows = rows.assign(_time=[_time(row) for row in records(rows)])
        # One figure a fact: the facts are set against each other, not the papers.
        if "fact_id" in rows:
            rows = rows.drop_duplicates([*compared.same, "_time", "fact_id"])
        for key, group in rows.groupby([*compared.same, "_time"], sort=False, dropna=False):
            words = [str(part) for part in key[:-1] if part == part and part is not None]
            what = ", ".join(words).replace("_", " ")
            yield from _against_the_best(group, compared, "same_thing", what, tolerance)


def descriptions(_tolerance: float | None) -> Iterator[Row]:
    """Contributions of one fact with different items, where a figure is graded as doubtful."""
    rows = graded("contributions")
    for fact, group in rows.groupby("fact_id", sort=False):
        told = group[group["item"].notna()].drop_duplicates(["item", "system_id"])
        if len(told) > 1 and (group["credibility"].isin([4, 5])).any():
            best, *others = records(told)
            for other in others:
                what = f"{fact}: {_described(best)}, or {_described(other)}"
                yield conflict(
                    "description", "contributions", what, [best], [other], math.nan, math.nan, ""
                )


def _several(rows: pd.DataFrame, same: list[str]) -> pd.DataFrame:
    """The rows that share their key with another: the only ones that can disagree."""
    return rows[rows.duplicated(same, keep=False)]


def _described(row: Row) -> str:
    return f"{row['item']} ({row['system_id']})" if "system_id" in row else str(row["item"])


def conflict(
    kind: str,
    table: str,
    what: str,
    left: list[Row],
    right: list[Row],
    left_value: float,
    right_value: float,
    unit: str,
) -> Row:
    """One row of the answer; several figures on a side are parted by ``"; "``."""
    key = TABLES[table].key[0]
    sides: Row = {}
    for name, rows in (("left", left), ("right", right)):
        sides[f"{name}_id"] = "; ".join(row[key] for row in rows)
        sides[f"{name}_source"] = "; ".join(dict.fromkeys(row["source_id"] for row in rows))
        sides[f"{name}_statement"] = " + ".join(row["statement"] for row in rows)
    gap = right_value / left_value - 1 if left_value else math.nan
    return {
        "kind": kind, "table": table, "what": what, "left_value": left_value,
        "right_value": right_value, "unit": unit, "gap": gap, **sides,
    }  # fmt: skip


def _against_the_best(
    group: pd.DataFrame, compared: Compared, kind: str, what: str, tolerance: float | None
) -> Iterator[Row]:
    room = ROUNDING if tolerance is None else tolerance
    given = group[group[list(compared.values)].notna().any(axis=1)]
    if len(given) < 2:
        return
    rows = records(given)
    best, seen = rows[0], set()
    for other in rows[1:]:
        ours, theirs = (_central(row, compared) for row in (best, other))
        if theirs in seen or not _one_variant(best, other, compared):
            continue
        if _apart(_allowed(best, compared), _allowed(other, compared), room):
            seen.add(theirs)
            unit = str(best.get(compared.unit, compared.unit))
            unit = f"per {unit}" if compared.unit == "per" else unit
            yield conflict(kind, compared.table, what, [best], [other], ours, theirs, unit)


def _central(row: Row, compared: Compared) -> float:
    found = [row[name] for name in compared.values if name in row]
    best = compared.values[len(compared.values) // 2]
    return float(row.get(best, sum(found) / len(found)))


def _allowed(row: Row, compared: Compared) -> tuple[float, float]:
    """The values that a figure allows, by its own words."""
    found = [row[name] for name in compared.values if name in row]
    low, high = min(found), max(found)
    if row["qualifier"] == "at_least":
        return low, math.inf
    if row["qualifier"] == "at_most":
        return 0.0, high
    room = ABOUT if row["qualifier"] == "about" and len(compared.values) > 1 else 0.0
    return low * (1 - room), high * (1 + room)


def _apart(ours: tuple[float, float], theirs: tuple[float, float], tolerance: float) -> bool:
    (_, below), (above, _) = sorted((ours, theirs))
    return above > below * (1 + tolerance)


def _one_variant(best: Row, other: Row, compared: Compared) -> bool:
    """Whether two figures may be of one variant; a variant that is not stated may be any."""
    if "variant" in compared.same or compared.table != "outputs":
        return True
    if best["per"] in ("period", "cumulative"):
        return bool(best.get("variant") == other.get("variant"))
    stated = {row["variant"] for row in (best, other) if "variant" in row}
    return len(stated) < 2


def _time(row: Row) -> str:
    """What else must be alike in time: the month of a plan, the quarter of a statistic."""
    quarter = re.search(r"\b(Q[1-4]|Jan|Feb)\b", row["statement"])
    if row.get("status") in _PLANS:
        return f"{row.get('period_start')} {str(row.get('stated_on'))[:7]}"
    if row.get("per") in ("period", "cumulative"):
        return str(row.get("period_start"))
    return quarter[1] if quarter and "period" in row else ""

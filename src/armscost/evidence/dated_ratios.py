"""Stated ratios of output, growth, wages and delivery times: the dated figures on either side."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from armscost import prices, units
from armscost.errors import NoRateError
from armscost.evidence.periods import CLASS_OF, OUTCOME, common_years, yearly
from armscost.evidence.ratios import LIKE, LOOSE, Side, Test, untestable
from armscost.evidence.tables import facts_once, graded, plain
from armscost.records import SHOWN_TO_BE_WRONG, TABLES, disproved
from armscost.results import records
from armscost.units import CURRENCIES

# Words for places in the ids of claims; an area that is not here is written as its code.
AREAS = {
    "bulgaria": "BGR", "france": "FRA", "germany": "DEU", "poland": "POL", "russia": "RUS",
    "slovakia": "SVK", "ukraine": "UKR",
}  # fmt: skip


class DatedFigures:
    """The dated figures that claims are held against.

    Args:
        to: Currency and price year of money.
        method: How money is brought there; see :func:`armscost.compare`.
        years_back: How many years before a claim still speak of its time.
    """

    def __init__(self, to: str, method: dict[str, Any], years_back: int) -> None:
        self.currency, self.year = units.price_unit(to)
        self.method, self.years_back = method, years_back
        self.factors: list[prices.Factor] = []
        self.left_out: list[dict[str, str]] = []

    def outputs(self, system: str, area: str | None = None) -> list[dict[str, Any]]:
        """The yearly rates of a system, one row a figure, the best graded first."""
        table = graded("outputs")
        rows = table[table["system_id"] == system]
        if area is not None:
            rows = rows[rows["area"] == area]
        found = []
        for row in records(self.standing("outputs", rows)):
            rate = yearly(row)
            if isinstance(rate, str):
                self.leave_out(row["output_id"], rate, row["source_id"])
                continue
            found.append(row | {"rate": rate, "class": (CLASS_OF[row["status"]], str(row["item"]))})
        return found

    def standing(self, table: str, rows: pd.DataFrame) -> pd.DataFrame:
        """The figures that were not shown to be wrong; the others are left out."""
        wrong = rows["credibility"] == SHOWN_TO_BE_WRONG
        for row in records(rows[wrong]):
            self.leave_out(row[TABLES[table].key[0]], str(disproved(row)), row["source_id"])
        return rows[~wrong]

    def leave_out(self, figure: str, reason: str, source: str) -> None:
        """Remember a figure that was not used."""
        self.left_out.append({"figure": figure, "reason": reason, "source_id": source})

    def money(self, row: dict[str, Any], year: int, figure_id: str, kind: str) -> Side | None:
        """An indicator as one side of a ratio: money at one price year, else its bare value."""
        found = [row[name] for name in ("value_low", "value", "value_high") if name in row]
        if not found:
            return None
        factor, nominal, steps = 1.0, 1.0, ""
        unit = str(row.get("unit", ""))
        if unit in CURRENCIES:
            try:
                way = prices.factor(unit, year, self.currency, self.year, **self.method)
                plain = prices.factor(unit, year, self.currency, year, **self.method)
            except NoRateError as error:
                self.leave_out(figure_id, str(error), row["source_id"])
                return None
            self.factors.append(way)
            factor, nominal = way.value, plain.value / way.value
            steps = "\n".join(f"× {step.value:.5g}  {step.line}" for step in way.steps)
        per = f" per {row['per']}" if "per" in row else ""
        central = row.get("value", sum(found) / len(found))
        return Side(
            figure_id,
            min(found) * factor,
            central * factor,
            max(found) * factor,
            kind,
            f"{central:,.6g} {unit}{per}, {row['period']}",
            str(row["source_id"]),
            nominal,
            steps,
        )


# --------------------------------------------------------------------------------------
# Output and growth
# --------------------------------------------------------------------------------------


def output_tests(claim: dict[str, Any], dated: DatedFigures) -> list[Test]:
    """Hold a stated ratio of outputs against the rates of one year and one status.

    Args:
        claim: A row of ``claims`` with the relation ``output``.
        dated: Where the figures come from.

    Returns:
        A strict test for each year in which both sides have outcomes (produced, delivered) of
        one item, for the claim speaks of what is made. Capacities, plans, and outcomes beside
        plans where one side has no outcome, are read loosely.
    """
    sides = [dated.outputs(claim[name]) for name in ("subject_id", "object_id")]
    names = [claim["subject_id"], claim["object_id"]]
    missing = [name for name, rows in zip(names, sides, strict=True) if not rows]
    if missing:
        return [untestable(f"no rate of output of {' or of '.join(missing)}")]
    stated = _year(claim.get("stated_on"))
    ours, theirs = (dict.fromkeys(row["class"] for row in rows) for rows in sides)
    strict, loose = [], []
    for kinds in [(a, b) for a in ours for b in theirs if a[1] == b[1]]:
        for year in _years(sides, kinds, stated, dated):
            if kinds[0][0] == kinds[1][0] == OUTCOME:
                strict.append(_rate_test(LIKE, sides, kinds, (year, year)))
            elif kinds[0][0] == kinds[1][0] or OUTCOME in (kinds[0][0], kinds[1][0]):
                loose.append(_rate_test(LOOSE, sides, kinds, (year, year)))
    judged = {test.subject_kind for test in strict}
    loose = [t for t in loose if t.subject_kind not in judged and t.object_kind not in judged]
    if strict:
        return [*strict, *loose]
    there = [f"{name}: {_there(rows)}" for name, rows in zip(names, sides, strict=True)]
    reason = f"no year near {stated} in which both sides have an outcome; {'; '.join(there)}"
    return [untestable(reason), *loose]


def _years(
    sides: list[list[dict[str, Any]]],
    kinds: tuple[tuple[str, str], tuple[str, str]],
    stated: int | None,
    dated: DatedFigures,
) -> list[int]:
    ours, theirs = (
        {year for row in rows if row["class"] == kind for year in row["rate"].years}
        for rows, kind in zip(sides, kinds, strict=True)
    )
    return [a for a, _ in common_years(ours, theirs, stated, dated.years_back, near=False)]


def _rate_test(
    name: str,
    sides: list[list[dict[str, Any]]],
    kinds: tuple[tuple[str, str], tuple[str, str]],
    years: tuple[int, int],
) -> Test:
    chosen = (
        [row for row in rows if row["class"] == kind and year in row["rate"].years]
        for rows, kind, year in zip(sides, kinds, years, strict=True)
    )
    subjects, objects = ([_rate_side(row) for row in facts_once(rows)] for rows in chosen)
    notes = ["planned or possible, not made: a reading, no verdict"] if name == LOOSE else []
    if any("delivered" in side.kind for side in [*subjects, *objects]):
        notes.append("deliveries are of one contract each; output may be larger")
    words = [_rate_kind(kind[0], year) for kind, year in zip(kinds, years, strict=True)]
    return Test(name, subjects, objects, words[0], words[1], note="; ".join(notes))


def _rate_kind(status: str, year: int) -> str:
    return f"{status} {year}, a year"


def _rate_side(row: dict[str, Any]) -> Side:
    rate = row["rate"]
    period = row["period_end"]
    if row.get("period_start", period) != period:
        period = f"{row['period_start']} to {period}"
    ends = (
        f"{rate.low:,.4g} to {rate.high:,.4g}" if rate.low != rate.high else f"{rate.central:,.4g}"
    )
    how = f" ({rate.how})" if rate.how else ""
    return Side(
        row["output_id"], rate.low, rate.central, rate.high,
        f"{row['status']} {period}", f"{ends} {row['item']}s a year{how}, {row['status']} {period}",
        str(row["source_id"]), counted=row["new"],
    )  # fmt: skip


def _there(rows: list[dict[str, Any]]) -> str:
    found: dict[str, set[int]] = {}
    for row in rows:
        found.setdefault(row["class"][0], set()).update(row["rate"].years)
    return ", ".join(f"{kind} {prices.series.spans(years)}" for kind, years in found.items())


def growth_tests(claim: dict[str, Any], dated: DatedFigures) -> list[Test]:
    """Hold a stated growth against the dated figures of the two years in its ids.

    Args:
        claim: A row of ``claims`` with the relation ``growth``; its ids end with a year.
        dated: Where the figures come from.

    Returns:
        A strict test for each kind of figure of one source table that both years have.
    """
    parts = [_thing_and_year(claim[name]) for name in ("subject_id", "object_id")]
    for name, part in zip(("subject_id", "object_id"), parts, strict=True):
        if part is None:
            return [untestable(f"{claim[name]} names no calendar year")]
    (thing, year), (other, before) = parts  # type: ignore[misc] # None was answered above
    if thing != other:
        return [untestable(f"{thing} and {other} are not one thing in two years")]
    tests = [*_growth_of_output(thing, year, before, dated),
             *_growth_of_indicator(thing, year, before, dated)]  # fmt: skip
    return tests or [untestable(f"no figure of {thing} of one kind for both {before} and {year}")]


def _thing_and_year(name: str) -> tuple[str, int] | None:
    found = re.fullmatch(r"(.+)-(\d{4})", name)
    return (found[1], int(found[2])) if found else None


def _growth_of_output(thing: str, year: int, before: int, dated: DatedFigures) -> list[Test]:
    system, area = _system_and_area(thing)
    if system is None:
        return []
    rows = dated.outputs(system, area)
    sides = [rows, rows]
    return [
        _rate_test(LIKE, sides, (kind, kind), (year, before))
        for kind in dict.fromkeys(row["class"] for row in rows)
        if all(
            any(row["class"] == kind and y in row["rate"].years for row in rows)
            for y in (year, before)
        )
    ]


def _system_and_area(thing: str) -> tuple[str | None, str | None]:
    """The system that an id begins with, and the area that the rest of it names."""
    known = set(plain("systems")["system_id"])
    if thing in known:
        return thing, None
    for word, area in AREAS.items():
        if thing.removesuffix(f"-{word}") in known:
            return thing.removesuffix(f"-{word}"), area
    return None, None


def _growth_of_indicator(thing: str, year: int, before: int, dated: DatedFigures) -> list[Test]:
    table = graded("indicators")
    named = (table["subject"] + " " + table["measure"]).map(_slug) == thing
    rows = dated.standing("indicators", table[named & table["period"].notna()])
    tests = []
    for key, group in rows.groupby(["subject", "measure", "unit", "per"], sort=False, dropna=False):
        ours, theirs = (_of_year(group, y, dated) for y in (year, before))
        if ours and theirs:
            kind = f"{key[0]}, {key[1]}".replace("_", " ")
            tests.append(Test(LIKE, ours, theirs, f"{kind} {year}", f"{kind} {before}"))
    return tests


def _slug(text: str) -> str:
    # An industry's output is its branch's: "Ukraine defence industry" is ukraine-defence.
    words = re.findall(r"[a-z0-9]+", text.lower().replace("_", " "))
    return "-".join(word for word in words if word != "industry")


def _of_year(rows: pd.DataFrame, year: int, dated: DatedFigures) -> list[Side]:
    mine = rows[rows["period"].str[:4] == str(year)]
    sides = [
        dated.money(row, year, row["indicator_id"], f"{row['subject']}, {row['measure']}")
        for row in records(mine)
    ]
    return [side for side in sides if side is not None]


# --------------------------------------------------------------------------------------
# Wages and delivery times
# --------------------------------------------------------------------------------------


def wage_tests(claim: dict[str, Any], dated: DatedFigures) -> list[Test]:
    """Hold a stated wage ratio against wages and labour costs of one concept.

    Args:
        claim: A row of ``claims`` with the relation ``wage``; its ids are areas.
        dated: Where the figures come from.

    Returns:
        Strict tests of one measure and one part of the economy; and loose ones of unlike
        measures for the same time worked. A wage is not a labour cost.
    """
    sides = [
        dated.standing("indicators", _wages(claim[name])) for name in ("subject_id", "object_id")
    ]
    missing = [
        claim[name]
        for name, rows in zip(("subject_id", "object_id"), sides, strict=True)
        if rows.empty
    ]
    if missing:
        return [untestable(f"no wage or labour cost of {' or of '.join(missing)}")]
    stated = _year(claim.get("stated_on"))
    concepts = [
        [(tuple(map(str, key)), group) for key, group in rows.groupby(_CONCEPT, sort=False)]
        for rows in sides
    ]
    strict: list[Test] = []
    loose: list[Test] = []
    for ours, our_rows in concepts[0]:
        for theirs, their_rows in concepts[1]:
            name = LIKE if ours == theirs else LOOSE
            if ours[2] != theirs[2]:
                continue
            found = _wage_test(name, (our_rows, their_rows), (ours, theirs), stated, dated)
            (strict if name == LIKE else loose).extend(found)
    if strict:
        return strict
    shown = [
        ", ".join(dict.fromkeys(f"{key[0]} per {key[2]}" for key, _ in found)).replace("_", " ")
        for found in concepts
    ]
    reason = f"no concept that both have near {stated}: {' against '.join(shown)}"
    return [untestable(reason), *loose]


_CONCEPT = ["measure", "subject", "per"]


def _wages(area: str) -> pd.DataFrame:
    table = graded("indicators")
    code = AREAS.get(area, area)
    money = table["unit"].isin(CURRENCIES) & table["period"].notna() & table["per"].notna()
    pay = table["measure"].str.contains("wage|labour_cost|compensation")
    return table[(table["area"] == code) & money & pay]


def _wage_test(
    name: str,
    rows: tuple[pd.DataFrame, pd.DataFrame],
    concepts: tuple[tuple[str, ...], tuple[str, ...]],
    stated: int | None,
    dated: DatedFigures,
) -> list[Test]:
    ours, theirs = ({int(p[:4]) for p in frame["period"]} for frame in rows)
    tests = []
    for years in common_years(ours, theirs, stated, dated.years_back, near=True):
        subjects, objects = (
            _of_year(frame, year, dated) for frame, year in zip(rows, years, strict=True)
        )
        notes = [] if years[0] == years[1] else [f"no common year: {years[0]} against {years[1]}"]
        if name == LOOSE:
            notes.append("two concepts: a reading, no verdict")
        kinds = [f"{_concept(key)}, {year}" for key, year in zip(concepts, years, strict=True)]
        if subjects and objects:
            note = "; ".join(notes)
            tests.append(Test(name, subjects, objects, kinds[0], kinds[1], note=note))
    return tests


def _concept(key: tuple[str, ...]) -> str:
    return f"{key[0].replace('_', ' ')} ({key[1]}) per {key[2]}"


def delivery_tests(claim: dict[str, Any], dated: DatedFigures) -> list[Test]:
    """Hold a stated ratio of delivery times against lead times, what was and what was planned.

    Args:
        claim: A row of ``claims`` with the relation ``delivery_time``.
        dated: Where the figures come from.

    Returns:
        A strict test of outcomes and one of plans, where both sides have them.
    """
    table = graded("deliveries")
    months = table[["lead_months_low", "lead_months", "lead_months_high"]]
    known = table[months.notna().any(axis=1)]
    sides = [
        dated.standing("deliveries", known[known["system_id"] == claim[name]])
        for name in ("subject_id", "object_id")
    ]
    tests = []
    for planned, word in (("no", "outcome"), ("yes", "plan")):
        subjects, objects = (
            [_lead_side(row, word) for row in facts_once(records(rows[rows["planned"] == planned]))]
            for rows in sides
        )
        if subjects and objects:
            kind = f"lead time, {word}"
            tests.append(Test(LIKE, subjects, objects, kind, kind))
    names = f"{claim['subject_id']} and {claim['object_id']}"
    return tests or [untestable(f"no lead times of one kind of both {names}")]


def _lead_side(row: dict[str, Any], word: str) -> Side:
    ends = ("lead_months_low", "lead_months", "lead_months_high")
    found = [row[name] for name in ends if name in row]
    central = row.get("lead_months", sum(found) / len(found))
    return Side(
        row["delivery_id"], min(found), central, max(found), f"lead time, {word}",
        f"{central:g} months", str(row["source_id"]), counted=row["new"],
    )  # fmt: skip


def _year(date: str | None) -> int | None:
    return int(date[:4]) if date else None

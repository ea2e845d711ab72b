"""What systems can do: published characteristics and what is derived from them, in one unit.

A figure keeps its condition (which shell, in what time). A derived measure carries its formula
and the published figures that went into it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from armscost import datasets, units
from armscost.errors import OutsideEvidenceError, chosen, each_chosen
from armscost.records import disproved
from armscost.results import records

UNSTATED = "unstated"
PER_CREW = "_per_crew_member"
# How far a gun reaches is said of a shell; without it, two ranges are not of one kind.
_OF_A_SHELL = ("range_max", "range_demonstrated", "tonne_kilometres")
_COUNTED = {
    "barrel_length": "calibre",
    "crew": "person",
    "crew_minimum": "person",
    "rounds_carried": "round",
    "rounds_in_time": "round",
}
_LESS_IS_BETTER = ("combat_weight", "crew", "crew_minimum", "reload_time")
_FIGURE = ["capability_id", "variant", "qualifier", "statement", "source_id"]


@dataclass(frozen=True)
class Formula:
    """One way to a derived measure.

    Attributes:
        inputs: The published measures that go in, and the unit each is brought to.
        unit: The unit of what comes out.
        text: The formula, as shown to the reader.
        combine: The inputs' values to the value.
        falling: Inputs that lower the value: their high end goes with the low end.
        condition: What the way makes the value depend on; unlike ways are unlike conditions.
        keep: Which figures of the inputs it is for.
    """

    inputs: dict[str, str]
    unit: str
    text: str
    combine: Callable[..., float]
    falling: tuple[str, ...] = ()
    condition: str | None = None
    keep: Callable[[pd.DataFrame], pd.DataFrame] = lambda figures: figures


@dataclass(frozen=True)
class Capabilities:
    """The figures of one measure.

    Attributes:
        figures: A row a figure: ``system_id``, ``condition``, ``open`` (the condition matters
            and is not stated), ``low``, ``central``, ``high`` in ``unit``, ``printed``,
            ``counted`` (False repeats another), ``sources`` and what else leads back to print.
        unit: The unit of all values.
        notes: What shaped them, one line each.
        left_out: Figures not used, and systems that have none.
    """

    figures: pd.DataFrame
    unit: str
    notes: list[str]
    left_out: pd.DataFrame


def _within_a_minute(figures: pd.DataFrame) -> pd.DataFrame:
    """The rounds counted over the longest time that ends within the minute."""
    found = figures["condition"].fillna("").str.extract(r"^in (\d+) s$")[0].astype("float")
    inside = figures[found <= 60].assign(_seconds=found)
    longest = inside.groupby("system_id")["_seconds"].transform("max")
    return inside[inside["_seconds"] == longest].drop(columns="_seconds")


DERIVED: dict[str, tuple[Formula, ...]] = {
    "rounds_first_minute": (
        Formula(
            {"rate_of_fire_burst": "1/minute"}, "round", "rate_of_fire_burst × 1 minute",
            lambda rate: rate, condition="burst rate held for the minute",
        ),
        Formula(
            {"rate_of_fire": "1/minute"}, "round", "rate_of_fire × 1 minute",
            lambda rate: rate, condition="stated rate held for the minute",
        ),
        Formula(
            {"rounds_in_time": "round"}, "round",
            "rounds_in_time, where that time is at most 60 s (so at least this many)",
            lambda rounds: rounds, condition="rounds counted", keep=_within_a_minute,
        ),
    ),
    "shells_per_hour": (
        Formula(
            {"rate_of_fire_sustained": "1/hour"}, "round", "rate_of_fire_sustained × 1 hour",
            lambda rate: rate,
        ),
    ),
    "tonne_kilometres": (
        Formula(
            {"payload": "tonne", "range_max": "km"}, "tonne*km", "payload × range_max",
            lambda payload, reach: payload * reach,
        ),
        Formula(
            {"rounds_carried": "round", "shell_mass": "tonne", "range_max": "km"}, "tonne*km",
            "rounds_carried × shell_mass × range_max",
            lambda rounds, mass, reach: rounds * mass * reach,
        ),
    ),
}  # fmt: skip


def measures() -> list[str]:
    """Every measure one can ask for, apart from those per crew member.

    Returns:
        The published measures, then the derived ones; ``_per_crew_member`` after any of them
        divides it by the crew.

    Example:
        >>> "range_max" in measures(), "rounds_first_minute" in measures()
        (True, True)
    """
    published = datasets.shared_table("capabilities")["measure"].unique()
    return [*sorted(published), *DERIVED]


def capabilities(
    systems: Sequence[str],
    measure: str,
    *,
    under: str | Sequence[str] | None = None,
    alike: str | Sequence[str] | None = None,
) -> Capabilities:
    """The figures of a measure for some systems, in one unit, each with its condition.

    Args:
        systems: Ids of systems.
        measure: A published measure, a derived one, or one of them with ``_per_crew_member``.
        under: Keep only figures under these conditions; ``"unstated"`` for those without.
        alike: Conditions that you declare alike: they become one.

    Returns:
        The :class:`Capabilities`.

    Raises:
        UnknownNameError: For an unknown measure or condition, with the nearest names.
        OutsideEvidenceError: Where no system has a figure, with what is missing; and for the
            crew per crew member.
    """
    bare = measure.removesuffix(PER_CREW) if isinstance(measure, str) else measure
    where = "armscost.load('capabilities')['measure'].unique()"
    chosen("measure", bare, measures(), where=where)
    if bare == "crew" != measure:
        raise OutsideEvidenceError("the crew per crew member is always one; name another measure")
    ways, unit = _ways(measure)
    found: list[dict[str, Any]] = []
    missing: list[dict[str, Any]] = []
    for system in systems:
        made, reasons = _of_system(system, measure, ways)
        found += made
        missing += reasons
        if not made and not reasons:
            reason = f"no figure of {measure} published"
            missing.append({"figure": system, "reason": reason, "system_id": system})
    left_out = pd.DataFrame(missing, columns=["figure", "reason", "system_id", "source_id"])
    if not found:
        why = "; ".join(dict.fromkeys(row["reason"] for row in missing))
        raise OutsideEvidenceError(f"{measure} of {', '.join(systems)}: {why}")
    figures = pd.DataFrame(found).assign(measure=measure, measure_unit=unit)
    # one origin's one value is one statement, however often it is printed
    one = ["system_id", "condition", "origin_id", "low", "central", "high"]
    figures["counted"] = ~figures.duplicated(one)
    figures, notes = _under(figures, under, alike)
    return Capabilities(figures, unit, [*_notes(measure, ways, figures), *notes], left_out)


def _ways(measure: str) -> tuple[tuple[Formula, ...], str]:
    """How a measure comes about, and its unit; a published one is its own only input."""
    if measure.endswith(PER_CREW):
        return tuple(_per_crew(way) for way in _ways(measure.removesuffix(PER_CREW))[0]), (
            f"{_ways(measure.removesuffix(PER_CREW))[1]}/person"
        )
    if measure in DERIVED:
        return DERIVED[measure], DERIVED[measure][0].unit
    table = datasets.shared_table("capabilities")
    stated = table.loc[table["measure"] == measure, "unit"].dropna()
    unit = str(stated.mode().iloc[0]) if len(stated) else _COUNTED.get(measure, "1")
    return (Formula({measure: unit}, unit, measure, lambda value: value),), unit


def _per_crew(way: Formula) -> Formula:
    return Formula(
        inputs=way.inputs | {"crew": "person"},
        unit=f"{way.unit}/person",
        text=f"({way.text}) / crew" if " " in way.text else f"{way.text} / crew",
        combine=lambda *values: way.combine(*values[:-1]) / values[-1],
        falling=(*way.falling, "crew"),
        condition=way.condition,
        keep=way.keep,
    )


# --------------------------------------------------------------------------------------
# The figures of one system
# --------------------------------------------------------------------------------------


def _of_system(
    system: str, measure: str, ways: tuple[Formula, ...]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Its figures by every way there is, and what could not be used or is missing."""
    made: list[dict[str, Any]] = []
    unused: list[dict[str, Any]] = []
    lacking: list[str] = []
    for way in ways:
        stated = {name: _published(system, name, unit, unused) for name, unit in way.inputs.items()}
        kept = {name: way.keep(rows) if len(rows) else rows for name, rows in stated.items()}
        absent = [name for name, rows in kept.items() if rows.empty]
        if absent:
            lacking.append(f"{measure} = {way.text} needs {' and '.join(absent)}")
            continue
        for inputs in product(*(records(rows) for rows in kept.values())):
            made.append(_derived(system, measure, way, dict(zip(kept, inputs, strict=True))))
    if not made and (len(ways) > 1 or measure not in ways[0].inputs):
        reason = "; ".join(dict.fromkeys(lacking)) + ": not published"
        unused.append({"figure": system, "reason": reason, "system_id": system})
    return made, unused


def _published(system: str, measure: str, unit: str, unused: list[dict[str, Any]]) -> pd.DataFrame:
    """The published figures in one unit; those that cannot be used are added to ``unused``."""
    table = datasets.shared_table("capabilities")
    sources = datasets.shared_table("sources").set_index("source_id")
    rows = []
    for row in records(table[(table["system_id"] == system) & (table["measure"] == measure)]):
        reason = disproved(row)
        scale = units.factor_between(str(row.get("unit", unit)), unit)
        if scale is None:
            reason = f"{row['unit']} does not convert to {unit}"
        ends = [row[name] for name in ("value_low", "value", "value_high") if name in row]
        if not ends or max(ends) <= 0:
            reason = "no value above zero"
        if scale is None or reason is not None:
            told = {"figure": row["capability_id"], "reason": reason, "system_id": system}
            unused.append(told | {"source_id": row["source_id"]})
            continue
        source = sources.loc[row["source_id"]]
        central = row.get("value", (ends[0] + ends[-1]) / 2)
        rows.append(
            {name: row.get(name) for name in _FIGURE}
            | {
                "system_id": system,
                "condition": row.get("condition"),
                "low": ends[0] * scale,
                "central": central * scale,
                "high": ends[-1] * scale,
                "printed": _as_printed(measure, row, scale, unit),
                "grade": f"{source['reliability']}{row['credibility']}",
                "publisher": source["publisher"],
                "origin_id": source["origin_id"],
            }
        )
    return pd.DataFrame(rows, columns=None if rows else ["condition", "system_id"])


def _as_printed(measure: str, row: dict[str, Any], scale: float, unit: str) -> str:
    ends = [row[name] for name in ("value_low", "value", "value_high") if name in row]
    firm = "" if row["qualifier"] in ("exact", "range") else f"{row['qualifier']} "
    shown = " to ".join(f"{end:g}" for end in ends)
    own = row.get("unit", _COUNTED.get(measure, ""))
    turned = "" if scale == 1 else f" (× {scale:g} = {ends[-1] * scale:g} {unit})"
    return f"{measure}: {firm.replace('_', ' ')}{shown} {own}".rstrip() + turned


def _derived(
    system: str, measure: str, way: Formula, inputs: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """One figure of the measure out of one figure of each input; ends go with ends."""
    ends = {"low": "high", "central": "central", "high": "low"}
    values = {
        end: way.combine(
            *(row[ends[end] if name in way.falling else end] for name, row in inputs.items())
        )
        for end in ends
    }
    rows = list(inputs.values())
    stated = [row.get("condition") for row in rows]
    gun = "howitzer" in str(_category(system))
    reach = any(name in _OF_A_SHELL for name in way.inputs)
    parts = [way.condition, *stated]
    if way.condition == "rounds counted":
        parts = [f"{way.condition} {stated[0]}"]
    condition = "; ".join(str(part) for part in parts if part)
    first = rows[0]
    return {name: first.get(name) for name in _FIGURE} | values | {
        "system_id": system,
        "capability_id": " + ".join(str(row["capability_id"]) for row in rows),
        "condition": condition or None,
        "open": gun and reach and not any(stated),
        "printed": "\n".join(
            f"{row['printed']}  [{row['capability_id']}]\n"
            f"  {row['publisher']}, grade {row['grade']}, {row['source_id']}"
            for row in rows
        ),
        "formula": "" if way.text == measure else f"{measure} = {way.text}",
        "variants": "; ".join(str(row["variant"]) for row in rows if row.get("variant")),
        "grade": ", ".join(str(row["grade"]) for row in rows),
        "origin_id": " + ".join(str(row["origin_id"]) for row in rows),
        "sources": tuple(str(row["source_id"]) for row in rows),
        "firm": all(row["qualifier"] not in ("at_least", "at_most") for row in rows),
    }  # fmt: skip


def _category(system: str) -> str:
    table = datasets.shared_table("systems")
    return str(table.loc[table["system_id"] == system, "category"].iloc[0])


# --------------------------------------------------------------------------------------
# Conditions
# --------------------------------------------------------------------------------------


def _under(
    figures: pd.DataFrame, under: str | Sequence[str] | None, alike: str | Sequence[str] | None
) -> tuple[pd.DataFrame, list[str]]:
    """Keep what the caller names, and make one condition of those declared alike."""
    notes = []
    words = figures["condition"].fillna(UNSTATED)
    there = sorted(set(words))
    if under is not None:
        wanted = _conditions(under, there)
        figures, words = figures[words.isin(wanted)], words[words.isin(wanted)]
        notes.append(f"only figures under: {', '.join(wanted)}")
    if alike is not None:
        declared = _conditions(alike, there)
        named = " or ".join(declared)
        same = words.isin(declared)
        figures = figures.assign(
            condition=figures["condition"].mask(same, named), open=figures["open"] & ~same
        )
        notes.append(f"taken as alike because you said so: {', '.join(declared)}")
    return figures.reset_index(drop=True), notes


def _conditions(given: str | Sequence[str], there: list[str]) -> list[str]:
    words = each_chosen("condition among these figures", given, there)
    if not words:
        raise OutsideEvidenceError(f"no condition named; there are {', '.join(there)}")
    return words


def _notes(measure: str, ways: tuple[Formula, ...], figures: pd.DataFrame) -> list[str]:
    used = set(figures["formula"]) - {""}
    notes = [line for line in (f"{measure} = {way.text}" for way in ways) if line in used]
    loose = int((~figures["firm"].astype(bool)).sum())
    if loose:
        notes.append(
            f"{loose} capability figure(s) say at least or at most: taken at the value they name"
        )
    for system, own in figures.groupby("system_id", sort=False):
        variants = sorted({v for text in own["variants"] for v in text.split("; ") if v})
        if len(variants) > 1:
            notes.append(f"{measure} of {system} is of several variants: {', '.join(variants)}")
    if measure in _LESS_IS_BETTER or re.match(r"time_", measure):
        notes.append(f"{measure}: less is better, so a low cost per unit of it is no merit")
    return notes


def ends(figures: pd.DataFrame) -> dict[str, Any]:
    """Lowest, median and highest of figures under one condition, and how many there are."""
    figures = figures[figures["counted"]]
    return {
        "capability_low": float(figures["low"].min()),
        "capability": float(np.median(figures["central"])),
        "capability_high": float(figures["high"].max()),
        "n_figures": len(figures),
    }

"""Faults of the curated text, all at once, each with its place and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from armscost.curation.rules import broken_rules
from armscost.curation.text import Entry, tables_of
from armscost.datasets import kind_of
from armscost.errors import Problem, nearest_names
from armscost.records import TABLES, Record

# What a text must look like, for the fields whose pattern says little to a reader.
FORMS = {
    "currency": "three capital letters, such as EUR",
    "area": "an ISO country code such as UKR, or EA, EU",
    "country": "an ISO country code such as UKR",
    "url": "an address that begins with http:// or https://",
    "language": "two small letters, such as uk",
}
FORMS |= dict.fromkeys(
    ("measure", "index", "kind"), "small letters, digits and underscores, such as range_max"
)
IDENTIFIER_FORM = "small letters, digits and hyphens, such as caesar-france-2024-12"


def check(entries: list[Entry]) -> tuple[dict[str, list[Record]], list[Problem]]:
    """Validate every entry and the references between them.

    Args:
        entries: What :func:`armscost.curation.text.read_curated` read.

    Returns:
        The valid rows of each table, and every fault found.
    """
    problems: list[Problem] = []
    rows: dict[str, list[Record]] = {name: [] for name in TABLES}
    good: list[tuple[Entry, Record]] = []
    for entry in entries:
        try:
            row = TABLES[entry.table].model_validate(entry.values)
        except ValidationError as error:
            problems.extend(_told(entry, fault) for fault in error.errors())
        else:
            rows[entry.table].append(row)
            good.append((entry, row))
    problems.extend(_keys(entries))
    problems.extend(_references(entries))
    problems.extend(broken_rules(entries, good))
    return rows, problems


def _told(entry: Entry, fault: Any) -> Problem:
    """A validation error of pydantic in the words of a curator."""
    name = str(fault["loc"][0]) if fault["loc"] else ""
    fields = TABLES[entry.table].model_fields
    kind, limits = fault["type"], fault.get("ctx", {})
    reason = fault["msg"]
    if kind == "missing":
        what = fields[name].description
        words = kind_of(fields[name].annotation)[1]
        reason = f"is missing: {what}" + (f"; one of {', '.join(words)}" if words else "")
    elif kind == "extra_forbidden":
        near = nearest_names(name, list(fields))
        reason = f"no such field in {entry.table}" + (f"; did you mean {near[0]}?" if near else "")
    elif kind == "literal_error":
        words = kind_of(fields[name].annotation)[1]
        near = nearest_names(str(fault["input"]), words)
        hint = f"did you mean {near[0]}? " if near else ""
        reason = f"not in the vocabulary; {hint}allowed: {', '.join(words)}"
    elif kind == "float_parsing":
        money = name.startswith(("amount", "total", "unit_cost"))
        unit = entry.values.get("currency", "its currency") if money else ""
        reason = "not a number; write it " + (f"in {unit} " if unit else "")
        reason += "without separators (e.g. 4200000)"
    elif kind.startswith("int_"):
        reason = "not a whole number; write digits only (e.g. 2024)"
    elif kind == "string_pattern_mismatch":
        form = FORMS.get(name, IDENTIFIER_FORM)
        reason = f"not of the right form; write {form}"
    elif kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        bound = {"greater_than": "above", "greater_than_equal": "at least"}
        bound |= {"less_than": "below", "less_than_equal": "at most"}
        reason = f"out of range; must be {bound[kind]} {next(iter(limits.values()))}"
    elif kind == "string_too_long":
        reason = f"too long; at most {limits['max_length']} characters"
    elif kind == "finite_number":
        reason = "not a finite number; write it in digits"
    elif kind.startswith("date"):
        reason = "not a date; write it as 2024-07-11"
    elif kind == "value_error":
        reason = str(limits.get("error", reason))
        # A rule over several fields names the field it is about first.
        first = reason.split(" ")[0].rstrip(":;,")
        name = name or (first if first in fields else "")
    return entry.problem(name, reason)


def _keys(entries: Iterable[Entry]) -> Iterator[Problem]:
    """No key stands twice in a table."""
    seen: dict[tuple[str | None, ...], Entry] = {}
    for entry in entries:
        key = TABLES[entry.table].key
        if key[0] not in entry.values:
            continue
        spot = (entry.table, *(entry.values.get(name) for name in key))
        if spot in seen:
            where = f"{seen[spot].file}:{seen[spot].line}"
            yield entry.problem(key[0], f"duplicate id: also at {where}; give it another")
        seen.setdefault(spot, entry)


def _references(entries: list[Entry]) -> Iterator[Problem]:
    """Every source, system and whole that is named is there."""
    by_table = tables_of(entries)
    known = {
        "source_id": _names(by_table["sources"], "source_id"),
        "system_id": _names(by_table["systems"], "system_id"),
        "part_of": _names(by_table["contributions"], "contribution_id"),
    }
    what = {"source_id": "source", "system_id": "system", "part_of": "contribution"}
    where = {
        "source_id": "; to add one: a row in datasets/curated/sources.csv",
        "system_id": "; to add one: a file in datasets/curated/systems",
        "part_of": "",
    }
    owner = {"source_id": "sources", "system_id": "systems", "part_of": ""}
    for entry in entries:
        for name, names in known.items():
            value = entry.values.get(name)
            if value is None or entry.table == owner[name] or value in names:
                continue
            near = nearest_names(value, sorted(names))
            hint = f"; did you mean {near[0]}?" if near else ""
            yield entry.problem(name, f"unknown {what[name]}{hint}{where[name]}")
    yield from _circles(by_table["contributions"])


def _circles(contributions: list[Entry]) -> Iterator[Problem]:
    """No contribution is part of itself, directly or by way of others."""
    whole = {e.values.get("contribution_id", ""): e.values.get("part_of") for e in contributions}
    for entry in contributions:
        start = entry.values.get("contribution_id", "")
        above, steps = whole[start], 0
        while above is not None and above != start and steps < len(whole):
            above, steps = whole.get(above), steps + 1
        if above == start:
            yield entry.problem("part_of", "a contribution cannot be part of itself")


def _names(entries: list[Entry], field: str) -> set[str]:
    return {entry.values[field] for entry in entries if field in entry.values}

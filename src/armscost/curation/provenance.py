"""Where each piece of the evidence went: into which row, or why it was left out.

``evidence_ids.csv`` and ``left_out.csv`` are the ledger that nothing was lost on the way from
the notes of the research to the tables. They are no table themselves.
"""

from __future__ import annotations

from pathlib import Path

from armscost.curation.text import Entry, read_csv_file
from armscost.errors import Problem, nearest_names
from armscost.records import TABLES

KEPT = ("evidence_id", "evidence_file", "table", "row_id")
LEFT_OUT = ("evidence_id", "evidence_file", "reason")


def check_provenance(folder: Path, entries: list[Entry]) -> list[Problem]:
    """Check the ledger of the evidence against the entries.

    Args:
        folder: ``datasets/curated``.
        entries: The entries that were read there.

    Returns:
        The faults: cells that are empty, tables and rows that do not exist, ids that stand in
        the ledger twice, or both as kept and as left out. None where there is no ledger.
    """
    problems: list[Problem] = []
    kept = _ledger("evidence_ids", KEPT, folder, problems)
    left_out = _ledger("left_out", LEFT_OUT, folder, problems)
    ids = {name: _row_ids(name, entries) for name in TABLES}
    seen: dict[tuple[str, ...], Entry] = {}
    homes = {_piece(entry): entry for entry in kept}
    for entry in kept:
        table, row_id = entry.values.get("table", ""), entry.values.get("row_id", "")
        if table and table not in TABLES:
            near = nearest_names(table, list(TABLES))
            hint = f"; did you mean {near[0]}?" if near else ""
            problems.append(entry.problem("table", f"no such table{hint}"))
        elif row_id and table and row_id not in ids[table]:
            near = nearest_names(row_id, sorted(ids[table]), most=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            problems.append(entry.problem("row_id", f"no such row in {table}{hint}"))
        problems.extend(_twice(entry, (*_piece(entry), table, row_id), seen))
    for entry in left_out:
        problems.extend(_twice(entry, (*_piece(entry), ""), seen))
        if _piece(entry) in homes:
            home = homes[_piece(entry)]
            reason = f"left out, and kept at {home.file}:{home.line}; remove one"
            problems.append(entry.problem("evidence_id", reason))
    return problems


def _ledger(
    name: str, fields: tuple[str, ...], folder: Path, problems: list[Problem]
) -> list[Entry]:
    path = folder / f"{name}.csv"
    if not path.exists():
        return []
    entries = read_csv_file(name, path, folder, fields, problems)
    for entry in entries:
        for field in fields:
            if field not in entry.values:
                problems.append(entry.problem(field, "is missing"))
        if not entry.values.get("evidence_file", ".csv").endswith(".csv"):
            problems.append(entry.problem("evidence_file", "not a file of the evidence"))
    return entries


def _piece(entry: Entry) -> tuple[str, str]:
    return entry.values.get("evidence_file", ""), entry.values.get("evidence_id", "")


def _twice(
    entry: Entry, line: tuple[str, ...], seen: dict[tuple[str, ...], Entry]
) -> list[Problem]:
    first = seen.setdefault(line, entry)
    if first is entry:
        return []
    return [entry.problem("evidence_id", f"duplicate: also at {first.file}:{first.line}")]


def _row_ids(table: str, entries: list[Entry]) -> set[str]:
    key = TABLES[table].key[0]
    return {e.values[key] for e in entries if e.table == table and key in e.values}

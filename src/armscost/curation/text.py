"""The curated text as entries that know where each of their values stands.

YAML is read as a tree of nodes, so that every scalar keeps its line and column and stays the
text that was typed: ``NO`` is Norway and ``2024-07`` is a month, not a number.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from armscost.errors import MissingExtraError, Problem, nearest_names
from armscost.records import TABLES, columns

# Which tables stand in the file of a system, and which in a file of their own.
IN_SYSTEM_FILES = ("costs", "outputs", "deliveries", "capabilities", "claims")
IN_CSV_FILES = (
    "sources",
    "claims",
    "contributions",
    "indicators",
    "learning_lots",
    "learning_slopes",
    "exchange_rates",
    "price_indices",
    "purchasing_power",
)


# What else stands in the folder: the version, and the ledger of the evidence.
OTHER_FILES = ("VERSION", "evidence_ids.csv", "left_out.csv")


@dataclass
class Entry:
    """One row of a table as typed.

    Attributes:
        table: The table it belongs to.
        file: Its file, relative to the data folder's parent.
        line: The line where it begins, from 1.
        values: Field to text; fields left empty are absent.
        places: Field to its line and column.
    """

    table: str
    file: str
    line: int
    values: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)

    def problem(self, name: str, reason: str) -> Problem:
        """A fault of one field of this entry, or of the entry as a whole."""
        line, column = self.places.get(name, (self.line, 1))
        return Problem(self.file, line, column, name, self.values.get(name, ""), reason)


def read_curated(folder: Path) -> tuple[list[Entry], list[Problem]]:
    """Read every curated file below ``folder``.

    Args:
        folder: ``datasets/curated``.

    Returns:
        The entries in the order of the files, and the faults of form that were met: text that
        is no YAML, keys given twice, tables that do not exist, rows of the wrong width.
    """
    entries: list[Entry] = []
    problems: list[Problem] = list(_strangers(folder))
    for path in sorted((folder / "systems").glob("*.yaml")):
        _read_system(path, _shown(path, folder), entries, problems)
    for table in IN_CSV_FILES:
        path = folder / f"{table}.csv"
        if path.exists():
            entries.extend(read_csv_file(table, path, folder, columns(table), problems))
        elif table == "sources":
            problems.append(Problem.of_file(_shown(path, folder), "the file is missing"))
    return entries, problems


# What those who never wrote YAML stumble over, by a part of what its reader says.
YAML_MENDS = {
    "mapping values are not allowed": "; put a text that holds ': ' in quotes",
    "'\\t'": "; indent with spaces, not tabs",
}


def _strangers(folder: Path) -> Iterator[Problem]:
    """Files that nothing reads: a figure in one of them would be lost without a word."""
    known = {f"{table}.csv" for table in IN_CSV_FILES} | set(OTHER_FILES)
    strangers = [p for p in folder.iterdir() if p.is_file() and p.name not in known]
    strangers += [p for p in (folder / "systems").glob("*") if p.suffix != ".yaml"]
    for path in sorted(p for p in strangers if not p.name.startswith(".")):
        reason = "is read by nothing; a system is systems/<system_id>.yaml, see the guide"
        yield Problem.of_file(_shown(path, folder), reason)


def _shown(path: Path, folder: Path) -> str:
    return path.relative_to(folder.parent.parent).as_posix()


def _read_text(path: Path, shown: str, problems: list[Problem]) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as error:
        problems.append(Problem.of_file(shown, f"cannot be read as UTF-8 text: {error}"))
        return None


def _read_system(path: Path, shown: str, entries: list[Entry], problems: list[Problem]) -> None:
    try:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError
        from ruamel.yaml.nodes import MappingNode, SequenceNode
    except ImportError as error:
        raise MissingExtraError("reading curated YAML", "curation") from error
    text = _read_text(path, shown, problems)
    if text is None:
        return
    try:
        root = YAML(typ="rt").compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        hint = next((mend for sign, mend in YAML_MENDS.items() if sign in str(error.problem)), "")
        problems.append(Problem(shown, line, column, "", "", f"not YAML: {error.problem}{hint}"))
        return
    except YAMLError as error:
        problems.append(Problem.of_file(shown, f"not YAML: {error}"))
        return
    except RecursionError:
        problems.append(Problem.of_file(shown, "nested too deeply; two levels are enough"))
        return
    if not isinstance(root, MappingNode):
        problems.append(Problem(shown, 1, 1, "", "", "must begin with name:, category:, summary:"))
        return
    system = Entry("systems", shown, 1, {"system_id": path.stem}, {"system_id": (1, 1)})
    entries.append(system)
    seen: set[str] = set()
    for key, node in root.value:
        line, column = key.start_mark.line + 1, key.start_mark.column + 1
        if not isinstance(key.value, str):
            problems.append(Problem(shown, line, column, "", "", "a field's name is one word"))
            continue
        if key.value in seen:
            problems.append(Problem(shown, line, column, key.value, "", "given twice; keep one"))
        seen.add(key.value)
        if key.value in IN_SYSTEM_FILES:
            if not isinstance(node, SequenceNode):
                reason = "must be a list: each entry begins with '- '"
                problems.append(Problem(shown, line, column, key.value, "", reason))
                continue
            for item in node.value:
                entry = _entry(key.value, shown, item, problems)
                if entry is not None:
                    if key.value != "claims":
                        given = entry.values.get("system_id", path.stem)
                        if given != path.stem:
                            reason = "the file's name is the system_id; delete this line"
                            problems.append(entry.problem("system_id", reason))
                        entry.values["system_id"] = path.stem
                    entries.append(entry)
        else:
            _take(system, key, node, problems)


def _entry(table: str, shown: str, node: Any, problems: list[Problem]) -> Entry | None:
    line = node.start_mark.line + 1
    if not isinstance(node.value, list) or (node.value and not isinstance(node.value[0], tuple)):
        reason = "must be a block of 'field: value' lines"
        problems.append(Problem(shown, line, node.start_mark.column + 1, table, "", reason))
        return None
    entry = Entry(table, shown, line)
    for key, value in node.value:
        if isinstance(key.value, str):
            _take(entry, key, value, problems)
        else:
            reason = "a field's name is one word"
            problems.append(Problem(shown, line, key.start_mark.column + 1, "", "", reason))
    return entry


def _take(entry: Entry, key: Any, node: Any, problems: list[Problem]) -> None:
    name = key.value
    place = (node.start_mark.line + 1, node.start_mark.column + 1)
    if name in entry.values:
        problems.append(Problem(entry.file, *place, name, str(node.value), "given twice; keep one"))
    entry.places[name] = place
    if not isinstance(node.value, str):
        entry.values[name] = "…"
        problems.append(Problem(entry.file, *place, name, "…", "must be one value, not a list"))
    elif node.value.strip() not in ("", "null", "~"):
        entry.values[name] = node.value


def read_csv_file(
    table: str, path: Path, folder: Path, allowed: Sequence[str], problems: list[Problem]
) -> list[Entry]:
    """Read one curated CSV.

    Args:
        table: The table its rows belong to.
        path: The file.
        folder: ``datasets/curated``, to name the file by.
        allowed: The columns it may have.
        problems: Faults of form are added here.

    Returns:
        One entry a row; cells left empty are absent.
    """
    shown = _shown(path, folder)
    text = _read_text(path, shown, problems)
    if text is None:
        return []
    try:
        (_, head), *rows = list(_csv_rows(text)) or [(1, [])]
    except csv.Error as error:
        problems.append(Problem.of_file(shown, f"not CSV: {error}"))
        return []
    for position, name in enumerate(head, 1):
        if name not in allowed:
            near = nearest_names(name, allowed)
            hint = f"; did you mean {near[0]}?" if near else ""
            problems.append(Problem(shown, 1, position, name, "", f"no such column{hint}"))
        if head.index(name) != position - 1:
            problems.append(Problem(shown, 1, position, name, "", "column given twice"))
    entries = []
    for line, cells in rows:
        if len(cells) != len(head):
            reason = f"has {len(cells)} cells, the head has {len(head)}; quote cells with commas"
            problems.append(Problem(shown, line, 1, "", "", reason))
            continue
        entry = Entry(table, shown, line)
        for position, (name, cell) in enumerate(zip(head, cells, strict=True), 1):
            entry.places[name] = (line, position)
            if cell.strip():
                entry.values[name] = cell
        entries.append(entry)
    return entries


def _csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV with the line each begins on; the column of a fault is that of the cell."""
    reader = csv.reader(text.splitlines(keepends=True))
    line = 1
    for cells in reader:
        if cells:
            yield line, cells
        line = reader.line_num + 1


def tables_of(entries: list[Entry]) -> dict[str, list[Entry]]:
    """The entries of each table, every table present."""
    sorted_out: dict[str, list[Entry]] = {name: [] for name in TABLES}
    for entry in entries:
        sorted_out[entry.table].append(entry)
    return sorted_out

"""Tables as Arrow, with the schema and the metadata that follow from ``records``."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from armscost.datasets import ATTRS_KEY, describe
from armscost.records import TABLES, Record, columns
from armscost.results import rows_of

LICENCE = "CC-BY-4.0 for the compilation; each source keeps its own rights"
# float64 for money: decimals break pandas. Vocabularies as dictionaries, dates as date32.
ARROW = {
    "text": pa.string(),
    "vocabulary": pa.dictionary(pa.int32(), pa.string()),
    "integer": pa.int32(),
    "number": pa.float64(),
    "date": pa.date32(),
}


def schema(name: str, data_version: str) -> pa.Schema:
    """The explicit Arrow schema of a table, with units and descriptions as metadata.

    Args:
        name: A table.
        data_version: The version of the data that the file will carry.

    Returns:
        The schema; its metadata holds JSON under ``armscost`` and ``PANDAS_ATTRS``.
    """
    about = describe(name)
    fields, told = [], {}
    for row in rows_of(about):
        told[row.column] = {"type": row.type, "unit": row.unit, "description": row.description}
        if row.allowed:
            told[row.column]["allowed"] = row.allowed.split(", ")
        note = {"description": row.description, "unit": row.unit}
        kind = ARROW[row.type]
        fields.append(pa.field(row.column, kind, nullable=not row.required, metadata=note))
    model = TABLES[name]
    attrs = {
        "armscost": {
            "table": name,
            "description": model.about,
            "key": list(model.key),
            "data_version": data_version,
            "licence": LICENCE,
            "columns": told,
        }
    }
    metadata = {
        b"armscost": json.dumps(attrs["armscost"], ensure_ascii=False).encode(),
        ATTRS_KEY: json.dumps(attrs, ensure_ascii=False).encode(),
    }
    return pa.schema(fields, metadata=metadata)


def table(name: str, rows: Sequence[Record], data_version: str) -> pa.Table:
    """Rows as an Arrow table, sorted by key."""

    def place(row: Record) -> tuple[Any, ...]:
        return tuple(_sortable(getattr(row, part)) for part in row.key)

    ordered = sorted(rows, key=place)
    arrays = {c: [getattr(row, c) for row in ordered] for c in columns(name)}
    return pa.table(arrays, schema=schema(name, data_version))


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is not None, value.isoformat() if isinstance(value, dt.date) else value)


def write(built: pa.Table, path: Path) -> None:
    """Write one table; one row group, statistics on, so that it is quick to read remotely."""
    pq.write_table(built, path, compression="zstd", compression_level=12, write_statistics=True)


def content_hash(tables: dict[str, pa.Table]) -> str:
    """A hash of what the tables hold, whatever the writer's version made of the bytes."""
    digest = hashlib.sha256()
    for name in sorted(tables):
        digest.update(name.encode())
        for column in tables[name].column_names:
            values = tables[name].column(column).to_pylist()
            digest.update(column.encode())
            digest.update(json.dumps(values, default=str, ensure_ascii=False).encode())
    return digest.hexdigest()

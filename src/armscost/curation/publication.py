"""What stands beside the Parquet files: data package, references, CSV, a workbook, JSON-LD."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from armscost.curation import readme
from armscost.curation.parquet import LICENCE
from armscost.datasets import bibtex_entry, describe
from armscost.errors import MissingExtraError
from armscost.records import TABLES

TITLE = "armscost: what weapon systems cost and how fast they are made"
CSV_FILE = "armscost-csv.zip"
# What makes a spreadsheet take a cell for a formula or a command.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A zip entry carries a date; one fixed date keeps the file the same from build to build.
ZIP_DATE = (2020, 1, 1, 0, 0, 0)
FRICTIONLESS = {
    "text": "string",
    "vocabulary": "string",
    "integer": "integer",
    "number": "number",
    "date": "date",
}
CROISSANT = {
    "text": "sc:Text",
    "vocabulary": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "date": "sc:Date",
}
CROISSANT_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "key": "cr:key",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "sc": "https://schema.org/",
    "source": "cr:source",
}
REFERENCES = {
    "source_id": ("sources", "source_id"),
    "system_id": ("systems", "system_id"),
    "part_of": ("contributions", "contribution_id"),
}


def write_all(tables: dict[str, pa.Table], folder: Path, version: str) -> None:
    """Write every companion file of the tables into ``folder``, which holds the Parquet files."""
    (folder / "sources.bib").write_text(bibliography(tables["sources"]), encoding="utf-8")
    (folder / "README.md").write_text(readme.text(tables, version), encoding="utf-8")
    write_csv(tables, folder / CSV_FILE)
    write_workbook(tables, folder / "armscost.xlsx", version)
    dump(folder / "datapackage.json", data_package(folder, version))
    dump(folder / "croissant.json", croissant(folder, version))


def dump(path: Path, value: Any) -> None:
    """Write JSON that reads well in a diff."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def data_package(folder: Path, version: str) -> dict[str, Any]:
    """The tables as a Data Package (version 2).

    Args:
        folder: Where the Parquet files stand, for their sizes and hashes.
        version: The version of the data.

    Returns:
        The descriptor: each table as CSV with its schema, for tools that validate, and as the
        Parquet file of the same rows, for everything else.
    """
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "armscost",
        "title": TITLE,
        "version": version,
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
                "title": "Creative Commons Attribution 4.0",
            }
        ],
        "contributors": [{"title": "The armscost authors"}],
        "resources": [_resource(name) for name in TABLES]
        + [_parquet_resource(name, folder) for name in TABLES],
    }


def _resource(name: str) -> dict[str, Any]:
    return {
        "name": name.replace("_", "-"),
        "type": "table",
        "path": CSV_FILE,
        "innerpath": f"{name}.csv",
        "compression": "zip",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "description": TABLES[name].about,
        "schema": _schema(name),
    }


def _schema(name: str) -> dict[str, Any]:
    fields = []
    for row in _fields(name):
        field: dict[str, Any] = {
            "name": row.column,
            "type": FRICTIONLESS[row.type],
            "description": row.description,
        }
        if row.unit:
            field["unit"] = row.unit
        limits: dict[str, Any] = {"required": True} if row.required else {}
        if row.allowed:
            limits["enum"] = row.allowed.split(", ")
        if limits:
            field["constraints"] = limits
        fields.append(field)
    model = TABLES[name]
    keys = [
        {"fields": [field], "reference": {"resource": table, "fields": [target]}}
        for field, (table, target) in REFERENCES.items()
        if field in model.model_fields and table != name
    ]
    schema: dict[str, Any] = {"fields": fields}
    if all(model.model_fields[part].is_required() for part in model.key):
        schema["primaryKey"] = list(model.key)
    if keys:
        schema["foreignKeys"] = keys
    return schema


def _parquet_resource(name: str, folder: Path) -> dict[str, Any]:
    path = folder / f"{name}.parquet"
    return {
        "name": f"{name.replace('_', '-')}-parquet",
        "type": "file",
        "path": path.name,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{_sha256(path)}",
        "description": f"{TABLES[name].about}; the same rows as resource {name.replace('_', '-')}",
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def croissant(folder: Path, version: str) -> dict[str, Any]:
    """The same as schema.org and Croissant 1.0 JSON-LD, for data set search engines.

    Args:
        folder: Where the Parquet files stand, for their hashes.
        version: The version of the data.

    Returns:
        The JSON-LD object.
    """
    return {
        "@context": CROISSANT_CONTEXT,
        "@type": "sc:Dataset",
        "name": "armscost",
        "description": TITLE,
        "version": version,
        "datePublished": version.replace(".", "-"),
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "creator": {"@type": "sc:Organization", "name": "The armscost authors"},
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": f"{name}.parquet",
                "name": f"{name}.parquet",
                "contentUrl": f"{name}.parquet",
                "encodingFormat": "application/vnd.apache.parquet",
                "sha256": _sha256(folder / f"{name}.parquet"),
            }
            for name in TABLES
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": name,
                "name": name,
                "description": model.about,
                "key": [{"@id": f"{name}/{part}"} for part in model.key],
                "field": [_croissant_field(name, row) for row in _fields(name)],
            }
            for name, model in TABLES.items()
        ],
    }


def _fields(name: str) -> Iterator[Any]:
    yield from describe(name).itertuples(index=False)


def _croissant_field(table: str, row: Any) -> dict[str, Any]:
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table}/{row.column}",
        "name": row.column,
        "description": row.description,
        "dataType": CROISSANT[row.type],
        "source": {
            "fileObject": {"@id": f"{table}.parquet"},
            "extract": {"column": row.column},
        },
    }
    if row.column in REFERENCES and REFERENCES[row.column][0] != table:
        field["references"] = {"field": {"@id": "/".join(REFERENCES[row.column])}}
    return field


def bibliography(sources: pa.Table) -> str:
    """Every source as BibTeX."""
    rows = ({k: v for k, v in row.items() if v is not None} for row in sources.to_pylist())
    return "\n\n".join(bibtex_entry(row) for row in rows) + "\n"


def spreadsheet_safe(cell: Any) -> Any:
    """A cell that no spreadsheet will run: text that looks like a formula gets an apostrophe.

    Example:
        >>> spreadsheet_safe("=1+1"), spreadsheet_safe(-2.5), spreadsheet_safe("about 5")
        ("'=1+1", -2.5, 'about 5')
    """
    if isinstance(cell, str) and cell[:1] in FORMULA_STARTS:
        return "'" + cell
    return cell


def write_csv(tables: dict[str, pa.Table], path: Path) -> None:
    """All tables as CSV in one zip, the same bytes from build to build."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, table in tables.items():
            text = io.StringIO()
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(table.column_names)
            for row in table.to_pylist():
                writer.writerow([spreadsheet_safe(cell) for cell in row.values()])
            entry = zipfile.ZipInfo(f"{name}.csv", ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.getvalue())


def write_workbook(tables: dict[str, pa.Table], path: Path, version: str) -> None:
    """All tables as one workbook, the same bytes from build to build.

    The first sheet says what there is and under which licence, the second what each column
    holds. Daily fixings, too many for a sheet that opens quickly, stay in Parquet and CSV.

    Raises:
        MissingExtraError: Without the extra ``curation``.
    """
    try:
        from openpyxl import Workbook
    except ImportError as error:
        raise MissingExtraError("writing the workbook", "curation") from error
    book = Workbook(write_only=True)
    about = [("title", TITLE), ("data version", version), ("licence", LICENCE)]
    about += [(name, TABLES[name].about) for name in tables]
    _write_sheet(book, "about", ("what", "text"), about)
    told = [(name, *row) for name in tables for row in _fields(name)]
    head = ("table", "column", "type", "unit", "description", "required", "allowed")
    _write_sheet(book, "columns", head, told)
    for name, table in tables.items():
        rows = [
            tuple(row.values()) for row in table.to_pylist() if row.get("basis") != "daily_fixing"
        ]
        _write_sheet(book, name, table.column_names, rows)
    raw = io.BytesIO()
    book.save(raw)
    _write_undated(raw, path)


def _write_sheet(book: Any, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    from openpyxl.cell import WriteOnlyCell

    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    sheet.append(list(head))
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=spreadsheet_safe(value))
            if isinstance(value, str):
                cell.data_type = "s"  # text is never taken for a formula
            cells.append(cell)
        sheet.append(cells)


def _write_undated(raw: io.BytesIO, path: Path) -> None:
    """Copy a workbook with one fixed date in place of the time it was saved at."""
    stamp = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
    day = b"%04d-%02d-%02dT%02d:%02d:%02dZ" % ZIP_DATE
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "docProps/core.xml":
                content = stamp.sub(rb"\g<1>" + day, content)
            entry = zipfile.ZipInfo(info.filename, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)

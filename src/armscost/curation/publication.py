"""What stands beside the Parquet files: data package, references, CSV, a workbook, JSON-LD."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa

from armscost.datasets import bibtex_entry, describe
from armscost.errors import MissingExtraError
from armscost.records import TABLES
from armscost.results import rows_of

TITLE = "armscost: what weapon systems cost and how fast they are made"
HOME = "armscost"
# A zip entry carries a date; one fixed date keeps the file the same from build to build.
ZIP_DATE = (2020, 1, 1, 0, 0, 0)
FRICTIONLESS = {
    "text": "string",
    "vocabulary": "string",
    "integer": "integer",
    "number": "number",
    "date": "date",
}
REFERENCES = {
    "source_id": ("sources", "source_id"),
    "system_id": ("systems", "system_id"),
    "part_of": ("contributions", "contribution_id"),
}


def write_all(tables: dict[str, pa.Table], folder: Path, version: str) -> None:
    """Write every companion file of the tables into ``folder``."""
    dump(folder / "datapackage.json", data_package(version))
    dump(folder / "croissant.json", croissant(version))
    (folder / "sources.bib").write_text(bibliography(tables["sources"]), encoding="utf-8")
    write_csv(tables, folder / "armscost-csv.zip")
    write_workbook(tables, folder / "armscost.xlsx")


def dump(path: Path, value: Any) -> None:
    """Write JSON that reads well in a diff."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def data_package(version: str) -> dict[str, Any]:
    """The tables as a Data Package (version 2)."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "armscost",
        "title": TITLE,
        "version": version,
        "licenses": [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"}],
        "resources": [_resource(name) for name in TABLES],
    }


def _resource(name: str) -> dict[str, Any]:
    fields = []
    for row in rows_of(describe(name)):
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
    return {
        "name": name.replace("_", "-"),
        "path": f"{name}.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": model.about,
        "schema": schema,
    }


def croissant(version: str) -> dict[str, Any]:
    """The same as schema.org and Croissant JSON-LD, for data set search engines."""
    kinds = {"text": "sc:Text", "vocabulary": "sc:Text", "integer": "sc:Integer"}
    kinds |= {"number": "sc:Float", "date": "sc:Date"}
    return {
        "@context": {
            "@vocab": "https://schema.org/",
            "sc": "https://schema.org/",
            "cr": "http://mlcommons.org/croissant/",
        },
        "@type": "sc:Dataset",
        "name": "armscost",
        "description": TITLE,
        "version": version,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": f"{name}.parquet",
                "name": f"{name}.parquet",
                "contentUrl": f"{name}.parquet",
                "encodingFormat": "application/vnd.apache.parquet",
            }
            for name in TABLES
        ],
        "cr:recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": name,
                "name": name,
                "description": model.about,
                "cr:field": [
                    {
                        "@type": "cr:Field",
                        "@id": f"{name}/{row.column}",
                        "name": row.column,
                        "description": row.description,
                        "cr:dataType": kinds[row.type],
                        "cr:source": {
                            "cr:fileObject": {"@id": f"{name}.parquet"},
                            "cr:extract": {"cr:column": row.column},
                        },
                    }
                    for row in rows_of(describe(name))
                ],
            }
            for name, model in TABLES.items()
        ],
    }


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
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
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


def write_workbook(tables: dict[str, pa.Table], path: Path) -> None:
    """All tables as one workbook; daily fixings, too many for a sheet, stay in Parquet and CSV."""
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    except ImportError as error:
        raise MissingExtraError("writing the workbook", "curation") from error
    book = Workbook(write_only=True)
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append(table.column_names)
        for row in table.to_pylist():
            if name == "exchange_rates" and row["basis"] == "daily_fixing":
                continue
            cells = []
            for value in row.values():
                cell = WriteOnlyCell(sheet, value=spreadsheet_safe(value))
                if isinstance(value, str):
                    cell.data_type = "s"
                cells.append(cell)
            sheet.append(cells)
    book.save(path)

"""What is published beside the Parquet files: valid, safe to open, the same from build to build."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from armscost.curation import publication, readme
from armscost.curation.build import curated_folder, data_version
from armscost.datasets import cite, describe, load
from armscost.records import TABLES

DATASETS = curated_folder().parent
ROOT = DATASETS.parent
VERSION = data_version(DATASETS / "curated")
FORMULA = re.compile(r"^[=+\-@\t\r\n＝＋－＠]")


@pytest.fixture(scope="module")
def tables():
    return {name: pq.read_table(DATASETS / f"{name}.parquet") for name in TABLES}


# --------------------------------------------------------------------------------------
# The data package
# --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def package():
    return json.loads((DATASETS / "datapackage.json").read_text(encoding="utf-8"))


def frictionless(descriptor: Path) -> dict:
    """What ``frictionless validate`` reports; in a process of its own, as a reader would run it."""
    command = [sys.executable, "-m", "frictionless", "validate", str(descriptor), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_the_data_package_and_every_row_are_valid_under_frictionless():
    """Types, vocabularies, keys and references of every CSV row; the place of every file."""
    report = frictionless(DATASETS / "datapackage.json")
    assert report["valid"], json.dumps(report)[:2000]
    assert report["stats"]["tasks"] == 2 * len(TABLES)


def test_frictionless_would_see_a_fault(tmp_path, package):
    """The test above can fail: one cell out of its vocabulary is enough."""
    with zipfile.ZipFile(DATASETS / "armscost-csv.zip") as archive:
        text = archive.read("costs.csv").decode("utf-8").replace(",item_only,", ",gun_only,", 1)
    (tmp_path / "costs.csv").write_text(text, encoding="utf-8")
    costs = next(r for r in package["resources"] if r["name"] == "costs")
    own = {k: v for k, v in costs.items() if k not in ("innerpath", "compression")}
    own["path"] = "costs.csv"
    own["schema"] = {k: v for k, v in own["schema"].items() if k != "foreignKeys"}
    (tmp_path / "p.json").write_text(json.dumps({"name": "p", "resources": [own]}))
    report = frictionless(tmp_path / "p.json")
    assert [e["type"] for e in report["tasks"][0]["errors"]] == ["constraint-error"]


def test_the_data_package_carries_version_licence_units_and_vocabularies(package):
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert package["version"] == VERSION
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    for resource in package["resources"]:
        if resource["type"] != "table":
            continue
        name = resource["name"].replace("-", "_")
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        about = describe(name).set_index("column")
        assert list(fields) == list(about.index)
        for column, row in about.iterrows():
            assert fields[column]["description"] == row["description"]
            assert fields[column].get("unit", "") == row["unit"]
            words = fields[column].get("constraints", {}).get("enum", [])
            assert ", ".join(words) == row["allowed"]


def test_the_hashes_are_those_of_the_files(package):
    files = [r for r in package["resources"] if r["type"] == "file"]
    assert {r["path"] for r in files} == {f"{name}.parquet" for name in TABLES}
    for resource in files:
        content = (DATASETS / resource["path"]).read_bytes()
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
        assert resource["bytes"] == len(content)


# --------------------------------------------------------------------------------------
# JSON-LD
# --------------------------------------------------------------------------------------


def test_croissant_names_every_file_and_every_column():
    found = json.loads((DATASETS / "croissant.json").read_text(encoding="utf-8"))
    assert found["@type"] == "sc:Dataset"
    assert found["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert found["version"] == VERSION
    # Every plain word used is one that the context or schema.org explains.
    assert set(found) >= {"name", "description", "license", "datePublished", "distribution"}
    files = {file["@id"]: file for file in found["distribution"]}
    for record in found["recordSet"]:
        assert [f["name"] for f in record["field"]] == describe(record["name"])["column"].tolist()
        for field in record["field"]:
            file = files[field["source"]["fileObject"]["@id"]]
            stored = pq.read_schema(DATASETS / file["contentUrl"])
            assert field["source"]["extract"]["column"] in stored.names
            assert field["dataType"].startswith("sc:")
    for file in files.values():
        content = (DATASETS / file["contentUrl"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
    ids = {f["@id"] for record in found["recordSet"] for f in record["field"]}
    for record in found["recordSet"]:
        assert {key["@id"] for key in record["key"]} <= ids
        refs = [f["references"]["field"]["@id"] for f in record["field"] if "references" in f]
        assert set(refs) <= ids


# --------------------------------------------------------------------------------------
# BibTeX
# --------------------------------------------------------------------------------------


def bibtex_entries(text: str) -> dict[str, dict[str, str]]:
    """A strict reader of BibTeX: kind, key, fields in balanced braces, nothing between entries."""
    entries: dict[str, dict[str, str]] = {}
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        head = re.compile(r"@(\w+)\{([^\s,{}]+),\s*").match(text, place)
        assert head, f"no entry begins at {text[place : place + 60]!r}"
        assert head[2] not in entries, f"{head[2]} stands twice"
        place, fields = head.end(), {}
        while text[place] != "}":
            name = re.compile(r"(\w+)\s*=\s*\{").match(text, place)
            assert name, f"no field of {head[2]} begins at {text[place : place + 60]!r}"
            start = place = name.end()
            depth = 1
            while depth:
                assert place < len(text), f"{head[2]}: {name[1]} is never closed"
                escaped = text[place - 1] == "\\"
                depth += {"{": 1, "}": -1}.get(text[place], 0) * (not escaped)
                place += 1
            fields[name[1]] = text[start : place - 1]
            comma = re.compile(r",?\s*").match(text, place)
            assert comma
            place = comma.end()
        entries[head[2]] = fields
        place += 1
    return entries


def test_the_bibliography_parses_and_holds_every_source():
    entries = bibtex_entries((DATASETS / "sources.bib").read_text(encoding="utf-8"))
    sources = load("sources").set_index("source_id")
    assert set(entries) == set(sources.index)
    for key, fields in entries.items():
        row = sources.loc[key]
        assert fields["title"]
        assert fields["author"].startswith("{")  # a body, not a person with a surname
        assert fields.get("url") == (row["url"] if isinstance(row["url"], str) else None)
        if isinstance(row["published"], str):
            assert fields["year"] == row["published"][:4]
        # Signs that TeX would run are escaped in words; an address is read as it stands.
        for name in ("title", "author", "note"):
            assert not re.search(r"(?<!\\)[&%$#_]", fields.get(name, "")), (key, name)


def test_the_reader_of_bibtex_is_strict():
    for broken in ("@misc{a, title = {x}", "junk", "@misc{a, title = {x},} @misc{a, year = {1},}"):
        with pytest.raises((AssertionError, IndexError)):
            bibtex_entries(broken)


def test_cite_gives_the_same_entries():
    whole = (DATASETS / "sources.bib").read_text(encoding="utf-8")
    assert cite(["re-russia-2025-04"], style="bibtex") in whole


# --------------------------------------------------------------------------------------
# For people without Parquet
# --------------------------------------------------------------------------------------


def test_no_csv_cell_runs_as_a_formula_and_every_row_is_there(tables):
    with zipfile.ZipFile(DATASETS / "armscost-csv.zip") as archive:
        assert sorted(archive.namelist()) == sorted(f"{name}.csv" for name in TABLES)
        for name, table in tables.items():
            text = io.StringIO(archive.read(f"{name}.csv").decode("utf-8"), newline="")
            rows = list(csv.reader(text))
            assert rows[0] == table.column_names
            assert len(rows) == table.num_rows + 1
            numbers = set(describe(name).query("type in ('number', 'integer')")["column"])
            for row in rows:
                for column, cell in zip(rows[0], row, strict=True):
                    assert column in numbers or not FORMULA.match(cell), (name, column, cell)


def test_no_cell_of_the_workbook_runs_as_a_formula_and_every_row_is_there(tables):
    book = load_workbook(DATASETS / "armscost.xlsx", read_only=True)
    assert book.sheetnames == ["about", "columns", *TABLES]
    about = dict(book["about"].iter_rows(values_only=True))
    assert about["data version"] == VERSION
    assert about["licence"].startswith("CC-BY-4.0")
    for name, table in tables.items():
        count = 0
        for row in book[name].iter_rows():
            count += 1
            for cell in row:
                assert cell.data_type != "f", (name, cell.coordinate)
                if isinstance(cell.value, str):
                    assert not FORMULA.match(cell.value), (name, cell.value)
        basis = table.column("basis").to_pylist() if "basis" in table.column_names else []
        assert count == table.num_rows - basis.count("daily_fixing") + 1


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＠SUM", "－1"]
)
def test_text_that_looks_like_a_formula_gets_an_apostrophe(cell):
    assert publication.spreadsheet_safe(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["about 5", -2.5, 3, None, "", "155 mm = calibre"])
def test_other_cells_stay_as_they_are(cell):
    assert publication.spreadsheet_safe(cell) == cell


def test_a_formula_in_a_table_is_written_as_text(tables, tmp_path):
    systems = tables["systems"].slice(0, 1).to_pydict() | {"name": ['=HYPERLINK("x")']}
    small = {"systems": type(tables["systems"]).from_pydict(systems)}
    publication.write_workbook(small, tmp_path / "b.xlsx", VERSION)
    publication.write_csv(small, tmp_path / "c.zip")
    cell = load_workbook(tmp_path / "b.xlsx")["systems"]["B2"]
    assert (cell.data_type, cell.value) == ("s", '\'=HYPERLINK("x")')
    with zipfile.ZipFile(tmp_path / "c.zip") as archive:
        assert "'=HYPERLINK" in archive.read("systems.csv").decode("utf-8")


def test_the_companions_are_the_same_from_build_to_build(tables, tmp_path):
    small = {name: table for name, table in tables.items() if name != "exchange_rates"}
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        publication.write_csv(small, tmp_path / place / "c.zip")
        publication.write_workbook(small, tmp_path / place / "b.xlsx", VERSION)
    for file in ("c.zip", "b.xlsx"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def contents(path: Path) -> dict[str, bytes]:
    """What a reader finds in a file; an archive may be packed in more than one way."""
    if path.suffix not in (".zip", ".xlsx"):
        return {path.name: path.read_bytes()}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_companion_is_what_the_code_writes_from_the_tables(tables, tmp_path):
    for name in TABLES:
        (tmp_path / f"{name}.parquet").symlink_to(DATASETS / f"{name}.parquet")
    publication.write_all(tables, tmp_path, VERSION)
    written = [path for path in sorted(tmp_path.iterdir()) if not path.is_symlink()]
    assert len(written) == 6
    for path in written:
        assert contents(path) == contents(DATASETS / path.name)


# --------------------------------------------------------------------------------------
# The page of the tables
# --------------------------------------------------------------------------------------


def page() -> str:
    return (DATASETS / "README.md").read_text(encoding="utf-8")


def test_the_page_is_written_by_the_code_from_the_tables(tables):
    assert page() == readme.text(tables, VERSION)


def test_the_page_counts_rows_and_facts(tables):
    for name, table in tables.items():
        assert f"| [`{name}`]({name}.parquet) | {table.num_rows:,} |" in page()
    count = len(set(tables["costs"].column("fact_id").to_pylist()))
    assert f"| {tables['costs'].num_rows:,} | {count} | one row is one published price" in page()


@pytest.mark.parametrize("word", ["pandas", "polars", "DuckDB", "library(arrow)", "CC BY 4.0"])
def test_the_page_says_how_to_read_the_tables_and_the_licence(word):
    assert word in page()


@pytest.mark.parametrize("block", range(4))
def test_every_example_of_the_page_runs_by_itself(block):
    code = re.findall(r"```python\n(.*?)```", page(), re.DOTALL)
    assert len(code) == 4
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code[block]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_no_published_text_names_a_place_on_the_builders_machine():
    home = str(Path.home())
    for name in ("README.md", "datapackage.json", "croissant.json", "sources.bib"):
        text = (DATASETS / name).read_text(encoding="utf-8")
        assert str(ROOT) not in text
        assert home == "/" or f"{home}/" not in text

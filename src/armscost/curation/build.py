"""The curated text into Parquet and its companions: all of it, or nothing."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from armscost.curation import parquet, publication
from armscost.curation.check import check
from armscost.curation.provenance import check_provenance
from armscost.curation.rates import ecb_exchange_rates
from armscost.curation.text import read_curated
from armscost.errors import ArmscostError, CurationError, Problem
from armscost.records import TABLES


def curated_folder(datasets: Path | None = None) -> Path:
    """The folder of the curated text in a checkout.

    Raises:
        ArmscostError: In an installation, which carries no curated text.
    """
    folder = (datasets or Path(__file__).parents[3] / "datasets") / "curated"
    if not folder.is_dir():
        raise ArmscostError(
            "there is no curated text here: figures are added in a checkout of the repository; "
            "see docs/how-to/add-a-system.md"
        )
    return folder


def data_version(folder: Path) -> str:
    """The version of the data: the day of its release, from ``curated/VERSION``."""
    return (folder / "VERSION").read_text(encoding="utf-8").strip()


def tables_from_text(datasets: Path | None = None) -> dict[str, pa.Table]:
    """Read, check and convert every curated file.

    Args:
        datasets: The folder that holds ``curated/``; that of this checkout by default.

    Returns:
        One Arrow table a table.

    Raises:
        CurationError: With every fault at once.
    """
    folder = curated_folder(datasets)
    entries, problems = read_curated(folder)
    rows, faults = check(entries)
    faults = problems + faults + check_provenance(folder, entries)
    if faults:
        raise CurationError(sorted(faults, key=lambda p: (p.file, p.line, p.column)))
    version = data_version(folder)
    built = {name: parquet.table(name, rows[name], version) for name in TABLES}
    built["exchange_rates"] = _with_fixings(built["exchange_rates"], version)
    return built


def _with_fixings(own: pa.Table, version: str) -> pa.Table:
    """Our own rates and the fixings of the European Central Bank, one after the other."""
    fixings = pa.table(ecb_exchange_rates()).select(own.column_names)
    joined = pa.concat_tables([own, fixings.cast(own.schema)]).unify_dictionaries()
    keys = [("currency", "ascending"), ("year", "ascending"), ("date", "ascending")]
    ordered = joined.sort_by(keys).combine_chunks()
    return ordered.replace_schema_metadata(parquet.schema("exchange_rates", version).metadata)


def build(datasets: Path | None = None) -> dict[str, pa.Table]:
    """Build every table and publish it; nothing is written if anything is wrong.

    A process that has loaded tables before keeps those: build, then start anew.

    Args:
        datasets: The folder that holds ``curated/`` and takes the results.

    Returns:
        The tables that were written.

    Raises:
        CurationError: With every fault at once.
    """
    folder = curated_folder(datasets)
    built = tables_from_text(datasets)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".build-") as scratch:
        for name, table in built.items():
            parquet.write(table, Path(scratch) / f"{name}.parquet")
        publication.write_all(built, Path(scratch), data_version(folder))
        for path in sorted(Path(scratch).iterdir()):
            shutil.move(path, folder.parent / path.name)
    return built


def differences(datasets: Path | None = None) -> dict[str, pa.Table]:
    """Prove that text and Parquet agree, by content.

    Returns:
        The tables made from the text.

    Raises:
        CurationError: With every fault of the text, or every table that differs.
    """
    folder = curated_folder(datasets)
    built = tables_from_text(datasets)
    faults = []
    for name, table in built.items():
        path = folder.parent / f"{name}.parquet"
        shown = f"{folder.parent.name}/{path.name}"
        if not path.exists():
            faults.append(Problem.of_file(shown, "is missing; run: armscost data build"))
            continue
        stored = pq.read_table(path)
        same = parquet.content_hash({name: stored}) == parquet.content_hash({name: table})
        if not same or stored.schema != table.schema:
            what = "differs from the curated text; run: armscost data build"
            faults.append(Problem.of_file(shown, what))
    if faults:
        raise CurationError(faults)
    return built

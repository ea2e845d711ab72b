"""Files of any length against plain DuckDB SQL that does the same, and what memory it takes."""

from __future__ import annotations

import functools
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from armscost.frames import rebase_file
from armscost.prices.arrays import CODES, YEARS, factor_table
from benchmarks.bench_prices import CURRENCIES, FIRST, LAST, TO
from benchmarks.timing import Row, best_by_turns, command, counted, seconds, times

SIZES = (1_000_000, 10_000_000)
LARGE = (*SIZES, 100_000_000)
ROUNDS = {1_000_000: 5, 10_000_000: 3, 100_000_000: 3}
LONG = 100_000_000  # from here on without a round to warm up
SQL = "plain DuckDB SQL doing the same"


def connected() -> duckdb.DuckDBPyConnection:
    """A connection as it comes, without the bar that it draws over long queries."""
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    return connection


def make(path: Path, rows: int) -> None:
    """A Parquet file of amounts in twelve currencies and twelve years, the same each time."""
    names = ", ".join(f"'{name}'" for name in CURRENCIES)
    with connected() as connection:
        connection.execute(
            f"COPY (SELECT (hash(range) % 100000000) / 100.0::DOUBLE AS amount, "
            f"[{names}][(1 + hash(range + 1) % {len(CURRENCIES)})::INTEGER] AS currency, "
            f"({FIRST} + hash(range + 2) % {LAST - FIRST + 1})::INTEGER AS price_year "
            f"FROM range({rows})) TO '{path}' (FORMAT parquet)"
        )


def plain_sql(source: Path, out: Path) -> None:
    """A join with the table of factors, written as Parquet: no check, no summary."""
    found = factor_table(TO).factors
    with connected() as connection:
        connection.execute("CREATE TABLE factors (currency VARCHAR, price_year INT, factor DOUBLE)")
        connection.executemany(
            "INSERT INTO factors VALUES (?, ?, ?)",
            [
                (name, year, float(found[CODES.index(name), year - YEARS[0]]))
                for name in CURRENCIES
                for year in range(FIRST, LAST + 1)
            ],
        )
        connection.execute(
            "COPY (SELECT rows.*, amount * factor AS amount_rebased, CASE WHEN amount IS NULL "
            "THEN 'no amount' WHEN factor IS NULL THEN 'no rate' ELSE 'ok' END AS rebase_status "
            f"FROM '{source}' AS rows LEFT JOIN factors USING (currency, price_year)) "
            f"TO '{out}' (FORMAT parquet)"
        )


@dataclass(frozen=True)
class Run:
    """What one size took.

    Attributes:
        ours: Seconds of ours, within this process.
        plain: Seconds of plain SQL, within this process.
        processor: Seconds of processor time of both, over all cores.
        peak: The most resident memory of the command in the terminal, in MiB.
        read: Size of the file read, in bytes.
        written: Size of the file written, in bytes.
    """

    ours: float
    plain: float
    processor: tuple[float, float]
    peak: float
    read: int
    written: int


@functools.cache
def measured(sizes: tuple[int, ...]) -> dict[int, Run]:
    """Number of rows to what it took."""
    with tempfile.TemporaryDirectory() as folder:
        return {rows: run(Path(folder), rows) for rows in sizes}


def run(folder: Path, rows: int) -> Run:
    """Ours and plain SQL by turns on one file, then the command alone."""
    source, ours, plain = (folder / f"{name}.parquet" for name in ("rows", "ours", "plain"))
    make(source, rows)
    used: tuple[list[float], list[float]] = ([], [])
    works = [
        counted(lambda: rebase_file(source, ours, TO), used[0]),
        counted(lambda: plain_sql(source, plain), used[1]),
    ]
    mine, theirs = best_by_turns(works, ROUNDS.get(rows, 3), warm=rows < LONG)
    if not agree(ours, plain):
        raise RuntimeError("the two files differ")
    plain.unlink()
    armscost = Path(sys.executable).with_name("armscost")
    _, peak = command(armscost, "rebase", source, "-o", ours, "--to", TO)
    processor = min(used[0]), min(used[1])
    return Run(mine, theirs, processor, peak, source.stat().st_size, ours.stat().st_size)


def agree(ours: Path, plain: Path) -> bool:
    """Whether two files have as many rows and the same sum."""
    total = "SELECT sum(amount_rebased), count(*) FROM read_parquet(?)"
    with connected() as connection:
        (mine, rows), (theirs, also) = (
            connection.execute(total, [str(path)]).fetchall()[0] for path in (ours, plain)
        )
    return bool(rows == also and abs(mine / theirs - 1) < 1e-9)


def worst_growth(per_row: dict[int, float]) -> float:
    """The worst growth of the time a row from one size to a larger one."""
    sizes = sorted(per_row)
    return max(per_row[b] / per_row[a] for a in sizes for b in sizes if a < b)


def rows(sizes: tuple[int, ...] = SIZES) -> Iterator[Row]:
    """Time against plain SQL and peak memory at the largest size, and linearity over all."""
    found = measured(sizes)
    largest = found[max(found)]
    what = f"`armscost rebase` of {max(found) // 10**6}M rows of Parquet"
    yield Row(what, SQL, largest.ours / largest.plain, "×", 1.3,
              times(largest.ours, largest.plain))  # fmt: skip
    yield Row("the same: processor time", SQL, largest.processor[0] / largest.processor[1], "×",
              1.3, times(*largest.processor))  # fmt: skip
    yield Row("the same: peak resident memory of its process", "", largest.peak, "MiB", 512)
    per_row = {size: one.ours / size for size, one in found.items()}
    told = ", ".join(f"{s // 10**6}M {seconds(t)} a row" for s, t in per_row.items())
    yield Row("time a row of Parquet, at its worst growth from a smaller file", "its own",
              worst_growth(per_row), "×", 1.2, told)  # fmt: skip

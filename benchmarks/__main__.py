"""Every number that the library promises to hold, measured: ``python -m benchmarks``.

Each line has its reference in the same run, so that the ratios mean something on any machine;
times alone do not. ``--large`` adds a file and a frame of a hundred million rows, and Spark.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

import armscost as ac
from benchmarks import (
    bench_danish_model,
    bench_datasets,
    bench_estimates,
    bench_files,
    bench_import,
    bench_learning,
    bench_prices,
    bench_spark,
    growth,
)
from benchmarks.timing import Row

HEADS = ("what", "reference in the same run", "measured", "hold", "", "best times")


def machine() -> str:
    """What it was measured on and with, in one line; names nobody's machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"Measured on {dt.date.today().isoformat()} on {os.cpu_count()} cores "
        f"({platform.machine()}, {platform.system()}, {memory:.0f} GiB) with Python "
        f"{platform.python_version()}, numpy {np.__version__}, pandas {pd.__version__}, DuckDB "
        f"{duckdb.__version__}, armscost {ac.__version__}, data {ac.data_version()}."
    )


def all_rows(*, large: bool) -> Iterator[Row]:
    """The rows, subject by subject, as they are measured."""
    sizes = bench_files.LARGE if large else bench_files.SIZES
    yield from bench_import.rows()
    yield from bench_prices.rows()
    yield bench_prices.growth(sizes)
    yield from bench_files.rows(sizes)
    if large:
        yield from bench_spark.rows(sizes)
    yield from bench_datasets.rows()
    yield from bench_danish_model.rows()
    yield from bench_learning.rows()
    yield from bench_estimates.rows()


def lines(rows: Iterable[Row]) -> Iterator[str]:
    """A Markdown table, line by line."""
    yield f"| {' | '.join(HEADS)} |"
    yield f"|{' --- |' * len(HEADS)}"
    for row in rows:
        yield f"| {' | '.join(row.cells())} |"


def main() -> int:
    """Print the table, and write it where asked; the exit status says whether all is held."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asked.add_argument("--large", action="store_true", help="a hundred million rows too")
    asked.add_argument("--out", type=Path, help="write the table to this Markdown file too")
    asked.add_argument("--growth", type=Path, help="with --large: write how it grows to this file")
    chosen = asked.parse_args()
    rows, printed = [], [machine(), ""]
    print(*printed, sep="\n", flush=True)

    def kept() -> Iterator[Row]:
        for row in all_rows(large=chosen.large):
            rows.append(row)
            yield row

    for line in lines(kept()):
        print(line, flush=True)
        printed.append(line)
    if chosen.out:
        chosen.out.write_text("\n".join([*printed, ""]), encoding="utf-8")
    if chosen.large:
        grown = [machine(), "", *growth.tables(bench_files.LARGE), ""]
        print("", *grown, sep="\n", flush=True)
        if chosen.growth:
            chosen.growth.write_text("\n".join(grown), encoding="utf-8")
    missed = [row.what for row in rows if row.verdict == "**NO**"]
    print("", f"Not held: {'; '.join(missed) or 'nothing'}", sep="\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

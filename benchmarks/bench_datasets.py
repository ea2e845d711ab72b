"""Loading every table against pyarrow reading the same files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow.parquet as pq

import armscost as ac
from armscost import datasets
from benchmarks.timing import Row, ratio

READ = "`pyarrow.parquet.read_table` of the same files"


def load_all() -> list[Any]:
    return [ac.load(name) for name in ac.tables()]


def load_all_anew() -> list[Any]:
    """As at the first time in a process."""
    datasets._stored.cache_clear()
    return load_all()


def read_all() -> list[Any]:
    folder = datasets.data_folder()
    return [pq.read_table(folder / f"{name}.parquet") for name in ac.tables()]


def rows() -> Iterator[Row]:
    """The first time, and each time after it."""
    count = len(ac.tables())
    what = f"load all {count} tables as pandas"
    yield ratio(f"{what}, first time", load_all_anew, READ, read_all, 2, rounds=20)
    yield ratio(f"{what}, again", load_all, READ, read_all, None, rounds=20)

"""The same file through a local Spark session, on one core and on two."""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench_files import make
from benchmarks.bench_prices import TO
from benchmarks.timing import ROOT, Row, seconds

SIZES = (1_000_000, 10_000_000)
LARGE = (*SIZES, 100_000_000)
CORES = (1, 2)


def missing() -> str:
    """What is not here, or nothing."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed"
    return "" if shutil.which("java") or "JAVA_HOME" in os.environ else "there is no Java"


@functools.cache
def measured(sizes: tuple[int, ...]) -> dict[int, dict[int, float]]:
    """Cores to rows to seconds, each session in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        sources = [Path(folder) / f"{size}.parquet" for size in sizes]
        for size, source in zip(sizes, sources, strict=True):
            make(source, size)
        found = {}
        for cores in CORES:
            asked = [sys.executable, "-m", __spec__.name, str(cores), *map(str, sources)]
            done = subprocess.run(asked, check=True, capture_output=True, text=True, cwd=ROOT)
            times = json.loads(done.stdout.splitlines()[-1])
            found[cores] = dict(zip(sizes, times, strict=True))
    return found


def rows(sizes: tuple[int, ...] = SIZES) -> Iterator[Row]:
    """Two cores against one, size by size."""
    absent = missing()
    if absent:
        yield Row("Spark, Parquet to Parquet", "", None, "×", None, absent)
        return
    found = measured(sizes)
    for size in sizes:
        one, two = (found[cores][size] for cores in CORES)
        yield Row(f"Spark on two cores, {size // 10**6}M rows, Parquet to Parquet",
                  "the same on one core", two / one, "×", None,
                  f"{seconds(two)} against {seconds(one)}")  # fmt: skip


def session_times(cores: int, sources: list[Path]) -> list[float]:
    """Seconds for each file, the smallest run once before to warm up."""
    from pyspark.sql import SparkSession

    from armscost.frames import rebase_frame

    spark = (
        SparkSession.builder.master(f"local[{cores}]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "2g")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(sources[0].parent / "warehouse"))
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    times = []
    for source in [sources[0], *sources]:
        out = source.with_suffix(".spark")
        began = time.perf_counter()
        rebase_frame(spark.read.parquet(str(source)), TO).write.parquet(str(out))
        times.append(time.perf_counter() - began)
        shutil.rmtree(out)
    spark.stop()
    return times[1:]


if __name__ == "__main__":
    print(json.dumps(session_times(int(sys.argv[1]), [Path(path) for path in sys.argv[2:]])))

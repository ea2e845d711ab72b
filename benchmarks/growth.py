"""How time and memory grow with rows, and what follows for ten billion of them.

Printed by ``python -m benchmarks --large``, from the runs that its table is made of.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import bench_files, bench_prices, bench_spark
from benchmarks.timing import seconds

BEYOND = 10_000_000_000
HEADS = ("rows", "in memory", "file to file", "plain SQL", "peak memory", "Spark, 1 core",
         "Spark, 2 cores")  # fmt: skip


def tables(sizes: tuple[int, ...]) -> Iterator[str]:
    """The measured growth as a Markdown table, then the cost model in words."""
    yield f"| {' | '.join(HEADS)} |"
    yield "|" + " ---: |" * len(HEADS)
    memory, files = bench_prices.per_row(sizes), bench_files.measured(sizes)
    spark = {} if bench_spark.missing() else bench_spark.measured(sizes)
    for size in sizes:
        one = files[size]
        cells = [
            f"{size:,}",
            seconds(memory[size][0] * size),
            seconds(one.ours),
            seconds(one.plain),
            f"{one.peak:.0f} MiB",
            *(seconds(spark[c][size]) if spark else "not run" for c in bench_spark.CORES),
        ]
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield from model(sizes, spark)


def model(sizes: tuple[int, ...], spark: dict[int, dict[int, float]]) -> Iterator[str]:
    """Ten billion rows at the cost a row of the largest size measured."""
    largest = max(sizes)
    one = bench_files.measured(sizes)[largest]
    yield f"At the cost a row of the {largest:,}-row file, {BEYOND:,} rows need:"
    yield ""
    yield f"- {one.read / largest * BEYOND / 1e9:,.0f} GB to read, "\
          f"{one.written / largest * BEYOND / 1e9:,.0f} GB to write;"  # fmt: skip
    yield f"- {hours(one.ours / largest * BEYOND)} file to file on this one machine, in "\
          f"{one.peak:.0f} MiB;"  # fmt: skip
    yield f"- {hours(one.processor[0] / largest * BEYOND)} of processor time for that, and "\
          f"{hours(one.processor[1] / largest * BEYOND)} for the plain SQL;"  # fmt: skip
    for cores, times in spark.items():
        time = times[largest] / largest * BEYOND * cores
        yield f"- {hours(time)} of one Spark core, by the session with {cores} (divide by the "\
              "cores of a cluster);"  # fmt: skip
    memory = bench_prices.per_row(sizes)[largest][0] * BEYOND
    yield f"- of which the arithmetic, as `rebase_frame` does it in memory, is {hours(memory)}."


def hours(value: float) -> str:
    """A long time as hours or minutes."""
    return f"{value / 3600:.1f} hours" if value >= 3600 else f"{value / 60:.1f} minutes"

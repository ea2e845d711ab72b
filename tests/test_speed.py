"""Speed is kept: ratios that are stable on any machine, with generous bounds.

Each is the figure of a benchmark (``python -m benchmarks``), which promises half of what is asked
here or less. Seen to fail: ``import numpy`` at the top of the package; the status of rows looked up
in a loop (50 times numpy's gather). The bound on files sees gross faults alone: rows joined and
sorted back into order cost twice plain SQL, and pass.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# The benchmarks are no part of the package, so they are not installed with it.
sys.path.insert(0, str(ROOT))

from benchmarks import bench_files, bench_import, bench_prices  # noqa: E402
from benchmarks.timing import Row  # noqa: E402


def test_import_loads_nothing_heavy():
    assert bench_import.loaded_by_import() == []


@pytest.mark.parametrize(("faults", "most"), [(0.0, 8), (0.05, 12)])
def test_a_million_rows_cost_a_few_gathers_of_numpy(faults, most):
    assert bench_prices.against_numpy(faults, most).verdict == "ok"


def test_a_file_costs_about_what_plain_sql_costs(tmp_path):
    found = bench_files.run(tmp_path, 1_000_000)
    ours, plain = found.processor
    assert ours < 4 * plain
    assert found.peak < 512


@pytest.mark.parametrize(
    ("value", "hold", "at_least", "verdict"),
    [
        (1.0, 1.0, False, "ok"),
        (1.1, 1.0, False, "**NO**"),
        (20.0, 20.0, True, "ok"),
        (19.0, 20.0, True, "**NO**"),
        (5.0, None, False, ""),
        (None, 1.0, False, "not run"),
    ],
)
def test_a_line_says_whether_it_holds(value, hold, at_least, verdict):
    assert Row("what", "reference", value, "×", hold, at_least=at_least).verdict == verdict


@pytest.mark.parametrize("name", ["results", "growth"])
def test_the_tables_of_the_pages_say_when_and_on_what_they_were_measured(name):
    text = (ROOT / "benchmarks" / f"{name}.md").read_text(encoding="utf-8")
    assert re.match(r"Measured on \d{4}-\d\d-\d\d on \d+ cores .* data \d{4}\.\d\d\.\d\d", text)
    assert "| not run |" not in text
    assert not re.search(r"(?<![\w`])/[a-z]+/", text)


@pytest.mark.spark
def test_the_page_on_spark_runs_as_printed(capsys):
    from pyspark.sql import SparkSession

    page = (ROOT / "docs" / "how-to" / "spark.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```py\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    try:
        exec(compile(code, "docs/how-to/spark.md", "exec"), {"__name__": "__document__"})
    finally:
        session.stop()
    printed = capsys.readouterr().out
    assert re.search(r"\| +ok\| +2\|", printed)
    assert "year out of range|    1|" in printed or re.search(r"no index\| +1\|", printed)

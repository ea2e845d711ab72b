"""Files: streamed, written whole or not at all, and told what could not be rebased."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import time

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_frames import EXPECTED, arrow

from armscost.errors import NoRateError, OutsideEvidenceError, UnknownNameError
from armscost.frames import rebase_file, rebase_frame
from armscost.prices import factor


@pytest.fixture
def parquet(tmp_path):
    path = tmp_path / "notices.parquet"
    pq.write_table(arrow(), path)
    return path


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.csv"
    path.write_text(
        "id,amount,currency,price_year,note\n"
        "007,10.50,usd,2020,\"one, two\"\n"
        "008,3,EUR,2024,\n"
    )  # fmt: skip
    return path


def test_a_parquet_file_is_rebased_as_a_frame_is(parquet, tmp_path):
    out = tmp_path / "out.parquet"
    summary = rebase_file(parquet, out, "EUR_2024", missing="keep", explain=True)
    written = pq.read_table(out)
    frame = rebase_frame(arrow(), "EUR_2024", missing="keep", explain=True)
    assert written["row"].to_pylist() == frame["row"].to_pylist()
    assert written["rebase_status"].to_pylist() == EXPECTED
    for column in ("amount_rebased", "rebase_rate"):
        assert written[column].to_pylist() == pytest.approx(frame[column].to_pylist(), nan_ok=True)
    assert (summary.rows, summary.converted) == (14, 6)
    assert summary.left["rows"].sum() == 8
    assert "2 rows" not in str(summary).splitlines()[0]
    assert "1 row, no index: BRL, 2020" in str(summary)


def test_the_method_is_written_into_the_file(parquet, tmp_path):
    out = tmp_path / "out.parquet"
    rebase_file(parquet, out, "EUR_2024", missing="keep", order="exchange_then_deflate")
    method = json.loads(pq.read_schema(out).metadata[b"armscost"])
    assert method["to"] == "EUR_2024"
    assert method["order"] == "exchange_then_deflate"
    assert method["index"] == "consumer"
    assert method["data"].startswith("data version")


def test_missing_raises_by_default_and_nothing_is_written(parquet, tmp_path):
    with pytest.raises(NoRateError, match=r"8 of 14 rows .*BRL 2020"):
        rebase_file(parquet, tmp_path / "out.parquet", "EUR_2024")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notices.parquet"]


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".csv.zst"])
def test_text_to_text_leaves_every_cell_as_it_is_written(good, tmp_path, ending):
    source = tmp_path / f"in{ending}"
    if ending == ".csv.gz":
        source.write_bytes(gzip.compress(good.read_bytes()))
    elif ending == ".csv.zst":
        duckdb.sql(f"COPY (FROM read_csv('{good}', all_varchar=true)) TO '{source}' "
                   "(FORMAT csv, HEADER, COMPRESSION zstd)")  # fmt: skip
    else:
        source = good
    out = tmp_path / f"out{ending}"
    assert rebase_file(source, out, "EUR_2024").converted == 2
    rows = duckdb.sql(f"FROM read_csv('{out}', all_varchar=true)").df()
    assert rows["id"].tolist() == ["007", "008"]
    assert rows["amount"].tolist() == ["10.50", "3"]
    assert rows["note"].tolist()[0] == "one, two"
    assert float(rows["amount_rebased"][0]) == pytest.approx(
        10.5 * factor("USD", 2020, "EUR", 2024).value, rel=1e-12
    )


def test_text_to_parquet_and_days(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("amount,currency,day\n2.5,USD,2020-05-04\n1,USD,2020-05-09\n")
    rebase_file(source, tmp_path / "out.parquet", "EUR_2020", date="day", explain=True)
    rows = pd.read_parquet(tmp_path / "out.parquet")
    assert [str(day)[:10] for day in rows["rebase_rate_date"]] == ["2020-05-04", "2020-05-08"]


def test_the_summary_tells_where_prices_of_one_year_meet_the_rate_of_another(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out.parquet"
    source.write_text("amount,currency,day\n1000000,TRY,2019-06-03\n")
    summary = rebase_file(source, out, "EUR_2024", date="day")
    assert "prices of 2024 meet the rate of the day" in str(summary)
    assert "order='exchange_then_deflate'" in summary.method["caution"]
    stored = json.loads(pq.read_schema(out).metadata[b"armscost"])
    assert stored["caution"] == summary.method["caution"]
    other = rebase_file(source, out, "EUR_2024", date="day", order="exchange_then_deflate")
    assert "meet" not in str(other)


def test_amounts_that_are_no_numbers_are_no_amount(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("amount,currency,price_year\n2.5,USD,2020\nsecret,USD,2020\n,USD,2020\n")
    with pytest.raises(NoRateError, match="2 of 3 rows cannot be rebased: 2 no amount"):
        rebase_file(source, tmp_path / "out.csv", "EUR_2024")


def test_progress_is_told(parquet, tmp_path):
    seen = []
    table = pa.concat_tables([arrow().slice(0, 1)] * 2000)
    pq.write_table(table, parquet)
    rebase_file(parquet, tmp_path / "out.parquet", "EUR_2024", progress=seen.append)
    assert all(0 <= share <= 1 for share in seen)


def test_a_summary_says_in_lines_what_was_done_and_what_was_not(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        "amount,currency,day\n1,TRY,2019-06-03\n2,QQQ,2019-06-03\n3,EUR,\n4,,2019-06-03\n"
        ",SEK,2019-06-03\n"
    )
    summary = rebase_file(source, out, "EUR_2024", date="day", missing="keep")
    told = str(summary).splitlines()
    assert told[0] == f"{out}: 1 of 5 rows rebased to EUR_2024"
    assert told[1] == f"  {summary.method['caution']}"
    assert sorted(told[2:]) == [
        "  1 row, no amount: SEK, 2019",
        "  1 row, unknown currency: QQQ, 2019",
        "  1 row, unknown currency: no currency, 2019",
        "  1 row, year out of range: EUR, no year",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"amount,currency,price_year\n1,EUR,2020\n\xff\xfe,EUR,2020\n", "not utf-8 encoded"),
        (b"amount,currency,price_year\n" + b"x" * 3_000_000 + b",EUR,2020\n", "CSV Error on Line"),
    ],
)
def test_what_the_reader_of_files_says_is_cut_to_one_line_for_a_reader(tmp_path, content, said):
    source = tmp_path / "in.csv"
    source.write_bytes(content)
    with pytest.raises(OutsideEvidenceError) as caught:
        rebase_file(source, tmp_path / "out.csv", "EUR_2024")
    start, told = f"{source} cannot be read: ", str(caught.value)
    assert told.startswith(start)
    assert said in told
    assert len(told) <= len(start) + 301
    assert not any(word in told for word in ("Possible", "search space", "file =", "\n"))


@pytest.mark.parametrize(
    ("source", "out", "choice", "error", "said"),
    [
        ("nowhere.parquet", "out.parquet", {}, OutsideEvidenceError, "nowhere.parquet$"),
        ("notices.parquet", "notices.parquet", {}, OutsideEvidenceError, "write to another$"),
        ("notices.xlsx", "out.parquet", {}, OutsideEvidenceError, "does not end in .parquet"),
        ("notices.parquet", "out.txt", {}, OutsideEvidenceError, "does not end in .parquet"),
        ("broken.parquet", "out.parquet", {}, OutsideEvidenceError, "cannot be read"),
        ("notices.parquet", "out.parquet", {"amount": "amuont"}, UnknownNameError, "did you mean"),
        ("notices.parquet", "none/out.parquet", {"missing": "keep"}, OutsideEvidenceError,
         "cannot be rebased"),
    ],
)  # fmt: skip
def test_hostile_files_get_their_own_error(parquet, tmp_path, source, out, choice, error, said):
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(error, match=said):
        rebase_file(tmp_path / source, tmp_path / out, "EUR_2024", **choice)


def test_killed_half_way_it_leaves_no_half_file(tmp_path):
    source, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    duckdb.sql(
        "COPY (SELECT range * 1.0 AS amount, 'USD' AS currency, 2020 AS price_year "
        f"FROM range(8000000)) TO '{source}' (FORMAT parquet)"
    )
    program = (
        "import sys; from armscost.frames import rebase_file; "
        "rebase_file(sys.argv[1], sys.argv[2], 'EUR_2024')"
    )
    running = subprocess.Popen([sys.executable, "-c", program, str(source), str(out)])
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("*.part")) and time.monotonic() < deadline:
        time.sleep(0.01)
    running.send_signal(signal.SIGTERM)
    assert running.wait(60) == 128 + signal.SIGTERM
    assert [path.name for path in tmp_path.iterdir()] == ["in.parquet"]

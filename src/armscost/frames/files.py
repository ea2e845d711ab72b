"""Rebase a file of any length: streamed through DuckDB, written whole or not at all."""

from __future__ import annotations

import concurrent.futures
import contextlib
import glob
import json
import os
import re
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import narwhals.stable.v2 as nw

from armscost.errors import NoRateError, OutsideEvidenceError, nearest_names
from armscost.frames import lazy
from armscost.frames.eager import complaint, listed, pair_named
from armscost.frames.question import Question, ask
from armscost.frames.relations import quoted
from armscost.prices.arrays import NO_AMOUNT, STATUSES
from armscost.prices.book import PriceBook
from armscost.prices.factors import two_times
from armscost.units import price_unit

if TYPE_CHECKING:
    import pandas as pd

KINDS = (".parquet", ".csv", ".csv.gz", ".csv.zst")
_NUMBER = "__armscost_number"
# Enough for the row groups under way; DuckDB spills beyond it.
_MEMORY = "256MB"
_POLL_SECONDS = 0.2
_MOST_SAID = 300


@dataclass(frozen=True)
class FileSummary:
    """What was written.

    Attributes:
        path: The file.
        rows: How many rows it has.
        converted: How many of them were rebased.
        left: One row a reason, currency and year that was not: ``status``, ``currency``,
            ``year``, ``rows``; empty where every row was rebased.
        method: Target, order, index, rate and data version, as written into a Parquet file
            under the key ``armscost``; and a ``caution`` for days whose rate meets the prices
            of another year (see ``date`` of :func:`armscost.rebase_frame`).
    """

    path: Path
    rows: int
    converted: int
    left: pd.DataFrame
    method: dict[str, str]

    def __str__(self) -> str:
        lines = [
            f"{self.path}: {self.converted} of {self.rows} rows rebased to {self.method['to']}"
        ]
        lines += [f"  {self.method['caution']}"] if "caution" in self.method else []
        for row in self.left.itertuples():
            kept = "1 row" if row.rows == 1 else f"{row.rows} rows"
            currency = row.currency if isinstance(row.currency, str) else "no currency"
            year = row.year if isinstance(row.year, str) else "no year"
            lines.append(f"  {kept}, {row.status}: {currency}, {year}")
        return "\n".join(lines)


def rebase_file(
    source: str | Path,
    out: str | Path,
    to: str,
    *,
    amount: str = "amount",
    currency: str = "currency",
    year: str | None = "price_year",
    date: str | None = None,
    area: str | None = None,
    order: str = "deflate_then_exchange",
    index: str = "consumer",
    rate: str = "market",
    to_area: str | None = None,
    missing: str = "raise",
    explain: bool = False,
    book: PriceBook | None = None,
    progress: Callable[[float], None] | None = None,
) -> FileSummary:
    r"""Rebase a Parquet or CSV file into another, in bounded memory.

    Args:
        source: A file that ends in .parquet, .csv, .csv.gz or .csv.zst.
        out: Where to write; the ending says how. It appears whole or not at all.
        to: See :func:`armscost.rebase_frame`.
        amount: See there.
        currency: See there.
        year: See there.
        date: See there.
        area: See there.
        order: See there.
        index: See there.
        rate: See there.
        to_area: See there.
        missing: ``"raise"``: where rows cannot be rebased nothing is written; ``"keep"``.
        explain: See there.
        book: See there.
        progress: Called now and then with the share done, 0 to 1.

    Returns:
        A :class:`FileSummary`.

    Raises:
        NoRateError: With ``missing="raise"``, where rows cannot be rebased.
        OutsideEvidenceError: For a file that is not there, cannot be read or would be
            overwritten by its own result.
        UnknownNameError: For an unknown column, target or option.

    Example:
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     notices = Path(folder) / "notices.csv"
        ...     _ = notices.write_text("amount,currency,price_year\n5,USD,2024\n")
        ...     rebase_file(notices, Path(folder) / "out.csv", "EUR_2024").converted
        1
    """
    source, out = _path(source), _path(out)
    if progress is not None and not callable(progress):
        raise OutsideEvidenceError(f"progress is a function of the share done, not {progress!r}")
    read, write = _kind(source), _kind(out)
    if "\0" in f"{source}{out}":
        raise OutsideEvidenceError(f"no file can be named {str(source)!r} or {str(out)!r}")
    if not source.exists():
        raise OutsideEvidenceError(f"no file {source}")
    if out.exists() and out.samefile(source):
        raise OutsideEvidenceError(f"{out} is the file that is read; write to another")
    with contextlib.closing(_connection()) as connection:
        rows = _relation(connection, source, read, as_text=write.startswith(".csv"))
        question = ask(
            rows.columns,
            to,
            amount=amount,
            currency=currency,
            year=year,
            date=date,
            area=area,
            order=order,
            index=index,
            rate=rate,
            to_area=to_area,
            missing=missing,
            explain=explain,
            book=book,
        )
        method = _method(question)
        part = out.with_name(f".{out.name}.{os.getpid()}.part")
        try:
            with _stopping_cleanly():
                answered = _rebased(rows, question)
                count = _written(connection, answered, part, write, method, progress)
                left = _left(connection, part, write, question)
                bad = int(left["rows"].sum())
                if missing == "raise" and bad:
                    raise NoRateError(_complaint(left, bad, count))
                part.replace(out)
        except duckdb.Error as error:
            raise OutsideEvidenceError(f"{source} cannot be rebased: {_said(error)}") from error
        finally:
            part.unlink(missing_ok=True)
    return FileSummary(out, count, count - bad, left, method)


def _path(given: Any) -> Path:
    if not isinstance(given, (str, os.PathLike)):
        raise OutsideEvidenceError(f"{given!r} is no name of a file")
    return Path(given)


def _kind(path: Path) -> str:
    for kind in KINDS:
        if path.name.lower().endswith(kind):
            return kind
    near = nearest_names("".join(path.suffixes), list(KINDS), 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise OutsideEvidenceError(f"{path} does not end in {', '.join(KINDS)}{hint}")


def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        config={"memory_limit": _MEMORY, "temp_directory": tempfile.gettempdir()}
    )
    # Progress is counted for whoever asks; showing it is for the terminal.
    connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    return connection


def _relation(
    connection: duckdb.DuckDBPyConnection, source: Path, kind: str, *, as_text: bool
) -> duckdb.DuckDBPyRelation:
    try:
        if kind == ".parquet":
            return connection.sql(f"FROM read_parquet({_file(source)})")
        # From text to text every cell stays as it is written; else all rows decide the types.
        choice = "all_varchar = true" if as_text else "sample_size = -1"
        return connection.sql(f"FROM read_csv({_file(source)}, header = true, {choice})")
    except duckdb.Error as error:
        raise OutsideEvidenceError(f"{source} cannot be read: {_said(error)}") from error


def _rebased(rows: duckdb.DuckDBPyRelation, question: Question) -> duckdb.DuckDBPyRelation:
    """The rows with the new columns; amounts written as text are read as numbers beside them."""
    kinds = dict(zip(rows.columns, map(str, rows.types), strict=True))
    beside = question
    if kinds[question.amount] == "VARCHAR":
        number = f"TRY_CAST({quoted(question.amount)} AS DOUBLE)"
        rows = rows.project(f"*, {number} AS {_NUMBER}")
        beside = replace(question, amount=_NUMBER)
    # Rows that cannot be rebased are counted after the writing, in one pass over what is small.
    answered: duckdb.DuckDBPyRelation = lazy.rebase(
        nw.from_native(rows), replace(beside, missing="keep")
    )
    return answered if beside is question else answered.project(f"* EXCLUDE ({_NUMBER})")


def _written(
    connection: duckdb.DuckDBPyConnection,
    answered: duckdb.DuckDBPyRelation,
    part: Path,
    kind: str,
    method: dict[str, str],
    progress: Callable[[float], None] | None,
) -> int:
    options = {
        ".parquet": f"FORMAT parquet, KV_METADATA {{armscost: {_json(method)}}}",
        ".csv": "FORMAT csv, HEADER",
        ".csv.gz": "FORMAT csv, HEADER, COMPRESSION gzip",
        ".csv.zst": "FORMAT csv, HEADER, COMPRESSION zstd",
    }[kind]
    answered.create_view("answered")
    copy = f"COPY (FROM answered) TO {_text(part)} ({options})"

    def run() -> int:
        fetched = connection.execute(copy).fetchone()
        return int(fetched[0]) if fetched else 0

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        running = pool.submit(run)
        try:
            while True:
                with contextlib.suppress(concurrent.futures.TimeoutError):
                    return running.result(timeout=_POLL_SECONDS)
                if progress is not None:
                    progress(max(connection.query_progress(), 0.0) / 100)
        except BaseException:
            # Ctrl-C too: the query must end before its half-written file is taken away.
            connection.interrupt()
            raise


def _left(
    connection: duckdb.DuckDBPyConnection, part: Path, kind: str, question: Question
) -> pd.DataFrame:
    reader = "read_parquet" if kind == ".parquet" else "read_csv"
    choice = "" if kind == ".parquet" else _csv_choice(kind)
    when = quoted(question.date or str(question.year))
    year = f"left(CAST({when} AS VARCHAR), 4)"
    return connection.sql(
        f"SELECT CAST(rebase_status AS VARCHAR) AS status, "  # noqa: S608 - names are quoted
        f"{quoted(question.currency)} AS currency, {year} AS year, count(*) AS rows "
        f"FROM {reader}({_file(part)}{choice}) WHERE rebase_status <> 'ok' "
        "GROUP BY ALL ORDER BY rows DESC, status, currency, year"
    ).df()


def _csv_choice(kind: str) -> str:
    packed = {".csv": "none", ".csv.gz": "gzip", ".csv.zst": "zstd"}[kind]
    return f", all_varchar = true, header = true, compression = '{packed}'"


def _complaint(left: pd.DataFrame, bad: int, total: int) -> str:
    kinds = []
    for status, rows in left.groupby("status", sort=False):
        named = [_named(row) for row in rows.itertuples()] if status != STATUSES[NO_AMOUNT] else []
        kinds.append(f"{rows['rows'].sum()} {status}{listed(list(dict.fromkeys(named)))}")
    return complaint(bad, total, kinds)


def _named(row: Any) -> str:
    """The currency and the year of rows, as a complaint names them; the currency may be missing."""
    currency = row.currency if isinstance(row.currency, str) else None
    return pair_named(STATUSES.index(row.status), currency, row.year)


def _method(question: Question) -> dict[str, str]:
    method = question.method
    chosen = {
        "to": question.to,
        "order": method.order,
        "index": method.index,
        "rate": method.rate,
        "area": question.area or method.area,
        "to_area": method.to_area,
        "data": question.book.version,
        "armscost": version("armscost"),
        "caution": _caution(question),
    }
    return {name: value for name, value in chosen.items() if value is not None}


def _caution(question: Question) -> str | None:
    """Days of other years meet the prices of the target's, where the order deflates first."""
    if question.date is None or not question.method.deflates_first:
        return None
    year = price_unit(question.to)[1]
    return two_times(f"the rate of the day in every row dated outside {year}", year)


@contextlib.contextmanager
def _stopping_cleanly() -> Iterator[None]:
    """Let a polite kill end the work as an interrupt does, so that no part is left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _frame: Any) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _said(error: duckdb.Error) -> str:
    """What DuckDB says is wrong, in one line; what it would try next is for programmers."""
    said = re.split(r"\n\s*(?:Possible |The search space|file =|LINE \d)", str(error))[0]
    line = " ".join(said.split())
    return line if len(line) <= _MOST_SAID else f"{line[:_MOST_SAID]}…"


def _file(path: Path) -> str:
    """The name of one file: DuckDB reads a star in it as "all of them"."""
    return _text(glob.escape(str(path)))


def _text(value: Any) -> str:
    quoted = str(value).replace("'", "''")
    return f"'{quoted}'"


def _json(method: dict[str, str]) -> str:
    return _text(json.dumps(method, sort_keys=True))

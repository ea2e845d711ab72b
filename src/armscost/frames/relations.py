"""DuckDB relations: one projection with the factors written into it.

A join would not keep the order of rows. A projection does, and since nothing is registered
any connection will do and nothing is left behind in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from armscost.errors import OutsideEvidenceError
from armscost.frames.question import Question
from armscost.prices.arrays import (
    CODES,
    NO_AMOUNT,
    OK,
    OUT_OF_RANGE,
    STATUSES,
    UNKNOWN,
    FactorTable,
    factor_table,
)
from armscost.units import FIRST_YEAR, LAST_YEAR

_WIDTH = OUT_OF_RANGE + 1
_CELL, _FACTOR, _AMOUNT = "__armscost_cell", "__armscost_factor", "__armscost_amount"
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
          "UINTEGER", "UBIGINT", "UHUGEINT")  # fmt: skip
_PARTS = ("FLOAT", "DOUBLE", "DECIMAL")


def rebase(relation: Any, question: Question) -> Any:
    """Rebase a relation with years and without a column of areas.

    Args:
        relation: A DuckDB relation.
        question: What is asked.

    Returns:
        A relation of the same connection.

    Raises:
        OutsideEvidenceError: For a column of a type that cannot be read.
    """
    method = question.method
    table = factor_table(
        question.to,
        order=method.order,
        index=method.index,
        rate=method.rate,
        area=method.area,
        to_area=method.to_area,
        book=question.book,
    )
    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    amount = _amount(question.amount, kinds[question.amount])
    cells = relation.project(f"*, {amount} AS {_AMOUNT}, {_cell(question, kinds)} AS {_CELL}")
    found = cells.project(f"*, {_of(_numbers(table.factors.ravel()))} AS {_FACTOR}")
    new = _answers(table) | (_explained(table) if question.explain else {})
    added = ", ".join(f"{expression} AS {name}" for name, expression in new.items())
    return found.project(f"* EXCLUDE ({_CELL}, {_FACTOR}, {_AMOUNT}), {added}")


def _answers(table: FactorTable) -> dict[str, str]:
    words = [f"{_text(status)}::{_enum(STATUSES)}" for status in STATUSES]
    reasons = f"[{', '.join(str(code) for code in table.status.ravel())}]::TINYINT[]"
    cases = " ".join(f"WHEN {code} THEN {word}" for code, word in enumerate(words))
    return {
        "amount_rebased": f"CASE WHEN NOT isnan({_AMOUNT}) THEN {_AMOUNT} * {_FACTOR} END",
        "rebase_status": (
            f"CASE WHEN {_AMOUNT} IS NULL OR isnan({_AMOUNT}) THEN {words[NO_AMOUNT]} "
            f"WHEN {_FACTOR} IS NOT NULL THEN {words[OK]} ELSE CASE {_of(reasons)} {cases} END END"
        ),
    }


def _explained(table: FactorTable) -> dict[str, str]:
    values = {
        "rebase_factor": _FACTOR,
        "rebase_rate": _of(_numbers(table.exchanges.ravel())),
        "rebase_rate_date": "CAST(NULL AS DATE)",
        "rebase_rate_basis": _of(_texts(table.bases.ravel())),
        "rebase_index": _of(_texts(table.indices.ravel())),
    }
    good = f"{_FACTOR} IS NOT NULL AND NOT isnan({_AMOUNT})"
    return {name: f"CASE WHEN {good} THEN {value} END" for name, value in values.items()}


def _amount(name: str, kind: str) -> str:
    if not kind.startswith((*_WHOLE, *_PARTS)):
        raise OutsideEvidenceError(f"the amounts in {name!r} are {kind}; make them numbers first")
    return f"CAST({quoted(name)} AS DOUBLE)"


def _cell(question: Question, kinds: dict[str, str]) -> str:
    """The place of a row in the table, from 1 as DuckDB counts."""
    code = f"TRY_CAST(upper(CAST({quoted(question.currency)} AS VARCHAR)) AS {_enum(CODES)})"
    row = f"coalesce(CAST(enum_code({code}) AS INTEGER), {UNKNOWN})"
    name = str(question.year)
    year, kind = quoted(name), kinds[name]
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        raise OutsideEvidenceError(f"{name!r} holds days; name it in date=, not in year=")
    if not kind.startswith((*_WHOLE, *_PARTS)):
        text = f"trim(CAST({year} AS VARCHAR), ' \t\r\n')"
        year = f"TRY_CAST(CASE WHEN regexp_full_match({text}, '\\d{{4}}') THEN {text} END AS INT)"
    inside = f"{year} BETWEEN {FIRST_YEAR} AND {LAST_YEAR}"
    if kind.startswith(_PARTS):
        inside += f" AND {year} = floor({year})"
    column = f"CASE WHEN {inside} THEN CAST({year} AS INTEGER) - {FIRST_YEAR - 1} ELSE {_WIDTH} END"
    return f"{row} * {_WIDTH} + {column}"


def _of(values: str) -> str:
    return f"({values})[{_CELL}]"


def _numbers(values: Iterable[float]) -> str:
    written = ("NULL" if value != value else repr(float(value)) for value in values)
    return f"[{', '.join(written)}]::DOUBLE[]"


def _texts(values: Iterable[str]) -> str:
    return f"[{', '.join(_text(value) if value else 'NULL' for value in values)}]::VARCHAR[]"


def _enum(words: Iterable[str]) -> str:
    return f"ENUM({', '.join(map(_text, words))})"


def _text(value: object) -> str:
    doubled = str(value).replace("'", "''")
    return f"'{doubled}'"


def quoted(column: str) -> str:
    """The name of a column as SQL writes it.

    Example:
        >>> print(quoted("price year"))
        "price year"
    """
    doubled = column.replace('"', '""')
    return f'"{doubled}"'

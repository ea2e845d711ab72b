"""Answers as text: tables for a terminal of any width, and CSV, JSON or Markdown for programs."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from armscost.results import Result

FORMATS = ("table", "csv", "json", "markdown")


def amount(value: float) -> str:
    """An amount of money short enough for a column: three significant digits and a word.

    Example:
        >>> [amount(v) for v in (512.4, 18_400_000, 2.1e9, float("nan"))]
        ['512', '18.4 M', '2.10 bn', '–']
    """
    if value is None or math.isnan(value):
        return "–"
    for size, word in ((1e9, " bn"), (1e6, " M"), (1e4, " k")):
        if abs(value) >= size:
            return f"{_three(value / size * (10 if size == 1e4 else 1))}{word}"
    return _three(value)


def _three(value: float) -> str:
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    return f"{value:,.{digits}f}"


def cell(value: Any) -> str:
    """A cell of any table: nothing for a missing value, numbers without noise."""
    import pandas as pd

    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, float):
        whole = abs(value) >= 1e4 or value == int(value)
        return f"{value:,.0f}" if whole and abs(value) < 1e15 else f"{value:.4g}"
    return str(value)


def show_table(
    rows: Sequence[Sequence[str]],
    heads: Sequence[str],
    *,
    numbers: Sequence[int] = (),
    sections: Sequence[str | None] = (),
    firm: Sequence[int] = (),
) -> None:
    """Print rows as a table that fits the terminal; long cells wrap at words.

    Args:
        rows: Cells as text.
        heads: The column heads.
        numbers: Places of the columns to align right.
        sections: A head above each row where a new section begins, else None.
        firm: Places of the columns that never wrap.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1), header_style="bold"
    )
    for place, head in enumerate(heads):
        right = place in numbers
        table.add_column(
            head,
            justify="right" if right else "left",
            no_wrap=right or place in firm,
            overflow="fold",
        )
    for place, row in enumerate(rows):
        if place < len(sections) and sections[place]:
            table.add_row(Text(str(sections[place]), style="bold"), *[""] * (len(heads) - 1))
        table.add_row(*[Text(text) for text in row])
    _console().print(table)


def say(text: str = "", *, indent: int = 0, style: str = "") -> None:
    """Print a paragraph, wrapped to the terminal, later lines indented."""
    import textwrap

    columns = width()
    pad = " " * indent
    for line in text.splitlines() or [""]:
        lead = line[: len(line) - len(line.lstrip())]
        wrapped = textwrap.wrap(
            line.strip(),
            max(columns - 1, 30),
            initial_indent=lead,
            subsequent_indent=lead + pad,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for part in wrapped or [""]:
            _console().print(part, style=style or None, highlight=False, markup=False)


def _console() -> Any:
    from rich.console import Console

    # Wider than 140 columns the eye loses the line.
    console = Console(file=sys.stdout, soft_wrap=False)
    return Console(file=sys.stdout, width=min(console.width, 140))


def width() -> int:
    """The width of the terminal in characters, at most 140."""
    return int(_console().width)


def heading(text: str) -> None:
    """Print a heading with an empty line above."""
    say()
    say(text, style="bold")


def show(
    frame: pd.DataFrame,
    form: str,
    *,
    table: Callable[[], None] | None = None,
    result: Result | None = None,
) -> None:
    """Print an answer in the form asked for.

    Args:
        frame: The answer's rows.
        form: One of ``FORMATS``.
        table: Prints it for a person; by default a plain table of all columns.
        result: The answer as a whole; JSON and Markdown then carry its assumptions too.
    """
    if form == "csv":
        sys.stdout.write(as_csv(frame))
    elif form == "json":
        sys.stdout.write(as_json(frame, result))
    elif form == "markdown":
        from armscost.results import markdown_table

        sys.stdout.write(result.to_markdown() if result else markdown_table(frame) + "\n")
    elif table is not None:
        table()
    else:
        show_frame(frame)


def show_frame(frame: pd.DataFrame) -> None:
    """Print a table of all columns, numbers to the right; too wide a table as blocks of lines."""
    import pandas as pd

    from armscost.results import rows_of

    heads = [str(c) for c in frame.columns]
    numbers = [i for i, c in enumerate(frame.columns) if pd.api.types.is_numeric_dtype(frame[c])]
    rows = [[cell(value) for value in row] for row in rows_of(frame)]
    # Numbers and their heads do not wrap; words may, down to some fifteen characters.
    least = [
        max(len(head), *(len(row[i]) for row in rows)) if i in numbers and rows else 15
        for i, head in enumerate(heads)
    ]
    if sum(least) + 2 * len(heads) <= width():
        show_table(rows, heads, numbers=numbers)
        return
    for row in rows:
        for head, text in zip(heads, row, strict=True):
            if text:
                say(f"{head}: {text}", indent=4)
        say()


def as_csv(frame: pd.DataFrame) -> str:
    """Rows as CSV with full numbers, missing cells empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame.columns)
    for row in frame.astype(object).where(frame.notna(), "").itertuples(index=False):
        writer.writerow(row)
    return text.getvalue()


def as_json(frame: pd.DataFrame, result: Result | None = None) -> str:
    """Rows as JSON with full numbers; of a whole answer, its assumptions and sources too."""
    answer: Any = _plain(frame)
    if result is not None:
        answer = {
            "title": result.title,
            "table": answer,
            "assumptions": result.assumptions,
            "sources": result.sources,
            "left_out": _plain(result.left_out),
        }
    return json.dumps(answer, indent=2, ensure_ascii=False, default=str) + "\n"


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    filled = frame.astype(object).where(frame.notna(), None)
    return [
        {str(k): v.item() if hasattr(v, "item") else v for k, v in row.items()}
        for row in filled.to_dict("records")
    ]

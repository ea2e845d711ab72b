"""What the code blocks of the pages print: charts, tables, sources, assumptions.

Each function gives HTML on one line, which Markdown leaves alone; a block prints it.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

import armscost as ac
from armscost_site.words import cell, link, missing, money, number, percent, said

__all__ = [
    "assumptions",
    "left_out",
    "money",
    "number",
    "output",
    "percent",
    "run",
    "show",
    "sources",
    "table",
]

DOCS = Path(__file__).parents[1]
SHOWN = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@functools.cache
def run(page: str) -> dict[str, Any]:
    """Run the code that a page shows, and give back its names.

    The page prints its picture and its numbers from these, so what it shows is what made them.

    Args:
        page: The page, from the folder ``docs``.
    """
    names: dict[str, Any] = {"__name__": f"docs/{page}"}
    code = "\n".join(SHOWN.findall((DOCS / page).read_text(encoding="utf-8")))
    with contextlib.redirect_stdout(io.StringIO()):  # the page says it in its own words
        exec(compile(code, f"docs/{page}", "exec"), names)
    return names


@functools.cache
def output(page: str, place: int = 1) -> str:
    """What a code block of a page prints, as a block of text.

    Args:
        page: The page, from the folder ``docs``.
        place: Which block of Python, counted from one.
    """
    code = SHOWN.findall((DOCS / page).read_text(encoding="utf-8"))[place - 1]
    told = io.StringIO()
    wide = ("display.width", 96, "display.max_columns", 20, "display.max_colwidth", 60)
    with contextlib.redirect_stdout(told), pd.option_context(*wide):
        exec(compile(code, f"docs/{page}", "exec"), {"__name__": f"docs/{page}"})
    return f"```{{.text .output}}\n{told.getvalue().rstrip()}\n```\n"


def show(chart: Any, about: str = "") -> str:
    """A chart that the reader's browser draws, with its alternative text.

    Args:
        chart: An Altair chart.
        about: The alternative text; the chart's own description unless given.
    """
    spec = chart.to_dict(validate=False)  # each was checked when it was made
    spec.pop("config", None)  # the page brings one for light and one for dark
    spec.pop("$schema", None)
    text = about or str(spec.get("description", ""))
    if not text:
        raise ValueError("a chart without alternative text; give about=")
    data = escape(json.dumps(spec, separators=(",", ":"), ensure_ascii=False), quote=True)
    label = escape(text, quote=True)
    return (
        f'<figure class="chart"><div class="chart-here" role="img" aria-label="{label}" '
        f'data-spec="{data}"><p class="chart-text">{escape(text)}</p></div></figure>\n'
    )


def table(
    frame: pd.DataFrame,
    caption: str,
    columns: Mapping[str, str] | Iterable[str] | None = None,
    formats: Mapping[str, Callable[[Any], str]] | None = None,
) -> str:
    """A table as HTML, numbers to the right, scrolling sideways where it must.

    Args:
        frame: Any table.
        caption: What it holds, for those who read and those who listen.
        columns: Which columns, and their headings.
        formats: Column to a function that gives the HTML of a cell.
    """
    if columns is None:
        columns = list(frame.columns)
    heads = dict(columns) if isinstance(columns, Mapping) else {c: said(c) for c in columns}
    formats = formats or {}
    right = {
        name
        for name in heads
        if name not in formats and pd.api.types.is_numeric_dtype(frame[name].dtype)
        and not pd.api.types.is_bool_dtype(frame[name].dtype)
    }  # fmt: skip
    style = {name: _style(frame[name], name in right) for name in heads}
    top = "".join(f'<th scope="col"{style[n]}>{escape(head)}</th>' for n, head in heads.items())
    body = []
    for row in frame[list(heads)].to_dict("records"):
        cells = (
            f"<td{style[name]}>{_cell(name, value, formats)}</td>" for name, value in row.items()
        )
        body.append(f"<tr>{''.join(cells)}</tr>")
    return (
        f'<div class="table-wrap" role="region" tabindex="0" '
        f'aria-label="{escape(caption, quote=True)}"><table class="figures">'
        f"<caption>{escape(caption)}</caption><thead><tr>{top}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>\n"
    )


def _style(column: pd.Series, right: bool) -> str:
    """How wide a column must be: numbers and short words on one line, sentences in a wide one."""
    if right:
        return ' class="n"'
    longest = max((len(str(value)) for value in column if not missing(value)), default=0)
    return ' class="k"' if longest <= 18 else ' class="w"' if longest > 45 else ""


def _cell(name: str, value: Any, formats: Mapping[str, Callable[[Any], str]]) -> str:
    if name in formats:
        return formats[name](value)
    if name.endswith(("year", "_id")) and not missing(value) and not isinstance(value, str):
        return str(int(value))
    text = cell(value)
    return escape(said(text) if re.fullmatch(r"[a-z]+(_[a-z]+)+", text) else text)


def assumptions(result: Any) -> str:
    """Every choice behind an answer, as a list."""
    lines = "".join(f"<li>{escape(line)}</li>" for line in result.assumptions)
    return f'<ul class="assumptions">{lines}</ul>\n'


def left_out(result: Any) -> str:
    """What an answer did not use, reason by reason, folded."""
    frame = result.left_out
    if not len(frame):
        return "<p>No figure was left out.</p>\n"
    items = "".join(
        f"<li><strong>{escape(str(reason))}</strong> ({len(rows)}): "
        f"{escape(', '.join(rows['figure'].astype(str)))}</li>"
        for reason, rows in frame.groupby("reason", sort=False)
    )
    count = len(frame)
    return (
        f"<details><summary>{count} figure{'s' * (count != 1)} left out, and why</summary>"
        f"<ul>{items}</ul></details>\n"
    )


@functools.cache
def _sources() -> dict[str, dict[str, Any]]:
    rows = ac.load("sources").astype("object").to_dict("records")
    return {str(row["source_id"]): row for row in rows}


def source_link(source_id: str) -> str:
    """A source as a link to where it was published, its publisher as the words."""
    row = _sources()[source_id]
    return link(f"{row['publisher']}, {_dated(row)}", row["url"])


def sources(ids: Iterable[str]) -> str:
    """Sources as a list: publisher, title with its link, date, reliability, id.

    Raises:
        KeyError: For a source that is not in the table.
    """
    items = []
    for source_id in ids:
        row = _sources()[source_id]
        items.append(
            f"<li>{escape(str(row['publisher']))}, {link(str(row['title']), row['url'])}, "
            f"{_dated(row)}. Reliability {escape(str(row['reliability']))}. "
            f"<code>{escape(source_id)}</code></li>"
        )
    return f'<ul class="sources">{"".join(items)}</ul>\n'


def _dated(row: Mapping[str, Any]) -> str:
    return "undated" if missing(row["published"]) else str(row["published"])

"""What every answer carries: table, assumptions, sources, left_out, explain, chart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from armscost.errors import OutsideEvidenceError, each_chosen

if TYPE_CHECKING:
    import pandas as pd


def no_left_out() -> pd.DataFrame:
    """The empty list of figures not used: columns ``figure`` and ``reason``."""
    import pandas as pd

    return pd.DataFrame({"figure": pd.Series(dtype="str"), "reason": pd.Series(dtype="str")})


def no_trace() -> pd.DataFrame:
    """An empty trace, for answers whose table is all there is to tell."""
    import pandas as pd

    return pd.DataFrame()


@dataclass(frozen=True)
class Explanation:
    """The way from a number back to the published figures it stands on.

    Attributes:
        text: The way as lines to read; ``print(explanation)`` shows it.
        table: The same, one row a step or figure.
    """

    text: str
    table: pd.DataFrame

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """An answer with everything one needs to trust or to doubt it.

    Attributes:
        title: What the answer is to, in one line.
        table: The answer, one row an item.
        assumptions: Every choice that shaped the answer, one printable line each.
        sources: The ids of the sources used; ``armscost.cite`` turns them into references.
        left_out: Each figure that was not used, and why (columns ``figure``, ``reason``, …).
        trace: One row for each figure behind the table; its first column names the item of
            the table that it belongs to.
    """

    title: str
    table: pd.DataFrame
    assumptions: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    left_out: pd.DataFrame = field(default_factory=no_left_out)
    trace: pd.DataFrame = field(default_factory=no_trace)

    def explain(self, *items: Any) -> Explanation:
        """Go from the numbers back to the published figures, factor by factor.

        Args:
            *items: Items of the table to explain, by the first column of ``trace``, a year as
                ``2025`` or ``"2025"``; all of them where none is given.

        Returns:
            An :class:`Explanation`; print it, or take its ``.table``.

        Raises:
            UnknownNameError: For an item that has no trace.
        """
        rows = self.trace
        if items:
            names = rows[rows.columns[0]].map(str) if len(rows) else rows.index.map(str)
            wanted = each_chosen("item in this answer", map(str, items), list(names.unique()))
            rows = rows[names.isin(wanted)]
        lines = [self.title, *self._explain_rows(rows), "", "Assumptions:"]
        lines += [f"  - {line}" for line in self._explain_assumptions()]
        return Explanation("\n".join(lines), rows.reset_index(drop=True))

    def _explain_rows(self, rows: pd.DataFrame) -> list[str]:
        """One line a row of the trace; answers with more to say override this."""
        return ["  " + "; ".join(f"{k}: {v}" for k, v in row.items()) for row in records(rows)]

    def _explain_assumptions(self) -> list[str]:
        """The assumptions that follow the explanation; all of them unless overridden."""
        return self.assumptions

    def chart(self) -> Any:
        """The answer as an Altair chart (extra ``charts``).

        Raises:
            OutsideEvidenceError: For an answer that has no picture.
        """
        raise OutsideEvidenceError(f"{type(self).__name__} has no chart; read .table")

    def to_markdown(self) -> str:
        """The table, assumptions, sources and what was left out, as Markdown."""
        parts = [f"**{self.title}**", markdown_table(self.table)]
        if self.assumptions:
            parts.append("Assumptions:\n\n" + "\n".join(f"- {line}" for line in self.assumptions))
        if self.sources:
            parts.append("Sources: " + ", ".join(self.sources))
        if len(self.left_out):
            parts.append("Left out:\n\n" + markdown_table(self.left_out))
        return "\n\n".join(parts) + "\n"

    def _repr_html_(self) -> str:
        """The notebook view: title, table, assumptions folded below."""
        from html import escape

        lines = "".join(f"<li>{escape(line)}</li>" for line in self.assumptions)
        count = len(self.left_out)
        left = f"<p>{count} figure(s) left out: see <code>.left_out</code></p>" if count else ""
        return (
            f"<p><strong>{escape(self.title)}</strong></p>"
            f"{self.table.to_html(index=False, na_rep='')}"
            f"<details><summary>Assumptions</summary><ul>{lines}</ul></details>{left}"
        )

    def __repr__(self) -> str:
        return f"{self.title}\n{self.table.to_string(index=False, na_rep='')}"


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as plain dictionaries, without the cells that are empty."""
    import pandas as pd

    rows = table.to_dict("records")
    return [{str(k): v for k, v in row.items() if not pd.api.types.is_scalar(v) or pd.notna(v)}
            for row in rows]  # fmt: skip


def rows_of(table: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table as named tuples, empty cells included."""
    yield from table.itertuples(index=False)


def markdown_table(table: pd.DataFrame, show: Callable[[Any], str] | None = None) -> str:
    """A table as GitHub Markdown, cells escaped, empty cells left empty.

    Args:
        table: Any table.
        show: How a cell becomes text; by default numbers keep six significant digits.

    Returns:
        The Markdown text, without a line break at its end.

    Example:
        >>> import pandas as pd
        >>> print(markdown_table(pd.DataFrame({"a": [1.5, None]})))
        | a |
        | --- |
        | 1.5 |
        |  |
    """
    show = show or plain_cell
    head: Sequence[str] = [str(c) for c in table.columns]
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    for row in rows_of(table):
        cells = [show(cell).replace("|", "\\|").replace("\n", " ") for cell in row]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def plain_cell(cell: Any) -> str:
    """A cell as text: nothing for missing, six significant digits for a float."""
    import pandas as pd

    if pd.api.types.is_scalar(cell) and pd.isna(cell):
        return ""
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)

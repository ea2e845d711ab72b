"""A system as it is told in a terminal."""

from __future__ import annotations

from typing import Any

from armscost import datasets, terminal
from armscost.results import rows_of


def show_system(name: str, figures: Any) -> None:
    """Print a system and every figure of it."""
    record = datasets.system(name)
    terminal.say(f"{record.name} ({record.system_id})", style="bold")
    terminal.say(record.summary)
    facts = [record.category, record.maker, record.country, record.other_names]
    terminal.say("; ".join(fact for fact in facts if fact))
    for table, rows in figures.groupby("table", sort=False):
        terminal.heading(f"{str(table).capitalize()} ({len(rows)})")
        cells = [
            [terminal.cell(r.date), r.figure, r.kind, r.grade, r.source_id] for r in rows_of(rows)
        ]
        terminal.show_table(cells, ["date", "figure", "kind", "grade", "source"], firm=(0, 3))

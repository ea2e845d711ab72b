"""Comparisons as they are told in a terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from armscost import terminal
from armscost.results import rows_of

if TYPE_CHECKING:
    from armscost.comparison.capability import CostPerCapability
    from armscost.comparison.unit_price import Comparison


def per_table(result: CostPerCapability) -> None:
    """Print cost per unit of a characteristic, by system and kind of price."""
    amount = terminal.amount

    def cells(row: Any) -> list[str]:
        shell = row.capability_condition
        ends = [amount(value) for value in (row.low, row.median, row.high)]
        ratio = "" if row.ratio != row.ratio else f"{row.ratio:.2f}"
        word = shell.removesuffix(" shell") if isinstance(shell, str) else "–"
        return [word, *ends, f"{row.capability:g}", ratio]

    heads = ["shell" if "range" in result.measure else "condition", "low", "median", "high",
             result.measure_unit, "ratio"]  # fmt: skip
    _by_system(result, heads, cells, numbers=range(2, 7))
    first = result.table["system_id"].iloc[0]
    terminal.say(
        f"In {result.table['unit'].iloc[0]}: median price over median {result.measure}; low and "
        f"high: 10th and 90th percentiles. ratio: to {first}, only where price and "
        f"{result.measure} are both of one known kind."
    )
    _figures(result)
    terminal.heading(f"{result.measure} as published")
    figures = result.trace[result.trace["figure_of"] == "capability"]
    for system, printed in zip(figures["system_id"], figures["printed"], strict=True):
        lines = str(printed).splitlines()
        terminal.say(f"- {system}: {' '.join(line.strip() for line in lines)}", indent=2)
    _assumed(result)


def budget_table(result: Comparison) -> None:
    """Print how many of each a sum buys."""

    def cells(row: Any) -> list[str]:
        counts = [f"{value:,}" for value in (row.units_low, row.units, row.units_high)]
        return [*counts, terminal.amount(row.median), terminal.amount(row.left)]

    heads = ["fewest", "units", "most", "price", "left over"]
    _by_system(result, heads, cells, numbers=range(1, 6))
    terminal.say(
        f"Whole units at the highest, the median and the lowest price; price and what is left "
        f"over at the median, in {result.unit}."
    )
    _figures(result)
    _assumed(result)


def _by_system(
    result: Comparison,
    heads: list[str],
    cells: Callable[[Any], list[str]],
    numbers: range,
) -> None:
    """Print the title and the rows, a head above each system."""
    terminal.say(result.title, style="bold")
    terminal.say()
    rows: list[list[str]] = []
    sections: list[str | None] = []
    last = None
    for row in rows_of(result.table):
        sections.append(row.system_id if row.system_id != last else None)
        last = row.system_id
        kind = "  all kinds pooled" if result.pooled else f"  {_kind(row)}"
        rows.append([kind, *cells(row)])
    terminal.show_table(rows, ["kind of price", *heads], numbers=numbers, sections=sections)
    terminal.say()


def _assumed(result: Comparison) -> None:
    terminal.heading("Assumptions")
    for line in result.assumptions:
        terminal.say(f"- {line}", indent=2)
    _left_out(result)


def compare_table(result: Comparison) -> None:
    """Print what each system costs, kind by kind, and from which figures."""
    terminal.say(result.title, style="bold")
    terminal.say()
    table, pooled = result.table, bool(result.pooled)
    rows: list[list[str]] = []
    sections: list[str | None] = []
    last = None
    for row in rows_of(table):
        sections.append(row.system_id if row.system_id != last else None)
        last = row.system_id
        kind = "  all kinds pooled" if pooled else f"  {_kind(row)}"
        ratio = "" if row.ratio != row.ratio else f"{row.ratio:.2f}"
        ends = [terminal.amount(value) for value in (row.low, row.median, row.high)]
        rows.append([kind, *ends, f"{row.n_facts}/{row.n_origins}", ratio])
    heads = ["system and kind of price", "low", "median", "high", "f/o", "ratio"]
    terminal.show_table(rows, heads, numbers=range(1, 6), sections=sections)
    terminal.say()
    first = table["system_id"].iloc[0]
    terminal.say(
        f"One item each, in {result.unit}. ratio: to the median of {first}, only where both are "
        "of the same known kind. f/o: facts (deals or statements, each counted once) and origins "
        "(who first said them)."
    )
    _figures(result)
    _assumed(result)


def _kind(row: Any) -> str:
    basis = str(row.cost_basis).removesuffix("_price").removesuffix("_line").removesuffix("_claim")
    scope = "scope unknown" if row.scope == "unknown" else str(row.scope)
    words = [basis, scope, row.condition]
    return ", ".join(str(word).replace("_", " ") for word in words if word == word and word)


def _figures(result: Comparison) -> None:
    terminal.heading("From these published figures")
    prices = result.trace
    if "figure_of" in prices:
        prices = prices[prices["figure_of"] == "cost"]
    counted = prices[prices["counted"].astype("bool")]
    rows: list[list[str]] = []
    sections: list[str | None] = []
    last = None
    order = {name: place for place, name in enumerate(result.table["system_id"].unique())}
    counted = counted.sort_values("system_id", key=lambda c: c.map(order), kind="stable")
    for row in rows_of(counted):
        sections.append(row.system_id if row.system_id != last else None)
        last = row.system_id
        mark = "*" if row.computed else " "
        value = terminal.amount(row.central) + mark
        # The id is what `cite` wants; in a narrow terminal the publisher's name says more.
        source = row.source_id if terminal.width() > 110 else row.publisher
        rows.append([f"  {row.printed}", value, row.grade, source])
    heads = ["as printed", result.unit, "grade", "source"]
    terminal.show_table(rows, heads, numbers=(1,), sections=sections, firm=(2,))
    terminal.say()
    terminal.say(
        "* unit price computed by armscost. grade: reliability of the source A-F, credibility of "
        "the figure 1-6. Each step and source id: --explain SYSTEM; references: armscost cite ID"
    )


def _left_out(result: Any) -> None:
    if not len(result.left_out):
        return
    terminal.heading(f"Left out ({len(result.left_out)})")
    for reason, figures in result.left_out.groupby("reason", sort=False):
        terminal.say(f"- {reason}: {', '.join(figures['figure'])}", indent=2)

"""The Danish model as it is told in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armscost import terminal
from armscost.results import Result, rows_of

if TYPE_CHECKING:
    from armscost.danish_model.answer import DanishModel


def danish_table(result: DanishModel) -> None:
    """Print what the money brings, the limit, the inputs and the assumptions."""
    terminal.say(result.title, style="bold")
    terminal.say()
    rows = []
    for row in rows_of(result.summary):
        span = f"{row.units_p10:,.0f}–{row.units_p90:,.0f}"
        when = f"{row.first_delivery} to {row.last_delivery}" if row.first_delivery else "none"
        price = terminal.amount(row.unit_price)
        name = f"{row.channel.replace('_', ' ')}: {row.system_id}"
        share = f"{row.share_in_ukraine:.0%}"
        rows.append([name, f"{row.units_p50:,.0f}", span, when, price, row.limit, share])
    heads = ["channel", "units", "p10–p90", "delivered", "unit price", "limit", "in UA"]
    terminal.show_table(rows, heads, numbers=(1, 2, 4, 6), firm=(5,))
    terminal.say()
    money = result.switch_budget.magnitude
    unit = result.switch_budget.units
    turn = f"{terminal.amount(money)} {unit}" if money < float("inf") else "no sum"
    terminal.say(
        f"Capacity, not money, becomes the limit of the first channel at {turn}: from there on it "
        "binds in half of the months or more. Unit prices are medians in the budget's unit."
    )
    terminal.heading("Inputs")
    _inputs_table(result)
    terminal.say()
    terminal.say(
        "* assumed by us, no figure of anybody's. Each figure and source: --format markdown."
    )
    terminal.heading("Assumptions")
    for line in result.general_assumptions():
        terminal.say(f"- {line}", indent=2)


def _inputs_table(result: DanishModel) -> None:
    """Each input of each channel: best value, range, and a star where it is assumed."""
    names = list(dict.fromkeys(name for own in result.inputs.values() for name in own))
    rows = []
    for name in names:
        cells = []
        for own in result.inputs.values():
            one = own.get(name)
            if one is None or not one.unit:
                cells.append("")
                continue
            ends = (float(getattr(one.estimate, end)) for end in ("low", "best", "high"))
            low, best, high = (terminal.amount(end) if end >= 1e4 else f"{end:.3g}" for end in ends)
            span = best if low == high else f"{best} ({low}–{high})"
            cells.append(span + ("*" if one.assumed else " "))
        if any(cells):
            rows.append([name.replace("_", " "), *cells])
    heads = ["", *(channel.replace("_", " ") for channel in result.inputs)]
    terminal.show_table(rows, heads, numbers=())


def answer_table(result: Result) -> None:
    """Print an answer as it is: title, table, assumptions, what was left out."""
    terminal.say(result.title, style="bold")
    terminal.say()
    terminal.show_frame(result.table)
    terminal.heading("Assumptions")
    for line in result.assumptions:
        terminal.say(f"- {line}", indent=2)
    count = len(result.left_out)
    if count:
        terminal.say()
        terminal.say(f"Left out: {count} figure(s); see --format json")

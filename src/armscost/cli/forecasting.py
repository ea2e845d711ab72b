"""``armscost danish-model`` and what belongs to it: back-tests, idle capacity, price gap."""

from __future__ import annotations

from typing import Any

import click

from armscost.cli.group import Examples, cli, form_option


@cli.command(
    "danish-model",
    cls=Examples,
    examples=(
        'armscost danish-model bohdan --budget "1 billion EUR_2025" --start 2025-05',
        'armscost danish-model bohdan --budget "1.4 billion EUR_2025" --start 2025-01 \\',
        "    --months 12 --set price='2.3 million EUR_2025' --set capacity=40/month",
        'armscost danish-model bohdan --budget "1 billion EUR_2025" --start 2025-05 \\',
        "    --against western_purchase=caesar --against co_production=bohdan",
    ),
)
@click.argument("system")
@click.option("--budget", required=True, help='The sum, such as "1 billion EUR_2025".')
@click.option("--start", required=True, help="First month, such as 2025-05.")
@click.option("--months", type=int, default=24, show_default=True, help="How many months.")
@click.option(
    "--against", multiple=True, metavar="CHANNEL=SYSTEM",
    help="Another channel, same money: western_purchase, donation_from_stock, co_production.",
)  # fmt: skip
@click.option(
    "--set", "own", multiple=True, metavar="INPUT=VALUE",
    help="An input you know better: price, rate, capacity, lead_time, other_orders, slope, …",
)  # fmt: skip
@click.option("--schedule", is_flag=True, help="Print the months instead of the summary.")
@click.option("--chart", type=click.Path(dir_okay=False), help="Also draw it: FILE.svg or .png.")
@form_option
def danish_model(
    system: str,
    against: tuple[str, ...],
    own: tuple[str, ...],
    schedule: bool,
    chart: str | None,
    form: str,
    **question: Any,
) -> None:
    """Turn a budget into deliveries, and say what limits them."""
    from armscost import terminal
    from armscost.danish_model.answer import danish_model as answer
    from armscost.terminal import danish_model as told

    result = answer(
        system,
        question.pop("budget"),
        alternatives=_pairs(against, "--against western_purchase=caesar"),
        overrides=_pairs(own, "--set capacity=40/month"),
        **question,
    )
    if chart:
        from armscost import charts

        charts.save(result.chart(), chart)
    if schedule:
        terminal.show(result.schedule, form)
    else:
        terminal.show(result.summary, form, table=lambda: told.danish_table(result), result=result)


def _pairs(words: tuple[str, ...], example: str) -> dict[str, str]:
    """``name=value`` words as a dictionary."""
    for word in words:
        if "=" not in word:
            raise click.UsageError(f"{word!r} has no '='; write it as in: {example}")
    return {name.strip(): value.strip() for name, _, value in (w.partition("=") for w in words)}


@cli.command(
    cls=Examples,
    examples=("armscost backtest bohdan --until 2024-06", "armscost backtest all"),
)
@click.argument("system")
@click.option("--until", help="One origin, such as 2024-06; every origin by default.")
@form_option
def backtest(system: str, until: str | None, form: str) -> None:
    """Score forecasts of output made from what was known then.

    SYSTEM is a system, or 'all' for every series pooled.
    """
    from armscost import terminal
    from armscost.danish_model.backtest import backtest as answer
    from armscost.terminal import danish_model as told

    result = answer(system, until)
    terminal.show(result.table, form, table=lambda: told.answer_table(result), result=result)


@cli.command(
    "backtest-lots",
    cls=Examples,
    examples=("armscost backtest-lots", "armscost backtest-lots sm6-aur --format csv"),
)
@click.argument("series", nargs=-1, metavar="[SERIES]...")
@form_option
def backtest_lots(series: tuple[str, ...], form: str) -> None:
    """Score forecasts of the next lot, beside the budget book's."""
    from armscost import terminal
    from armscost.danish_model.lot_backtest import backtest_lots as answer
    from armscost.terminal import danish_model as told

    result = answer(series or None)
    terminal.show(result.table, form, table=lambda: told.answer_table(result), result=result)


@cli.command(
    "industry-gap",
    cls=Examples,
    examples=(
        "armscost industry-gap 2025",
        'armscost industry-gap 2025 --sum danish_model="1.4 billion EUR_2025"',
    ),
)
@click.argument("years", nargs=-1, type=int, required=True, metavar="YEAR...")
@click.option("--to", help="Currency and price year; needed for several years.")
@click.option("--sum", "sums", multiple=True, metavar="CHANNEL=SUM", help="What a sum would load.")
@form_option
def industry_gap(years: tuple[int, ...], to: str | None, sums: tuple[str, ...], form: str) -> None:
    """Set Ukraine's arms capacity against its funded orders."""
    from armscost import terminal
    from armscost.danish_model.industry import industry_gap as answer
    from armscost.terminal import danish_model as told

    question = years[0] if len(years) == 1 else list(years)
    pairs = _pairs(sums, '--sum danish_model="1.4 billion EUR_2025"')
    result = answer(question, pairs or None, to=to)
    terminal.show(result.table, form, table=lambda: told.answer_table(result), result=result)


@cli.command(
    "price-gap",
    cls=Examples,
    examples=("armscost price-gap bohdan caesar --to EUR_2024 --pool",),
)
@click.argument("system")
@click.argument("against")
@click.option("--to", default="EUR_2024", show_default=True, help="Currency and price year.")
@click.option("--pool", is_flag=True, help="Compare prices of unlike scope; says so.")
@form_option
def price_gap(system: str, against: str, to: str, pool: bool, form: str) -> None:
    """Split a price difference into wages, prices and local share."""
    from armscost import terminal
    from armscost.danish_model.price_gap import price_gap as answer
    from armscost.terminal import danish_model as told

    result = answer(system, against, to=to, pool=pool)
    terminal.show(result.table, form, table=lambda: told.answer_table(result), result=result)

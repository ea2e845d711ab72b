"""``armscost compare``: what systems cost, per what, and what a sum buys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from armscost.cli.group import BASES, CONDITIONS, SCOPES, Examples, cli, form_option, method_options

if TYPE_CHECKING:
    from armscost.comparison.unit_price import Comparison


@cli.command(
    cls=Examples,
    examples=(
        "armscost compare bohdan caesar pzh-2000 --to EUR_2024",
        "armscost compare caesar zuzana-2 --to USD_2024 --scope item_only",
        "armscost compare bohdan --to EUR_2024 --explain bohdan",
        "armscost compare bohdan caesar --to EUR_2024 --per range_max",
        'armscost compare bohdan --to EUR_2024 --equal-budget "1 billion EUR_2024"',
    ),
)
@click.argument("systems", nargs=-1, required=True, metavar="SYSTEM...")
@click.option("--to", required=True, help="Currency and price year, such as EUR_2024.")
@click.option("--pool", is_flag=True, help="One row a system, whatever the scope; says so.")
@click.option(
    "--basis", multiple=True, type=click.Choice(BASES), metavar="BASIS",
    help=f"Keep this cost basis: {', '.join(BASES)}.",
)  # fmt: skip
@click.option("--scope", multiple=True, type=click.Choice(SCOPES), help="Keep these scopes.")
@click.option(
    "--condition", multiple=True, type=click.Choice(CONDITIONS), help="Keep these conditions."
)
@method_options
@click.option("--per", metavar="MEASURE", help="Cost per unit of it, such as range_max.")
@click.option("--under", multiple=True, metavar="WORDS", help="With --per: only this shell.")
@click.option(
    "--alike", multiple=True, metavar="WORDS",
    help="With --per: shells to take as alike; says so.",
)  # fmt: skip
@click.option("--equal-budget", metavar="SUM", help='What "100 million EUR_2024" buys of each.')
@click.option("--explain", multiple=True, metavar="SYSTEM", help="Show each step for a system.")
@click.option("--chart", type=click.Path(dir_okay=False), help="Also draw it: FILE.svg or .png.")
@form_option
def compare(
    systems: tuple[str, ...],
    to: str,
    pool: bool,
    basis: tuple[str, ...],
    scope: tuple[str, ...],
    condition: tuple[str, ...],
    form: str,
    per: str | None,
    under: tuple[str, ...],
    alike: tuple[str, ...],
    equal_budget: str | None,
    explain: tuple[str, ...],
    chart: str | None,
    **method: Any,
) -> None:
    """Compare what systems cost, in one price base, like with like."""
    from armscost import terminal

    choices = {"pool": pool, "basis": basis or None, "scope": scope or None,
               "condition": condition or None} | method  # fmt: skip
    if per and equal_budget:
        raise click.UsageError("--per and --equal-budget are two questions; ask one at a time")
    if not per and (under or alike):
        raise click.UsageError("--under and --alike go with --per")
    print_table, result = _asked(systems, to, per, under, alike, equal_budget, choices)
    if chart:
        from armscost import charts

        charts.save(result.chart(), chart)
    if explain:
        terminal.say(str(result.explain(*explain)), indent=4)
        return
    terminal.show(result.table, form, table=lambda: print_table(result), result=result)


def _asked(
    systems: tuple[str, ...],
    to: str,
    per: str | None,
    under: tuple[str, ...],
    alike: tuple[str, ...],
    budget: str | None,
    choices: dict[str, Any],
) -> tuple[Callable[[Any], None], Comparison]:
    """The answer to the question that the options ask, and what prints it."""
    if per:
        from armscost.comparison.capability import cost_per_capability

        shells: dict[str, Any] = {"under": under or None, "alike": alike or None}
        from armscost.terminal import comparison

        return comparison.per_table, cost_per_capability(systems, per, to, **shells, **choices)
    if budget:
        from armscost.comparison.purchases import equal_budget

        bought = equal_budget(systems, budget, **choices)
        if bought.unit != to:
            raise click.UsageError(f"--equal-budget is in {bought.unit} and --to is {to}")
        from armscost.terminal import comparison

        return comparison.budget_table, bought
    from armscost.comparison.unit_price import compare as plain
    from armscost.terminal import comparison

    return comparison.compare_table, plain(systems, to, **choices)

"""``armscost claims`` and ``armscost conflicts``."""

from __future__ import annotations

import click

from armscost.cli.group import CONFLICTS, Examples, cli, form_option


@cli.command(
    cls=Examples,
    examples=(
        "armscost claims",
        "armscost claims bohdan --to EUR_2024",
        "armscost claims --explain zuzana-2-cost-bohdan-re-russia",
    ),
)
@click.argument("about", nargs=-1, metavar="[NAME]...")
@click.option("--to", default="EUR_2024", show_default=True, help="Currency and price year.")
@click.option("--explain", multiple=True, metavar="CLAIM", help="Show the figures behind it.")
@form_option
def claims(about: tuple[str, ...], to: str, explain: tuple[str, ...], form: str) -> None:
    """Test stated ratios against the published figures.

    With NAME (a claim, a system or an area) every reading of it is shown.
    """
    from armscost import evidence, terminal
    from armscost.terminal import evidence as told_as

    result = evidence.check_claims(to, about=about or explain or None)
    if explain:
        terminal.say(str(result.explain(*explain)), indent=4)
        return
    told = told_as.claim_readings if about else told_as.claim_verdicts
    terminal.show(result.table, form, table=lambda: told(result), result=result)


@cli.command(
    cls=Examples,
    examples=("armscost conflicts", "armscost conflicts --kind conversion --format csv"),
)
@click.option("--kind", type=click.Choice(CONFLICTS), help="Only one kind of conflict.")
@form_option
def conflicts(kind: str | None, form: str) -> None:
    """List figures that disagree and money counted twice."""
    from armscost import evidence, terminal
    from armscost.terminal import evidence as told_as

    result = evidence.conflicts(kind=kind)
    told = told_as.conflicts_table
    terminal.show(result.table, form, table=lambda: told(result), result=result)

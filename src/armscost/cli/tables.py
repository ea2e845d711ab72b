"""``armscost tables``, ``show`` and ``cite``: the tables as they are."""

from __future__ import annotations

import click

from armscost.cli.group import Examples, cli, form_option


@cli.command(cls=Examples, examples=("armscost tables", "armscost tables costs"))
@click.argument("table", required=False)
@form_option
def tables(table: str | None, form: str) -> None:
    """List the tables, or describe the columns of one."""
    from armscost import datasets, terminal

    if table:
        about = datasets.describe(table)
        brief = about[["column", "type", "unit", "description"]]
        terminal.show(about, form, table=lambda: terminal.show_frame(brief))
        return
    terminal.show(datasets.overview(), form)


@cli.command(
    cls=Examples,
    examples=("armscost show", "armscost show caesar", "armscost show caesar --format json"),
)
@click.argument("system", required=False)
@form_option
def show(system: str | None, form: str) -> None:
    """Show every figure of a system, or list the systems."""
    from armscost import datasets, terminal
    from armscost.terminal import systems

    if system is None:
        listed = datasets.load("systems")[["system_id", "name", "category", "country"]]
        terminal.show(listed, form)
        return
    figures = datasets.figures_of(system)
    terminal.show(figures, form, table=lambda: systems.show_system(system, figures))


@cli.command(
    cls=Examples,
    examples=(
        "armscost cite re-russia-2025-04",
        "armscost cite re-russia-2025-04 --style bibtex",
    ),
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--style", type=click.Choice(("text", "bibtex")), default="text", show_default=True)
def cite(sources: tuple[str, ...], style: str) -> None:
    """Print references for sources."""
    from armscost import datasets

    click.echo(datasets.cite(sources, style=style))

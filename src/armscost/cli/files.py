"""``armscost rebase``: a whole file into one currency and price year."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import click

from armscost.cli.group import Examples, cli, method_options


@cli.command(
    cls=Examples,
    examples=(
        "armscost rebase tenders.parquet -o tenders-2024.parquet --to EUR_2024",
        "armscost rebase aid.csv -o aid-2024.csv --to USD_2024 --missing keep \\",
        "    --amount value --currency ccy --year price_year",
        "armscost rebase notices.csv.gz -o out.parquet --to EUR_2024 --date signed",
    ),
)
@click.argument("source", type=click.Path(dir_okay=False))
@click.option("-o", "--out", required=True, type=click.Path(dir_okay=False), help="Where to write.")
@click.option("--to", required=True, help="Currency and price year, such as EUR_2024.")
@click.option("--amount", default="amount", show_default=True, help="Column of the amounts.")
@click.option("--currency", default="currency", show_default=True, help="Column of ISO codes.")
@click.option("--year", help="Column of the price years.  [default: price_year]")
@click.option("--date", help="Column of days: the day's fixing, the year's index.")
@click.option("--area", help="Column, or one area, whose index counts.")
@method_options
@click.option(
    "--missing", type=click.Choice(("raise", "keep")), default="raise", show_default=True,
    help="Stop where rows cannot be rebased, or keep them with the reason.",
)  # fmt: skip
@click.option("--explain", is_flag=True, help="Add factor, rate, its date and basis, and index.")
def rebase(source: str, out: str, year: str | None, date: str | None, **question: Any) -> None:
    """Rebase a Parquet or CSV file of any length."""
    from armscost.frames import rebase_file

    if year is None and date is None:
        year = "price_year"
    with _progress() as report:
        summary = rebase_file(source, out, year=year, date=date, progress=report, **question)
    click.echo(str(summary))


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[float], None] | None]:
    """A progress bar where somebody is watching, else nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("rebasing", total=1.0)
        yield lambda share: bar.update(task, completed=share)

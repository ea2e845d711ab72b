"""What all commands share: the group, help with examples, the option for the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

import armscost

F = TypeVar("F", bound=Callable[..., Any])

FORMATS = ("table", "csv", "json", "markdown")
BASES = (
    "flyaway", "weapon_system", "procurement", "programme", "contract_price", "budget_line",
    "press_claim",
)  # fmt: skip
SCOPES = ("item_only", "with_support", "with_ammunition", "package", "programme", "unknown")
CONDITIONS = ("new", "used", "refurbished", "from_stock")
CONFLICTS = ("same_fact", "same_thing", "description", "conversion", "sum", "counted_twice")


def form_option(command: F) -> F:
    """The option that every command with an answer has."""
    option = click.option(
        "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True,
        help="How to print the answer.",
    )  # fmt: skip
    return option(command)


def method_options(command: F) -> F:
    """The options that say how money is brought to one currency and price year."""
    options = (
        click.option(
            "--rate", type=click.Choice(("market", "ppp")), default="market", show_default=True,
            help="Market rates, or purchasing power (never the price of a purchase).",
        ),
        click.option("--index", default="consumer", show_default=True, help="Which price index."),
        click.option(
            "--order", type=click.Choice(("deflate_then_exchange", "exchange_then_deflate")),
            default="deflate_then_exchange", show_default=True, help="Which step comes first.",
        ),
    )  # fmt: skip
    for option in options:
        command = option(command)
    return command


class Examples(click.Command):
    """A command whose help ends with its examples, line by line as they are typed."""

    def __init__(self, *args: Any, examples: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        if self.examples:
            with formatter.section("Examples"):
                for line in self.examples:
                    formatter.write(f"  {line}\n")


class Commands(click.Group):
    """The commands; a misspelt one is answered with the nearest."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command or say which one was probably meant."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise armscost.UnknownNameError(
                "command", args[0], self.list_commands(ctx), where="armscost --help"
            )
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from armscost.datasets import data_version

        click.echo(f"armscost {armscost.__version__}, data {data_version()}")
        ctx.exit()


@click.group(
    cls=Commands, no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_version,
    help="Print the version of the code and of the data.",
)  # fmt: skip
def cli() -> None:
    """What weapon systems cost, how fast they are made, and what that compares to.

    Every number comes with its sources, price year, scope and grade.
    """

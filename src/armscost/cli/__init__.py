"""The same answers in a terminal; computes nothing."""

from __future__ import annotations

import sys

import click

from armscost.cli import comparing, data, evidence, files, forecasting, tables
from armscost.cli.group import cli
from armscost.errors import ArmscostError

__all__ = ["cli", "comparing", "data", "evidence", "files", "forecasting", "main", "tables"]


def main() -> None:
    """Run the command; every fault is one clear line and exit status 1."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(1)
    except (ArmscostError, OSError) as error:
        # A reader of our output that went away is no fault of the user's.
        if not isinstance(error, BrokenPipeError):
            click.echo(f"armscost: {error}", err=True)
        sys.exit(1)
    except click.ClickException as error:
        usage = getattr(error, "ctx", None)
        help_line = f" (see: {usage.command_path} --help)" if usage else ""
        click.echo(f"armscost: {_one_line(error.format_message())}{help_line}", err=True)
        sys.exit(1)


def _one_line(message: str) -> str:
    """A message that repeats what was typed, with what would break its line written out."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in message)

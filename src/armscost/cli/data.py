"""``armscost data``: check and build the tables from the curated text."""

from __future__ import annotations

from typing import Any

import click

from armscost.cli.group import Commands, Examples, cli


@cli.group(cls=Commands, no_args_is_help=False)
def data() -> None:
    """Check and build the tables (extra: curation)."""


@data.command(cls=Examples, examples=("armscost data check",))
def check() -> None:
    """Prove that the curated text is sound and that the Parquet files agree with it."""
    from armscost.curation import build as curation

    _told(curation.differences(), "text and Parquet agree")


@data.command(cls=Examples, examples=("armscost data build",))
def build() -> None:
    """Build the Parquet files and what stands beside them; all of it, or nothing."""
    from armscost.curation import build as curation

    _told(curation.build(), "built")


def _told(built: dict[str, Any], what: str) -> None:
    rows = sum(table.num_rows for table in built.values())
    click.echo(f"{what}: {len(built)} tables, {rows:,} rows")

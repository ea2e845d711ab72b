"""The tables for reading: without the description that pandas copies at every step."""

from __future__ import annotations

import functools
from typing import Any

import pandas as pd

from armscost import datasets


@functools.cache
def plain(name: str) -> pd.DataFrame:
    """A table to read and never to change; closed vocabularies as plain text."""
    table = datasets.shared_table(name).copy(deep=False)
    table.attrs = {}
    words = list(table.select_dtypes("category"))
    return table.astype(dict.fromkeys(words, "object"))


@functools.cache
def graded(name: str) -> pd.DataFrame:
    """A table with its sources' ``reliability``, best graded figures first.

    What a paper converted itself (a ``quotient``) comes after what was first said.
    """
    letters = plain("sources").set_index("source_id")["reliability"]
    rows = plain(name).assign(reliability=lambda t: t["source_id"].map(letters))
    rows["quotient"] = rows["check"] == "quotient"
    return rows.sort_values(["credibility", "quotient", "reliability"])


def facts_once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The figures of one side of a test, each marked ``new`` unless it repeats a fact.

    Args:
        rows: The figures, best graded first.

    Example:
        >>> [row["new"] for row in facts_once([{"fact_id": "a"}, {"fact_id": "a"}])]
        [True, False]
    """
    seen = [row["fact_id"] for row in rows]
    return [row | {"new": row["fact_id"] not in seen[:place]} for place, row in enumerate(rows)]

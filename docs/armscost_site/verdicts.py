"""How stated ratios fare against the evidence, as pages show it."""

from __future__ import annotations

import functools
from html import escape
from typing import Any

import pandas as pd

import armscost as ac
from armscost_site import blocks, pictures
from armscost_site.words import cell, missing, number, said


@functools.cache
def _checked() -> Any:
    return ac.check_claims()


def claims() -> pd.DataFrame:
    """Every claim with its verdict, one row each."""
    return _checked().summary


def allowed(low: float, high: float) -> str:
    """What a claim allows: ``2.7 to 3.3 times``, ``24 times or more``."""
    if missing(low) or missing(high):
        return "no number"
    if high == float("inf"):
        return f"{number(low)} times or more"
    if low == 0:
        return f"{number(high)} times or less"
    ends = dict.fromkeys((number(low), number(high)))
    return " to ".join(ends) + " times"


def table(frame: pd.DataFrame, caption: str) -> str:
    """Claims with their verdicts as a table."""
    shown = frame.assign(
        allows=[allowed(r["allowed_low"], r["allowed_high"]) for r in frame.to_dict("records")],
        why=frame["reason"],
    )
    return blocks.table(
        shown, caption,
        {"statement": "claim", "allows": "allows", "verdict": "verdict", "why": "why untestable",
         "source_id": "source"},
        {"statement": escape, "source_id": blocks.source_link,
         "verdict": lambda word: f"<strong>{escape(said(word))}</strong>", "why": cell},
    )  # fmt: skip


def ratio_chart(readings: pd.DataFrame, summary: pd.DataFrame) -> Any:
    """The ratios of two claims on price, read against the price of the claims' own source."""
    own = readings[readings["reference"] == "the source's own price"]
    own = own.assign(
        claim=[f"{ac.system(key).name} over Bohdan" for key in own["subject_id"]],
        reading_of=own["subject_kind"].str.removesuffix(", new"),
    )
    allows = {
        f"{ac.system(row['subject_id']).name} over Bohdan": (
            row["allowed_low"],
            row["allowed_high"],
        )
        for row in summary.to_dict("records")
    }
    title = "How many times the stated Bohdan price, by the kind of price it is set against"
    return pictures.ratios(own, allows, title)

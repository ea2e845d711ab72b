"""Pictures that only this site draws, in the style of ``armscost.charts``."""

from __future__ import annotations

from typing import Any

import pandas as pd

from armscost.charts.rows import short, unit_words
from armscost.charts.style import (
    altair,
    category_axis,
    data,
    finish,
    money_axis,
    pair,
)

THEORIES = {"crawford": "unit (Crawford)", "wright": "cumulative average (Wright)"}


def learning(costs: pd.DataFrame, unit: str) -> Any:
    """The cost of the next unit as more are built, a picture a line, a band a theory.

    Args:
        costs: A row a line, theory and number: ``line``, ``theory``, ``more``, ``low``,
            ``middle``, ``high``.
        unit: What the costs are in.
    """
    alt = altair()
    rows = costs.assign(theory=costs["theory"].map(THEORIES)).to_dict("records")
    x = alt.X("more:Q", title="More units built", axis=alt.Axis(tickCount=5, grid=False))
    label = f"Next unit, {unit_words(unit)}"
    axis = alt.Axis(labelExpr=money_axis(alt).labelExpr, tickCount=5)
    y = alt.Y("middle:Q", title=label, axis=axis, scale=alt.Scale(zero=True))
    colour = pair(alt, "theory", *THEORIES.values())
    base = alt.Chart(data(alt, rows)).encode(x=x, color=colour)
    tips = [alt.Tooltip("theory:N"), alt.Tooltip("more:Q")] + [
        alt.Tooltip(f"{name}:Q", format=",.0f") for name in ("low", "middle", "high")
    ]
    layers = alt.layer(
        base.mark_area(style="band", line=False).encode(y=alt.Y("low:Q", title=label), y2="high:Q"),
        base.mark_line().encode(
            y=y, tooltip=tips, strokeDash=alt.StrokeDash("theory:N", legend=None)
        ),
    ).properties(width=240, height=200)
    lines = list(dict.fromkeys(costs["line"]))
    chart = layers.facet(facet=alt.Facet("line:N", title=None, sort=lines), columns=2, spacing=22)
    last = costs[costs["more"] == costs["more"].max()]
    told = "; ".join(
        f"{r.line}, {THEORIES[r.theory]}: {short(r.low)} to {short(r.high)}"
        for r in last.itertuples()
    )
    title = "What the next Bohdan costs as more are built"
    text = f"{title}, in {unit_words(unit)}. After {last['more'].iloc[0]} more: {told}."
    note = "Line: slope 0.875. Band: slope 0.80 to 0.95. The new line starts at its first unit."
    return finish(alt, chart, title, note, text)


def counted_twice(conflicts: pd.DataFrame, most: int = 12) -> Any:
    """Sums counted once, and with their parts added to them again.

    Args:
        conflicts: Rows of :func:`armscost.conflicts` of the kind ``counted_twice``.
        most: How many, those that add most in euros first.
    """
    alt = altair()
    euros = conflicts[conflicts["unit"] == "EUR"]
    euros = euros.assign(more=euros["right_value"] - euros["left_value"])
    euros = euros.nlargest(most, "more").drop_duplicates("what")
    names = [str(what).removeprefix("EUR ") for what in euros["what"]]
    rows = [
        {"what": what, "from": row.left_value * start, "to": end, "part": part}
        for what, row in zip(names, euros.itertuples(), strict=True)
        for part, start, end in (
            ("counted once", 0, row.left_value), ("counted again", 1, row.right_value),
        )
    ]  # fmt: skip
    y = alt.Y("what:N", sort=names, title=None, axis=category_axis(alt, names))
    x = alt.X("from:Q", title="EUR, as promised", axis=money_axis(alt))
    bars = alt.Chart(data(alt, rows)).mark_bar(height=18).encode(
        x=x, x2="to:Q", y=y, color=pair(alt, "part", "counted once", "counted again"),
        tooltip=[alt.Tooltip("what:N"), alt.Tooltip("part:N"),
                 alt.Tooltip("to:Q", title="up to, EUR", format=",.0f")],
    )  # fmt: skip
    title = "The same money, counted once and counted again"
    told = "; ".join(
        f"{what}: {short(row.left_value)} once, {short(row.right_value)} with its part added"
        for what, row in zip(names, euros.itertuples(), strict=True)
    )
    note = f"The {len(names)} largest in euros. What is inside a sum adds nothing to it."
    return finish(alt, [bars], title, note, f"{title}. {told}.", height=58 * len(names))


def ratios(readings: pd.DataFrame, allowed: dict[str, tuple[float, float]], title: str) -> Any:
    """The ratios that the evidence implies, reading by reading, beside the ratio that was stated.

    Args:
        readings: Rows of ``check_claims().table``, with ``claim`` and ``reading_of``.
        allowed: For each claim the lowest and highest ratio that its words allow.
        title: What it shows.
    """
    alt = altair()
    rows = readings[["claim", "reading_of", "low", "median", "high"]].to_dict("records")
    order = list(dict.fromkeys(row["reading_of"] for row in rows))
    claims = list(dict.fromkeys(row["claim"] for row in rows))
    for row in rows:
        row["from"], row["to"] = allowed[row["claim"]]
    y = alt.Y("reading_of:N", sort=order, title=None, axis=category_axis(alt, order))
    scale = alt.Scale(type="log", nice=True)
    x = alt.X("median:Q", title="Times the price of a Bohdan, log scale", scale=scale,
              axis=alt.Axis(values=[1, 2, 3, 4, 6, 8, 12, 16], grid=True))  # fmt: skip
    base = alt.Chart(data(alt, rows)).encode(y=y)
    tips = [alt.Tooltip("claim:N"), alt.Tooltip("reading_of:N", title="price")] + [
        alt.Tooltip(f"{name}:Q", format=".3~f") for name in ("low", "median", "high")
    ]
    layers = alt.layer(
        base.mark_bar(style="band", height=26).encode(x=alt.X("from:Q", scale=scale), x2="to:Q"),
        base.mark_rule(strokeWidth=2.5).encode(x=alt.X("low:Q", scale=scale), x2="high:Q"),
        base.mark_point(filled=True, size=90, opacity=1).encode(x=x, tooltip=tips),
    ).properties(width=190, height=34 * len(order))
    chart = layers.facet(facet=alt.Facet("claim:N", title=None, sort=claims), columns=2, spacing=22)
    told = "; ".join(
        f"{row['claim']}, {row['reading_of']}: {row['low']:.2g} to {row['high']:.2g}"
        for row in rows
    )
    note = (
        "Prices are of new guns unless told. Band: what the claim allows. Line: lowest to highest "
        "ratio. Point: ratio of medians."
    )
    return finish(alt, chart, title, note, f"{title}. {note} {told}.")

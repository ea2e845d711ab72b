"""How many, and when: deliveries, the ramp, idle capacity, what more money buys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from armscost.charts.rows import (
    QUANTILES,
    RANGE,
    Row,
    given,
    read_rows,
    short,
    span,
    unit_words,
    words,
    written,
)
from armscost.charts.style import (
    OVER_TITLE,
    SHORT,
    WIDTH,
    altair,
    category_axis,
    code,
    data,
    finish,
    haloed,
    money_axis,
    month_axis,
    pair,
    tooltips,
    value_axis,
    whiskers,
)
from armscost.errors import chosen

if TYPE_CHECKING:
    import pandas as pd
    from altair.typing import ChartType as Chart

STATUSES = ("delivered", "produced", "capacity", "planned", "target")


def deliveries(schedule: pd.DataFrame, measure: str, *, title: str) -> Chart:
    """Month by month, a small picture a channel: p50 as a line, p10 to p90 as a band.

    Args:
        schedule: A row a channel and month: ``channel``, ``month`` (a date, a period or text
            such as ``2025-05``), ``p10``, ``p50``, ``p90`` and, where there is one, ``limit``.
        measure: What is counted, and whether month by month or in all, for example
            ``"Howitzers delivered, in all"``.
        title: What it shows.

    Returns:
        An Altair chart; all channels share one scale, and stand in the table's order.

    Raises:
        MissingExtraError: Without Altair.
        OutsideEvidenceError: For an empty table, quantiles out of order, months as numbers.
        UnknownNameError: For a missing column.
    """
    alt = altair()
    rows = read_rows(
        "deliveries", schedule, unique=("channel", "month"), texts=("channel",),
        ranges=(QUANTILES,), needs=QUANTILES,
        optional=("limit",), dates=("month",),
    )  # fmt: skip
    for row in rows:
        row["channel"] = words(row["channel"])
    channels = list(dict.fromkeys(row["channel"] for row in rows))
    last = {c: max((r for r in rows if r["channel"] == c), key=lambda r: r["month"])
            for c in channels}  # fmt: skip
    for row in rows:
        ends = row is last[row["channel"]]
        row["label"] = f"{short(row['p50'])} ({span(row['p10'], row['p90'])})" if ends else ""
    top = 1.15 * max(row["p90"] for row in rows) or 1.0  # room for the words over the last month
    x = alt.X("month:T", title=None, axis=month_axis(alt, 4))
    y = alt.Y(
        "p50:Q", title=written("measure", measure),
        axis=alt.Axis(labelExpr=SHORT, tickCount=4), scale=alt.Scale(domain=[0, top]),
    )  # fmt: skip
    tips = [alt.Tooltip("channel:N"), alt.Tooltip("month:T", format="%B %Y")]
    tips += tooltips(alt, rows, (*QUANTILES, "limit"))
    base = alt.Chart(data(alt, rows)).encode(x=x)
    layers = alt.layer(
        base.mark_area(style="band", line=False).encode(
            y=alt.Y("p10:Q", title=measure), y2="p90:Q"
        ),
        base.mark_line().encode(y=y, tooltip=tips),
        *haloed(base, {"y": "p90:Q", "text": "label:N"}, align="right", dy=-5, baseline="bottom"),
    )
    columns = min(2, len(channels))
    layers = layers.properties(width=(WIDTH - 75 - 30 * (columns - 1)) / columns, height=150)
    layers = layers.facet(
        facet=alt.Facet("channel:N", title=None, sort=channels), columns=columns, spacing=22
    )
    told = "; ".join(f"{c}: {last[c]['label']}" for c in channels)
    note = "Line: p50, as likely more as less. Band: p10 to p90, four runs in five."
    text = f"{title}. {measure}, p50 (p10 to p90) in the last month: {told}."
    return finish(alt, layers, title, note, text)


def ramp(
    observations: pd.DataFrame,
    measure: str,
    *,
    title: str,
    fitted: pd.DataFrame | None = None,
) -> Chart:
    """Output over time: every published figure, by what it says was done or meant.

    Args:
        observations: A row a figure: ``date``, ``value`` (may be missing where only a range
            was published), ``status`` (delivered, produced, capacity, planned or target) and,
            where there are any, ``low``, ``high``, ``said_by``, ``source``, ``stated_on``,
            ``grade``, ``printed``, ``note``.
        measure: What is counted and per what, for example ``"Howitzers a month"``.
        title: What it shows.
        fitted: A line to lay beside them: ``date``, ``value`` and, for a band, ``low``, ``high``.

    Returns:
        An Altair chart; the figures are not joined, because they do not measure one thing.

    Raises:
        MissingExtraError: Without Altair.
        OutsideEvidenceError: For an empty table, a range out of order, dates as numbers.
        UnknownNameError: For a missing column or a status that does not exist.
    """
    alt = altair()
    told = ("said_by", "source", "stated_on", "grade", "printed", "note")
    rows = read_rows(
        "ramp", observations, texts=("status",), ranges=(RANGE,), optional=told, dates=("date",)
    )
    for row in rows:
        row["status"] = chosen("status", row["status"], STATUSES)
    x = alt.X("date:T", title=None, axis=month_axis(alt, 6), scale=alt.Scale(padding=12))
    y = alt.Y(
        "value:Q", axis=value_axis(alt, written("measure", measure)), scale=alt.Scale(zero=True)
    )
    colour, shape = code(alt, "status", STATUSES, rows, offset=OVER_TITLE)
    tips = [alt.Tooltip("date:T", format="%B %Y")]
    tips += tooltips(alt, rows, ("status", *RANGE, *told))
    base = alt.Chart(data(alt, rows)).encode(x=x, color=colour)
    layers = [
        base.mark_rule(strokeWidth=2.5, opacity=0.6).encode(y="low:Q", y2="high:Q", tooltip=tips),
        base.transform_filter("isValid(datum.value)")
        .mark_point(filled=True, size=95, opacity=1)
        .encode(y=y, shape=shape, tooltip=tips),
    ]
    note = "Each mark is a published figure, at the time it is about."
    if fitted is not None:
        line = read_rows("ramp", fitted, ranges=(RANGE,), needs=("value",), dates=("date",))
        drawn = alt.Chart(data(alt, line)).encode(x=x)
        layers[:0] = [
            drawn.mark_area(style="fitted_band").encode(y="low:Q", y2="high:Q"),
            drawn.mark_line(style="fitted").encode(y=y),
        ]
        note += " Dashed: fitted" + (
            ", with its range." if any(row["low"] is not None for row in line) else "."
        )
    counts = ", ".join(
        f"{sum(row['status'] == s for row in rows)} {s}"
        for s in STATUSES if any(row["status"] == s for row in rows)
    )  # fmt: skip
    first, final = min(row["date"] for row in rows)[:7], max(row["date"] for row in rows)[:7]
    values = [n for row in rows for n in given(row)]
    text = (
        f"{title}. {measure}: {span(min(values), max(values))} over {first} to {final}, "
        f"{len(rows)} published figures ({counts})."
    )
    return finish(alt, layers, title, note, text, height=300)


def idle_capacity(
    table: pd.DataFrame,
    unit: str,
    *,
    title: str = "What industry could make, and what is ordered and paid for",
) -> Chart:
    """Capacity beside funded orders, year by year, where counts disagree with their range.

    Args:
        table: A row a year: ``year``, ``capacity``, ``funded`` (either may be missing where
            only a range is known) and, where there are any, ``capacity_low``,
            ``capacity_high``, ``funded_low``, ``funded_high``, ``idle_low``, ``idle``,
            ``idle_high`` (shares of capacity, 0 to 1, written over the year), ``source``.
        unit: What capacity and orders are in, for example ``USD_2025``, ``USD, then-year``.
        title: What it shows.

    Returns:
        An Altair chart.

    Raises:
        MissingExtraError: Without Altair.
        OutsideEvidenceError: For an empty table or a range out of order.
        UnknownNameError: For a missing column.
    """
    alt = altair()
    ranges = [(f"{what}_low", what, f"{what}_high") for what in ("capacity", "funded")]
    rows = read_rows(
        "idle_capacity", table, unique=("year",), texts=("year",), ranges=ranges,
        optional=("idle_low", "idle", "idle_high", "source"),
    )  # fmt: skip
    names = {"capacity": "capacity", "funded": "funded orders"}
    bars = [
        {"year": row["year"], "what": name, "low": row[f"{key}_low"], "value": row[key],
         "high": row[f"{key}_high"], "source": row["source"],
         "top": max(given(row, (f"{key}_low", key, f"{key}_high")), default=None)}
        for row in rows for key, name in names.items()
    ]  # fmt: skip
    idle = [
        {"year": row["year"], "label": f"{share} idle",
         "top": max(b["top"] for b in bars if b["year"] == row["year"] and b["top"] is not None)}
        for row in rows if (share := _shares(row))
    ]  # fmt: skip
    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0), scale=alt.Scale(padding=0.25))
    y = alt.Y("value:Q", axis=value_axis(alt, unit_words(unit)), scale=alt.Scale(zero=True))
    offset = alt.XOffset("what:N", sort=list(names.values()))
    colour = pair(alt, "what", *names.values(), offset=OVER_TITLE)
    tips = tooltips(alt, bars, ("year", "what", *RANGE, "source"))
    base = alt.Chart(data(alt, bars)).encode(x=x, xOffset=offset)
    layers = [
        base.mark_bar().encode(y=y, color=colour, tooltip=tips),
        *whiskers(base, y="low:Q", y2="high:Q"),
    ]
    if idle:
        over = alt.Chart(data(alt, idle)).encode(x=x, y="top:Q")
        layers += haloed(over, {"text": "label:N"}, baseline="bottom", dy=-6, fontWeight="bold")
    ranged = any(bar["low"] is not None for bar in bars)
    told = "; ".join(
        f"{row['year']}: capacity {_figure(row, 'capacity')}, funded {_figure(row, 'funded')}"
        for row in rows
    )
    note = "Thin line: the range of the published counts." if ranged else ""
    text = f"{title}, {unit_words(unit)}. {told}."
    return finish(alt, layers, title, note, text, height=300)


def marginal(
    table: pd.DataFrame, measure: str, *, step: str = "EUR 100m", title: str = ""
) -> Chart:
    """What one more sum of money buys, channel by channel.

    Args:
        table: A row a channel: ``channel``, ``p50`` and, where there are any, ``p10``,
            ``p90``, ``limit`` (what binds, written beside the bar), ``note``.
        measure: What is bought, for example ``"More howitzers by April 2027"``.
        step: The sum, as text.
        title: What it shows; by default built from ``step``.

    Returns:
        An Altair chart; channels stand in the table's order.

    Raises:
        MissingExtraError: Without Altair.
        OutsideEvidenceError: For an empty table or quantiles out of order.
        UnknownNameError: For a missing column.
    """
    alt = altair()
    rows = read_rows(
        "marginal", table, unique=("channel",), texts=("channel",), ranges=(QUANTILES,),
        needs=("p50",),
        optional=("limit", "note"),
    )  # fmt: skip
    for row in rows:
        row["channel"] = words(row["channel"])
        ranged = row["p10"] is not None and row["p10"] != row["p90"]
        row["label"] = short(row["p50"]) + (f" ({span(row['p10'], row['p90'])})" if ranged else "")
        row["label"] += f", limit: {words(row['limit']).lower()}" if row["limit"] else ""
        row["end"] = max(given(row, QUANTILES))
    title = title or f"What one more {step} buys"
    channels = [row["channel"] for row in rows]
    y = alt.Y("channel:N", sort=channels, title=None, axis=category_axis(alt, channels))
    # room for the words beside the longest bar
    reach = max(row["end"] for row in rows) * 1.55 or 1.0
    x = alt.X(
        "p50:Q", title=written("measure", measure), axis=money_axis(alt),
        scale=alt.Scale(domain=[0, reach]),
    )  # fmt: skip
    base = alt.Chart(data(alt, rows)).encode(y=y)
    tips = tooltips(alt, rows, ("channel", *QUANTILES, "limit", "note"))
    layers = [
        base.mark_bar(height=22).encode(x=x, tooltip=tips),
        *whiskers(base, x="p10:Q", x2="p90:Q"),
        base.mark_text(align="left", dx=7).encode(x="end:Q", text="label:N"),
    ]
    told = "; ".join(f"{row['channel']} {row['label']}" for row in rows)
    ranged = any(row["p10"] is not None for row in rows)
    note = "Bar: p50, as likely more as less."
    note += " Thin line: p10 to p90, four runs in five." if ranged else ""
    return finish(alt, layers, title, note, f"{title}. {measure}: {told}.", height=44 * len(rows))


def _shares(row: Row) -> str:
    """The idle share of a year in words, ``40 to 60 %``; empty where it was not given."""
    ends = [row[name] for name in ("idle_low", "idle_high") if row[name] is not None]
    if len(ends) == 2 and ends[0] != ends[1]:
        return f"{ends[0]:.0%} to {ends[1]:.0%}"
    return "" if row["idle"] is None else f"{row['idle']:.0%}"


def _figure(row: Row, name: str) -> str:
    """A value with its range, in words: ``35bn (30bn to 38bn)``."""
    value, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    text = "not known" if value is None and low is None else short(value)
    return text if low is None else f"{text} ({span(low, high)})".strip()

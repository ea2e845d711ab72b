"""What things cost: the price ladder, cost against capability, a price gap taken apart."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from armscost.charts.rows import RANGE, Row, given, read_rows, short, span, unit_words, written
from armscost.charts.style import (
    OVER_TITLE,
    altair,
    category_axis,
    code,
    data,
    finish,
    haloed,
    money_axis,
    tooltips,
    value_axis,
    whiskers,
)
from armscost.errors import OutsideEvidenceError, chosen

if TYPE_CHECKING:
    import pandas as pd
    from altair.typing import ChartType as Chart

SCOPES = ("item_only", "with_support", "with_ammunition", "package", "programme", "unknown")
FRONTIER = ("efficient", "dominated", "extended_dominated")
KINDS = ("total", "part", "unexplained")
TOLD = ("counted", "source", "grade", "printed", "year", "note")


def price_ladder(
    table: pd.DataFrame,
    unit: str,
    *,
    scale: Literal["linear", "log"] = "linear",
    title: str = "Published prices, system by system",
) -> Chart:
    """Each published price a dot with its range, one band of the picture a system.

    Args:
        table: A row a price: ``system``, ``value`` (may be missing where only a range was
            published), ``scope`` (one of the six scopes) and, where there are any, ``low`` and
            ``high``, ``counted`` (False is drawn hollow), ``source``, ``grade``, ``printed``
            (the price as its source prints it), ``year``, ``note``.
        unit: What the numbers are in, for example ``EUR_2024``.
        scale: ``linear``, from zero, or ``log``.
        title: What it shows.

    Returns:
        An Altair chart; systems stand in the order in which the table names them.

    Raises:
        MissingExtraError: Without Altair.
        OutsideEvidenceError: For an empty table, a range out of order, a price of zero or less
            on a log scale.
        UnknownNameError: For a missing column, a scope or a scale that does not exist.

    Example:
        >>> import pandas as pd
        >>> prices = pd.DataFrame({"system": ["bohdan"], "value": [2.3e6], "scope": ["unknown"]})
        >>> price_ladder(prices, "EUR_2024").description
        'Published prices, system by system, in EUR at 2024 prices. bohdan: 2.3m (1 price).'
    """
    alt = altair()
    rows = read_rows(
        "price_ladder", table, texts=("system", "scope"), ranges=(RANGE,), optional=TOLD
    )
    chosen("scale", scale, ("linear", "log"))
    for row in rows:
        row["scope"] = chosen("scope", row["scope"], SCOPES)
        row["counted"] = row["counted"] is None or bool(row["counted"])
        if scale == "log" and min(given(row)) <= 0:
            raise OutsideEvidenceError(
                f"{row['system']} has a price of {min(given(row))}, which a log scale cannot "
                "show; write scale='linear'"
            )
    systems = list(dict.fromkeys(row["system"] for row in rows))
    places = _lay_ladder(rows, systems, log=scale == "log")
    x_title = f"Price per item, {unit_words(unit)}" + (", log scale" if scale == "log" else "")
    x_scale = alt.Scale(type=scale, nice=True, zero=scale == "linear")
    x = alt.X("value:Q", title=x_title, scale=x_scale, axis=money_axis(alt))
    y = alt.Y("place:Q", title=None, scale=alt.Scale(domain=[places[-1], 0], nice=False),
              axis=_system_axis(alt, systems, places))  # fmt: skip
    tips = tooltips(alt, rows, ("system", "scope", *RANGE, *TOLD))
    colour, shape = code(alt, "scope", SCOPES, rows)
    base = alt.Chart(data(alt, rows)).encode(y=y, color=colour, tooltip=tips)
    dots = base.transform_filter("isValid(datum.value)").encode(x=x, shape=shape)
    borders = alt.Chart(data(alt, [{"place": place} for place in places[1:-1]]))
    layers = [
        borders.mark_rule(style="border").encode(y=y),
        base.mark_rule(strokeWidth=2.5, opacity=0.6)
        .encode(x=alt.X("low:Q", title=x_title, scale=x_scale), x2="high:Q"),
        dots.transform_filter("datum.counted").mark_point(filled=True, size=95, opacity=1),
        dots.transform_filter("!datum.counted")
        .mark_point(filled=False, size=80, strokeWidth=1.8, opacity=1),
    ]  # fmt: skip
    note = " ".join(
        ["Each mark is a published price."]
        + ["Line: its published range."] * any(row["low"] is not None for row in rows)
        + ["Hollow: not counted."] * (not all(row["counted"] for row in rows))
    )
    told = [_spread(s, [row for row in rows if row["system"] == s]) for s in systems]
    text = f"{title}, in {unit_words(unit)}. {' '.join(told)}"
    return finish(alt, layers, title, note, text, height=22 * places[-1])


def cost_against_capability(
    table: pd.DataFrame,
    *,
    cost_unit: str,
    effect: str,
    effect_from_zero: bool = True,
    title: str = "",
) -> Chart:
    """What each option costs against what it can do, with the line of the best ones.

    Args:
        table: A row an option: ``name``, ``cost``, ``effect``, ``status`` (``efficient``,
            ``dominated``, ``extended_dominated``, as :func:`armscost.frontier` gives it) and,
            where there are any, ``cost_low``, ``cost_high``, ``effect_low``, ``effect_high``,
            ``source``, ``note``.
        cost_unit: What cost is in, for example ``EUR_2024``.
        effect: What the capability is and its unit, for example ``"Range, km (base bleed)"``.
        effect_from_zero: Start the axis of the capability at zero, so that the steeper a line
            from the corner to a mark, the more one gets for the money; False spreads options
            that are alike.
        title: What it shows; by default built from ``effect``.

    Returns:
        An Altair chart; cost starts at zero.

    Raises:
        MissingExtraError: Without Altair.
        OutsideEvidenceError: For an empty table or a range out of order.
        UnknownNameError: For a missing column or a status that does not exist.
    """
    alt = altair()
    costs, effects = ("cost_low", "cost", "cost_high"), ("effect_low", "effect", "effect_high")
    rows = read_rows(
        "cost_against_capability", table, texts=("name", "status"), ranges=(costs, effects),
        needs=("cost", "effect"), optional=("source", "note"),
    )  # fmt: skip
    for row in rows:
        row["status"] = chosen("status", row["status"], FRONTIER)
    _place_labels(rows, floor=0.0 if effect_from_zero else None)
    effect, effect_from_zero = written("effect", effect), bool(effect_from_zero)
    title = title or f"Cost against capability: {effect[:1].lower()}{effect[1:]}"
    x = alt.X("cost:Q", title=f"Cost, {unit_words(cost_unit)}", axis=money_axis(alt),
              scale=alt.Scale(zero=True))  # fmt: skip
    y = alt.Y(
        "effect:Q", axis=value_axis(alt, effect), scale=alt.Scale(zero=effect_from_zero, nice=True)
    )
    colour, shape = code(alt, "status", FRONTIER, rows, offset=OVER_TITLE)
    tips = tooltips(alt, rows, ("name", "status", *costs, *effects, "source", "note"))
    base = alt.Chart(data(alt, rows))
    best = sorted(
        (r for r in rows if r["status"] == "efficient"), key=lambda r: (r["effect"], r["cost"])
    )
    layers = [
        alt.Chart(data(alt, best)).mark_line(style="guide")
        .encode(x=x, y=y, order="effect:Q"),
        base.mark_rule(opacity=0.55, strokeWidth=2)
        .encode(x=alt.X("cost_low:Q"), x2="cost_high:Q", y=y, color=colour),
        base.mark_rule(opacity=0.55, strokeWidth=2)
        .encode(x=x, y=alt.Y("effect_low:Q"), y2="effect_high:Q", color=colour),
        base.mark_point(filled=True, size=110, opacity=1)
        .encode(x=x, y=y, color=colour, shape=shape, tooltip=tips),
    ]  # fmt: skip
    for side, place in SIDES.items():
        if any(row["side"] == side for row in rows):
            named = base.transform_filter(f"datum.side == '{side}'").encode(x=x, y=y, text="name:N")
            layers += haloed(named, {}, **place)
    names = ", ".join(row["name"] for row in best)
    text = f"{title}. {len(rows)} options; on the frontier: {names or 'none'}."
    note = "Lines: ranges of cost and capability. Dashed: the frontier, the best for each sum."
    return finish(alt, layers, title, note, text, height=340)


def gap(table: pd.DataFrame, unit: str, *, title: str) -> Chart:
    """A price gap taken apart, step by step, from one price to the other.

    Args:
        table: A row a step, from top to bottom: ``step`` (its name), ``amount`` (a price for
            ``total``, else what the step adds or takes away), ``kind`` (``total`` for the first
            and the last, between them ``part`` or ``unexplained``) and, where there are any,
            ``low`` and ``high``, the range of the amount.
        unit: What the amounts are in, for example ``EUR_2024``.
        title: What it shows, with both names.

    Returns:
        An Altair chart; what stays unexplained is drawn hollow.

    Raises:
        MissingExtraError: Without Altair.
        OutsideEvidenceError: For an empty table, a first or last row that is no total, or
            steps that do not add up.
        UnknownNameError: For a missing column or a kind that does not exist.
    """
    alt = altair()
    rows = read_rows(
        "gap", table, unique=("step",), texts=("step", "kind"), ranges=(("low", "amount", "high"),),
        needs=("amount",), optional=("note",),
    )  # fmt: skip
    _lay_steps(rows)
    order = [row["step"] for row in rows]
    axis = category_axis(alt, order, {row["step"]: row["label"] for row in rows})
    y = alt.Y("step:N", sort=order, title=None, axis=axis)
    x = alt.X("start:Q", title=f"Price per item, {unit_words(unit)}", axis=money_axis(alt))
    tips = tooltips(alt, rows, ("step", "kind", "low", "amount", "high", "note"))
    base = alt.Chart(data(alt, rows)).encode(y=y)
    layers = []
    for kind in KINDS:
        style = {} if kind == "part" else {"style": kind}
        bars = base.transform_filter(f"datum.kind == '{kind}'").mark_bar(height=24, **style)
        layers.append(bars.encode(x=x, x2="end:Q", tooltip=tips))
    layers += whiskers(base, x="reach_low:Q", x2="reach_high:Q")
    told = "; ".join(f"{row['step']} {row['label']}" for row in rows)
    note = "Thin line: the range of a step." if any(r["low"] is not None for r in rows) else ""
    note = " ".join(["Hollow: not explained by any step."] * ("unexplained" in
                    {row["kind"] for row in rows}) + [note])  # fmt: skip
    text = f"{title}, in {unit_words(unit)}. {told}."
    return finish(alt, layers, title, note.strip(), text, height=54 * len(rows))


# --- places -------------------------------------------------------------------------------------

SIDES: dict[str, dict[str, Any]] = {
    "right": {"align": "left", "baseline": "middle", "dx": 11},
    "left": {"align": "right", "baseline": "middle", "dx": -11},
    "above": {"align": "center", "baseline": "bottom", "dy": -10},
    "below": {"align": "center", "baseline": "top", "dy": 10},
}


def _lay_ladder(rows: list[Row], systems: list[str], *, log: bool) -> list[float]:
    """Give each price its ``place`` on the ladder, so that no mark hides another.

    A system's prices are laid from low to high, each in the first lane that is free there.

    Returns:
        The borders between systems in lanes from the top: 0, …, the height of the ladder.
    """
    along = math.log if log else float
    ends = [along(n) for row in rows for n in given(row)]
    room = 0.03 * ((max(ends) - (min(ends) if log else min(0.0, *ends))) or 1.0)
    borders = [0.0]
    for system in systems:
        mine = sorted((r for r in rows if r["system"] == system), key=lambda r: min(given(r)))
        free: list[float] = []
        for row in mine:
            left, right = along(min(given(row))), along(max(given(row))) + room
            lane = next((i for i, end in enumerate(free) if end <= left), len(free))
            free[lane : lane + 1] = [right]
            row["place"] = borders[-1] + lane + 0.9
        borders.append(borders[-1] + len(free) + 0.8)
    return borders


def _system_axis(alt: Any, systems: list[str], places: list[float]) -> Any:
    """Names at the middle of each system's lanes; bands would give all systems one height."""
    middles = [(a + b) / 2 for a, b in pairwise(places)]
    names = json.dumps(dict(zip((f"{m:.3f}" for m in middles), systems, strict=True)))
    return alt.Axis(
        values=middles, labelExpr=f"({names})[format(datum.value, '.3f')]", grid=False,
        ticks=False, domain=False, labelFontSize=13, labelPadding=8,
    )  # fmt: skip


def _spread(name: str, rows: list[Row]) -> str:
    """One system in words, as ``caesar: 3m to 5m (4 prices)``."""
    numbers = [n for row in rows for n in given(row)]
    count = f"{len(rows)} price" + "s" * (len(rows) != 1)
    return f"{name}: {span(min(numbers), max(numbers))} ({count})."


def _place_labels(rows: list[Row], *, floor: float | None) -> None:
    """Give each option the ``side`` where its name meets the fewest other names and marks."""
    wide, high, letter, line = 520.0, 340.0, 7.0, 15.0
    x_top = max(max(given(r, ("cost", "cost_high"))) for r in rows) or 1.0
    y_top = max(max(given(r, ("effect", "effect_high"))) for r in rows) or 1.0
    if floor is None:
        floor = min(min(given(r, ("effect_low", "effect"))) for r in rows)
    tall = (y_top - floor) or 1.0
    spots = [(wide * r["cost"] / x_top, high * (r["effect"] - floor) / tall) for r in rows]
    taken = [(x - 7, x + 7, y - 7, y + 7) for x, y in spots]
    for row, (x, y) in zip(rows, spots, strict=True):
        long = letter * len(row["name"])
        boxes = {
            "right": (x + 11, x + 11 + long, y - line / 2, y + line / 2),
            "left": (x - 11 - long, x - 11, y - line / 2, y + line / 2),
            "above": (x - long / 2, x + long / 2, y + 10, y + 10 + line),
            "below": (x - long / 2, x + long / 2, y - 10 - line, y - 10),
        }
        row["side"] = min(boxes, key=lambda side: _clash(boxes[side], taken, wide))
        taken.append(boxes[row["side"]])


Box = tuple[float, float, float, float]


def _clash(box: Box, taken: list[Box], wide: float) -> int:
    """How many boxes this one meets; leaving the picture counts for two."""
    left, right, low, high = box
    met = sum(left < b[1] and b[0] < right and low < b[3] and b[2] < high for b in taken)
    return met + 2 * (left < 0 or right > wide or low < 0)


def _lay_steps(rows: list[Row]) -> None:
    """Give each step of a gap its ``start`` and ``end``, label and whiskers; check the sum."""
    for row in rows:
        row["kind"] = chosen("kind of step", row["kind"], KINDS)
    inner = rows[1:-1]
    if len(rows) < 2 or not rows[0]["kind"] == rows[-1]["kind"] == "total":
        raise OutsideEvidenceError(
            "gap goes from one price to another; its first and last rows must be of kind 'total'"
        )
    if any(row["kind"] == "total" for row in inner):
        raise OutsideEvidenceError("gap has a 'total' between the first and the last; remove it")
    level = rows[0]["amount"]
    for row in rows:
        total = row["kind"] == "total"
        row["start"] = 0.0 if total else level
        row["end"] = level = row["amount"] if total else level + row["amount"]
    left_over = rows[-1]["amount"] - math.fsum(row["amount"] for row in rows[:-1])
    if abs(left_over) > 1e-9 * max(abs(row["amount"]) for row in rows):
        raise OutsideEvidenceError(
            f"the steps leave {left_over:.6g} to {rows[-1]['step']}; add a row of kind "
            f"'unexplained' with amount {left_over:.6g}"
        )
    for row in rows:
        plus = "+" if row["kind"] != "total" and row["amount"] > 0 else ""
        row["label"] = plus + short(row["amount"])
        row["reach_low"] = row["reach_high"] = None
        if row["low"] is not None:
            row["label"] += f" ({span(row['low'], row['high'])})"
            row["reach_low"] = row["start"] + row["low"]
            row["reach_high"] = row["start"] + row["high"]

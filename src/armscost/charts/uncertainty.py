"""How sure a result is, and what it hangs on: the S-curve and the tornado."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from armscost.charts.rows import Row, read_rows, short, unit_words, words
from armscost.charts.style import (
    EXACT,
    altair,
    category_axis,
    data,
    finish,
    haloed,
    money_axis,
    pair,
    value_axis,
)
from armscost.errors import OutsideEvidenceError, finite, numbers

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from altair.typing import ChartType as Chart

MARKS = (0.1, 0.5, 0.8, 0.9)
PERCENT = "format(datum.value, '.0%')"


def s_curve(
    samples_or_quantiles: pd.DataFrame | Sequence[float] | Any,
    unit: str,
    *,
    point: float | None = None,
    title: str = "How likely it is that a value is not exceeded",
) -> Chart:
    """The cumulative probability of a result, with its 10, 50, 80 and 90 % marks.

    Args:
        samples_or_quantiles: Drawn values, one-dimensional; or a table with ``probability``
            (0 to 1, from 0.1 or less to 0.9 or more) and ``value``.
        unit: What the values are in, for example ``EUR_2024`` or ``howitzers``.
        point: The point estimate, drawn as a dashed line.
        title: What it shows.

    Returns:
        An Altair chart.

    Raises:
        MissingExtraError: Without Altair.
        OutsideEvidenceError: For no values, values that are not finite, a table that falls or
            does not reach from 0.1 to 0.9.
        UnknownNameError: For a missing column.
    """
    alt = altair()
    p, v, share = _curve(samples_or_quantiles, point)
    rows = [{"probability": float(a), "value": float(b)} for a, b in zip(p, v, strict=True)]
    marks: list[Row] = [
        {"probability": q, "value": float(np.interp(q, p, v)), "mark": f"p{q * 100:.0f}"}
        for q in MARKS
    ]
    for row in marks:
        row["label"] = f"{row['mark']}  {short(row['value'])}"
    x = alt.X("value:Q", title=words(unit_words(unit)), scale=alt.Scale(zero=False),
              axis=money_axis(alt))  # fmt: skip
    y = alt.Y(
        "probability:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=value_axis(alt, "Probability that it is not exceeded", labels=PERCENT),
    )
    tips = [alt.Tooltip("mark:N"), alt.Tooltip("value:Q", format=EXACT)]
    at = alt.Chart(data(alt, marks)).encode(x=x, y=y, tooltip=tips)
    layers = [
        alt.Chart(data(alt, rows)).mark_line().encode(x=x, y=y),
        at.mark_point(filled=True, size=75, opacity=1),
        *haloed(at, {"text": "label:N"}, align="left", dx=9, dy=9),
    ]
    note, told = "", ", ".join(row["label"].replace("  ", " ") for row in marks)
    if point is not None:
        line = alt.Chart(data(alt, [{"point": float(point)}])).encode(x="point:Q")
        layers.insert(0, line.mark_rule(style="guide"))
        note = (
            f"Dashed: the point estimate, {short(point)}; {share} of the runs are at or below it."
        )
    text = f"{title}, in {unit_words(unit)}: {told}. {note}".strip()
    return finish(alt, layers, title, note, text, height=300)


def tornado(
    table: pd.DataFrame,
    unit: str,
    *,
    base: float,
    title: str = "Which input moves the result most",
) -> Chart:
    """How far each input moves the result, widest swing on top.

    Args:
        table: A row an input, as :func:`armscost.tornado` gives it: ``input``, ``output_low``
            (the result with the input at its low), ``output_high`` and, where there are any,
            ``input_low``, ``input_high``, ``input_unit``.
        unit: What the result is in.
        base: The result with every input at its best value.
        title: What it shows.

    Returns:
        An Altair chart; the ends of the bars carry the inputs' values.

    Raises:
        MissingExtraError: Without Altair.
        OutsideEvidenceError: For an empty table or missing results.
        UnknownNameError: For a missing column.
    """
    alt = altair()
    rows = read_rows(
        "tornado", table, unique=("input",), texts=("input",), needs=("output_low", "output_high"),
        optional=("input_low", "input_high", "input_unit"),
    )  # fmt: skip
    base = finite("base", base)
    rows.sort(key=lambda row: -abs(row["output_high"] - row["output_low"]))
    order = [row["input"] for row in rows]
    ends = [
        {"input": row["input"], "end": f"input at its {end}", "result": row[f"output_{end}"],
         "base": base, "at": _said(row, end),
         "side": "left" if row[f"output_{end}"] < base else "right"}
        for row in rows for end in ("low", "high")
    ]  # fmt: skip
    y = alt.Y("input:N", sort=order, title=None, axis=category_axis(alt, order))
    x = alt.X("base:Q", title=f"Result, {unit_words(unit)}", axis=money_axis(alt),
              scale=alt.Scale(zero=False, padding=45))  # fmt: skip
    colour = pair(alt, "end", "input at its low", "input at its high")
    tips = [alt.Tooltip("input:N"), alt.Tooltip("end:N"), alt.Tooltip("at:N", title="value"),
            alt.Tooltip("result:Q", format=EXACT)]  # fmt: skip
    bars = alt.Chart(data(alt, ends)).encode(y=y)
    layers = [bars.mark_bar(height=20).encode(x=x, x2="result:Q", color=colour, tooltip=tips)]
    for side, align, dx in (("left", "right", -5), ("right", "left", 5)):
        there = bars.transform_filter(f"datum.side == '{side}'")
        layers.append(there.mark_text(align=align, dx=dx).encode(x="result:Q", text="at:N"))
    line = alt.Chart(data(alt, [{"base": float(base)}])).encode(x="base:Q")
    layers.append(line.mark_rule(style="whisker"))
    told = "; ".join(
        f"{row['input']} {short(row['output_low'])} to {short(row['output_high'])}" for row in rows
    )
    note = (
        f"Line: the result with all inputs at their best, {short(base)}. Ends: the input's value."
    )
    text = f"{title}. Result at best {short(base)}, {unit_words(unit)}. {told}."
    return finish(alt, layers, title, note, text, height=34 * len(rows))


def _said(row: dict[str, Any], end: str) -> str:
    """An input's value at one end, with its unit; empty where it was not given."""
    value, unit = row[f"input_{end}"], row["input_unit"]
    if isinstance(value, int | float):
        value = short(value)
    parts = [str(part) for part in (value, unit) if part not in (None, "")]
    return " ".join(parts).replace("_", " ")


def _curve(
    given: Any, point: float | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], str]:
    """Probabilities, values, and the share of the runs at or below the point, in words."""
    point = None if point is None else finite("point", point)
    if hasattr(given, "columns"):
        rows = read_rows("s_curve", given, needs=("probability", "value"))
        p, v = (np.array([row[name] for row in rows]) for name in ("probability", "value"))
        _check_curve(p, v)
        share = "" if point is None else float(np.interp(point, v, p))
        if point is not None and not v[0] <= point <= v[-1]:
            return p, v, f"under {100 * p[0]:.3g}%" if point < v[0] else f"over {100 * p[-1]:.3g}%"
    else:
        draws = numbers("samples_or_quantiles", given)
        if draws.ndim != 1 or draws.size < 2 or not np.isfinite(draws).all():
            raise OutsideEvidenceError(
                f"s_curve was given an array of shape {draws.shape}; write two or more finite "
                "drawn values, or a table of probability and value"
            )
        p = np.arange(1, 100) / 100
        v = np.quantile(draws, p)
        share = "" if point is None else float(np.mean(draws <= point))
    return p, v, share if isinstance(share, str) else f"{share:.0%}"


def _check_curve(p: npt.NDArray[np.float64], v: npt.NDArray[np.float64]) -> None:
    if (np.diff(p) <= 0).any() or (np.diff(v) < 0).any():
        raise OutsideEvidenceError("s_curve: probability and value must rise from row to row")
    if not 0 <= p[0] <= MARKS[0] or not MARKS[-1] <= p[-1] <= 1:
        raise OutsideEvidenceError(
            f"s_curve: probabilities go from {p[0]:g} to {p[-1]:g}; they must reach from 0.1 or "
            "less to 0.9 or more, as fractions of 1"
        )

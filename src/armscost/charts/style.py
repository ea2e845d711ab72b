"""What all charts share: one theme, one way to finish a chart, axes, legends, tooltips."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from armscost.charts.rows import Row, words, written
from armscost.errors import MissingExtraError, OutsideEvidenceError, chosen

if TYPE_CHECKING:
    from altair.typing import ChartType as Chart

Mode: TypeAlias = Literal["light", "dark"]

WIDTH = 600  # pixels, all told: a column of a page, or a phone held across
OVER_TITLE = 34  # from legend to plot where the title of an axis lies between
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
EXACT = ",.6~f"
# d3 writes 5 billion as 5G and 5 million as 5M
SHORT = "replace(replace(format(datum.value, '~s'), 'G', 'bn'), 'M', 'm')"


def altair() -> Any:
    """Altair, loaded when the first chart is drawn.

    Raises:
        MissingExtraError: If it is not installed.
    """
    try:
        import altair as alt
    except ImportError:
        raise MissingExtraError("charts", "charts") from None
    return alt


def theme(mode: Mode = "light") -> dict[str, Any]:
    """The Vega-Lite configuration that all charts share: fonts, sizes and colours.

    Colours are those of Okabe and Ito (2008), chosen to stay apart for the colour-blind.

    Args:
        mode: ``light`` (screen and print) or ``dark``.

    Returns:
        A plain dictionary, new at each call: the ``config`` of a specification.

    Raises:
        UnknownNameError: For another mode.

    Example:
        >>> theme("dark")["background"]
        '#1b1d22'
    """
    ink, muted, grid, paper, accent, second, others = _INKS[chosen("chart mode", mode, _INKS)]
    text = {"labelColor": ink, "titleColor": ink, "labelFontSize": 12, "titleFontSize": 12}
    return {
        "background": paper,
        "font": "Roboto, Helvetica Neue, Arial, Liberation Sans, sans-serif",
        "padding": 10,
        "view": {"stroke": None, "continuousWidth": 300, "continuousHeight": 300},
        "title": {
            "anchor": "start", "frame": "bounds", "offset": 14, "fontSize": 16, "color": ink,
            "subtitleFontSize": 12.5, "subtitleColor": muted, "subtitlePadding": 6,
            "lineHeight": 20, "subtitleLineHeight": 17,
        },
        "axis": {
            **text, "gridColor": grid, "domainColor": muted, "tickColor": muted,
            "titleFontWeight": "normal", "titlePadding": 8, "labelPadding": 5, "labelLimit": 170,
        },
        "legend": {
            **text, "orient": "top", "direction": "horizontal", "titleFontWeight": "normal",
            "symbolSize": 90, "symbolOpacity": 1, "labelLimit": 200, "columnPadding": 14,
        },
        "header": {"labelColor": ink, "labelFontSize": 13, "labelFontWeight": "bold",
                   "labelAnchor": "start", "labelPadding": 4},
        "range": {"category": [accent, second, *others], "ordinal": _PAIRS[mode]},
        "bar": {"color": accent}, "line": {"color": accent, "strokeWidth": 2.5},
        "area": {"color": accent}, "point": {"color": accent}, "rule": {"color": muted},
        "text": {"color": ink, "fontSize": 12},
        # "color", not "fill" or "stroke": only that outranks the colour of the mark
        "style": {
            "halo": {"stroke": paper, "strokeWidth": 3.5, "strokeJoin": "round", "fontSize": 12},
            "whisker": {"color": ink, "strokeWidth": 1.5},
            "whisker_halo": {"color": paper, "strokeWidth": 4.5},
            "guide": {"color": muted, "strokeWidth": 1.5, "strokeDash": [5, 4]},
            "border": {"color": grid, "strokeWidth": 1},
            "band": {"fillOpacity": 0.22},
            "fitted": {"color": muted, "strokeWidth": 2, "strokeDash": [7, 3]},
            "fitted_band": {"color": muted, "fillOpacity": 0.18},
            "total": {"color": muted},
            "unexplained": {"color": paper, "stroke": ink, "strokeWidth": 1.5,
                            "strokeDash": [4, 3]},
        },
    }  # fmt: skip


# ink, muted, grid, paper, the two main colours, the rest; the order of the rest is the order in
# which vocabularies use them, yellow last because it is faint on white
_INKS: dict[str, tuple[str, str, str, str, str, str, list[str]]] = {
    "light": ("#1a1a1a", "#5c5f66", "#e4e5e8", "#ffffff", "#0072B2", "#D55E00",
              ["#009E73", "#CC79A7", "#E69F00", "#000000", "#56B4E9", "#F0E442"]),
    "dark": ("#eceef1", "#a9adb6", "#3a3e46", "#1b1d22", "#56B4E9", "#E69F00",
             ["#009E73", "#CC79A7", "#D55E00", "#ffffff", "#0072B2", "#F0E442"]),
}  # fmt: skip


# two colours for bars side by side that also differ in grey
_PAIRS = {"light": ["#0072B2", "#E69F00"], "dark": ["#56B4E9", "#D55E00"]}


def themed(chart: Chart, mode: Mode) -> Chart:
    """The same chart in the light or the dark style; the chart given is left as it is.

    Args:
        chart: A chart of this module.
        mode: ``light`` or ``dark``.

    Returns:
        A new chart, equal but for its configuration.

    Raises:
        UnknownNameError: For another mode.
        OutsideEvidenceError: For what is no chart.
    """
    if not hasattr(chart, "configure"):
        raise OutsideEvidenceError(f"{chart!r} is no chart; draw one with armscost.charts")
    styled: Chart = chart.configure(**theme(mode))
    return styled


# --- parts of a chart ---------------------------------------------------------------------------


def data(alt: Any, rows: Iterable[Row]) -> Any:
    """Rows inside the specification, so that a chart needs no file and no network."""
    return alt.InlineData(values=list(rows))


def money_axis(alt: Any, *, grid: bool = True) -> Any:
    """A horizontal axis of numbers: 5m, 1.2bn."""
    return alt.Axis(labelExpr=SHORT, tickCount=6, grid=grid)


def value_axis(alt: Any, title: str, *, labels: str = SHORT) -> Any:
    """A vertical axis with its title lying above it, where it reads without a turn of the head."""
    return alt.Axis(
        title=title, labelExpr=labels, tickCount=6,
        titleAngle=0, titleAlign="left", titleAnchor="end", titleY=-12, titleX=0,
        titleBaseline="bottom",
    )  # fmt: skip


def category_axis(alt: Any, names: Iterable[str], numbers: Mapping[str, str] | None = None) -> Any:
    """A vertical axis of names, without ticks; a long name takes two lines or more.

    Args:
        alt: Altair.
        names: The names.
        numbers: What stands below each name: it stays in sight where the plot is narrow.
    """
    below = {} if numbers is None else numbers
    lines = json.dumps(
        {n: [*(textwrap.wrap(n, 26) or [n]), *([below[n]] if n in below else [])] for n in names}
    )
    return alt.Axis(
        ticks=False, domain=False, labelFontSize=13, labelPadding=8, labelLimit=220,
        labelExpr=f"({lines})[datum.value]",
    )  # fmt: skip


def month_axis(alt: Any, ticks: int) -> Any:
    """A horizontal axis of months."""
    return alt.Axis(
        format="%b %Y", grid=False, tickCount=ticks, labelFlush=True, labelOverlap="greedy"
    )


def code(
    alt: Any, name: str, vocabulary: Sequence[str], rows: Iterable[Row], *, offset: int = 18
) -> tuple[Any, Any]:
    """Colour and shape of a vocabulary: the same in every chart, the legend only what is there.

    Args:
        alt: Altair.
        name: The column.
        vocabulary: All names there may be.
        rows: The rows to draw.
        offset: Pixels from the legend to the plot; :data:`OVER_TITLE` where an axis title lies
            between them.
    """
    there = {row[name] for row in rows}
    values = [v for v in vocabulary if v in there]
    columns = len(values) if sum(len(v) + 5 for v in values) <= 80 else 3
    legend = {
        "title": None,
        "legend": alt.Legend(values=values, columns=columns, offset=offset,
                             labelExpr="replace(datum.label, /_/g, ' ')"),
    }  # fmt: skip
    domain = list(vocabulary)
    shapes = list(SHAPES[: len(domain)])
    return (
        alt.Color(f"{name}:N", scale=alt.Scale(domain=domain), **legend),
        alt.Shape(f"{name}:N", scale=alt.Scale(domain=domain, range=shapes), **legend),
    )


def pair(alt: Any, name: str, first: str, second: str, *, offset: int = 18) -> Any:
    """Colour of two kinds of bars; ``offset`` as for :func:`code`."""
    return alt.Color(
        f"{name}:N", title=None, scale=alt.Scale(domain=[first, second], range="ordinal"),
        legend=alt.Legend(offset=offset),
    )  # fmt: skip


def tooltips(alt: Any, rows: Iterable[Row], names: Iterable[str]) -> list[Any]:
    """A tooltip line for each column that has anything in it; numbers in full."""
    found = []
    rows = list(rows)
    for name in names:
        cells = [row[name] for row in rows if row[name] is not None]
        if not cells:
            continue
        if all(isinstance(cell, float) for cell in cells):
            found.append(alt.Tooltip(f"{name}:Q", title=words(name), format=EXACT))
        else:
            found.append(alt.Tooltip(f"{name}:N", title=words(name)))
    return found


def haloed(chart: Any, channels: dict[str, Any], **place: Any) -> list[Any]:
    """Text with a rim in the colour of the paper, readable over lines."""
    return [
        chart.mark_text(style="halo", **place).encode(**channels),
        chart.mark_text(**place).encode(**channels),
    ]


def whiskers(chart: Any, **channels: Any) -> list[Any]:
    """Thin lines with a rim in the colour of the paper, readable on bars."""
    return [
        chart.mark_rule(style="whisker_halo").encode(**channels),
        chart.mark_rule(style="whisker").encode(**channels),
    ]


def finish(
    alt: Any, chart: Any, title: str, note: str, description: str, *, height: float | None = None
) -> Chart:
    """Layers to a chart: title, note, alternative text, size and style.

    Args:
        alt: Altair.
        chart: Layers, or a chart that has its size already (a facet).
        title: What it shows.
        note: How to read it; empty for none.
        description: The alternative text.
        height: Of the plot, in pixels.
    """
    if isinstance(chart, list):
        fit = alt.AutoSizeParams(type="fit-x", contains="padding")
        chart = alt.layer(*chart).properties(width=WIDTH, height=height, autosize=fit)
    heading = {"text": textwrap.wrap(written("title", title), 66)}
    if note:
        heading["subtitle"] = textwrap.wrap(note, 90)
    finished: Chart = chart.properties(
        title=alt.TitleParams(**heading), description=description
    ).configure(**theme("light"))
    return finished

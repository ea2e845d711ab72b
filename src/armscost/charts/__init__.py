"""Pictures of plain tables: pandas in, Altair charts out; knows no result type.

Each function takes a DataFrame whose columns are named in its docstring and lays it out; nothing
is computed from the figures but places and labels. Every chart has a title that says what it
shows, units on its axes, an alternative text (``description``) and tooltips with the numbers
unshortened. Colours come from :func:`theme` alone, so one specification serves light, dark and
print; wherever a colour tells something, a shape, a place or a word tells it too.

Needs the extra ``charts``; importing this does not.
"""

from __future__ import annotations

from armscost.charts.files import save
from armscost.charts.output import deliveries, idle_capacity, marginal, ramp
from armscost.charts.prices import cost_against_capability, gap, price_ladder
from armscost.charts.style import theme, themed
from armscost.charts.uncertainty import s_curve, tornado

__all__ = [
    "cost_against_capability",
    "deliveries",
    "gap",
    "idle_capacity",
    "marginal",
    "price_ladder",
    "ramp",
    "s_curve",
    "save",
    "theme",
    "themed",
    "tornado",
]

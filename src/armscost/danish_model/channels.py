"""The ways to turn money into weapons for Ukraine: one function a channel.

A channel says what its line can do, as inputs by name. Every channel has the same inputs, so
that they can be compared and overridden alike:

- ``price``: of the next unit, in the budget's currency and price year;
- ``rate``: units a month that the line makes at the start, for all its customers;
- ``capacity``: units a month that it could make after ``ramp`` months; where it is the very
  estimate of ``rate``, the two are one draw;
- ``ramp``: months until it does;
- ``other_orders``: share of the line already sold to others;
- ``lead_time``: months from order to delivery;
- ``slope``: learning slope, one draw for all channels;
- ``built``: units built before the start;
- ``outage``: share of capacity lost, for example to attacks; none unless given;
- ``local_content``: share of the price that is spent in Ukraine;
- ``stock``: units there are in all, for stock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from armscost import datasets
from armscost.danish_model import inputs
from armscost.danish_model.inputs import Input, assumption
from armscost.errors import OutsideEvidenceError, chosen, finite
from armscost.estimates import Estimate
from armscost.records import disproved, span_of
from armscost.results import records


@dataclass(frozen=True)
class Asked:
    """What every channel is asked.

    Attributes:
        to: Currency and price year of the budget.
        start: First month.
        method: Order, index and rate, as ``rebase`` takes them.
        given: Inputs that the caller gave; a channel does not look these up.
    """

    to: str
    start: pd.Period
    method: Mapping[str, Any]
    given: frozenset[str] = frozenset()


Channel = Callable[[str, Asked], dict[str, Input]]

# A slope for howitzers or small drones was not found published; the design's range.
SLOPE = Input(
    Estimate.uniform(0.80, 0.95),
    "of the cost a doubling",
    "no slope of howitzers or small drones is published; 0.80 to 0.95, one draw for all channels",
    assumed=True,
    unknown="slope",
)
NO_OUTAGE = Input(Estimate.exact(0.0), "of capacity", "no loss assumed; override outage")
NO_STOCK = Input(Estimate.exact(float(10**9)), "", "a line, no stock: no end")


def danish_model(system: str, asked: Asked) -> dict[str, Input]:
    """Partners' money buys straight from Ukrainian makers.

    Raises:
        OutsideEvidenceError: For a system that is not made in Ukraine.
    """
    _check_ukrainian(system, "the Danish model buys from Ukrainian makers")
    return {
        **_line(system, asked, load=lambda: inputs.national_load(asked.start)),
        "local_content": inputs.domestic_share(system)
        or assumption(0.4, 0.6, 0.85, "of the price", "no local share of this system published"),
    }


def western_purchase(system: str, asked: Asked) -> dict[str, Input]:
    """Money buys new units from a Western maker, behind its other customers."""
    return {
        **_line(system, asked, load=_western_load),
        "local_content": Input(Estimate.exact(0.0), "of the price", "bought abroad", assumed=True),
    }


def donation_from_stock(system: str, asked: Asked) -> dict[str, Input]:
    """A partner gives from stock and buys a new unit in its place."""
    return {
        **_no_line(),
        "price": _unless_given(
            "price", asked, lambda: inputs.price(system, asked.to, asked.start, **asked.method)
        ),
        "rate": assumption(1, 3, 6, "a month", "pace of taking guns from stock; none published"),
        "lead_time": assumption(1, 2, 6, "months", "from decision to hand-over; none published"),
        "stock": _stock(system, asked.start),
        "local_content": Input(Estimate.exact(0.0), "of the price", "made abroad", assumed=True),
    }


def co_production(system: str, asked: Asked) -> dict[str, Input]:
    """A new line in a partner's country makes the Ukrainian system.

    Raises:
        OutsideEvidenceError: For a system that is not Ukrainian.
    """
    _check_ukrainian(system, "co-production makes a Ukrainian system on a new line abroad")
    new = replace(asked, given=asked.given | {"rate"})  # its rate is not looked up: it is new
    own = _line(system, new, load=lambda: assumption(0, 0, 0.2, "of the line", "a new line"))
    return {
        **own,
        "price": own["price"] if "price" in asked.given else _dearer(own["price"]),
        "rate": Input(Estimate.exact(0.0), "a month", "a new line starts from nothing"),
        "capacity": assumption(2, 5, 10, "a month", "size of a new line; none published"),
        "ramp": assumption(6, 12, 18, "months", "until a new line runs at its capacity"),
        "lead_time": assumption(
            9, 12, 18, "months", "cold start; the Bohdan took about nine months to series"
        ),
        "local_content": assumption(0.3, 0.5, 0.7, "of the price", "parts from Ukraine"),
    }


def _check_ukrainian(system: str, why: str) -> None:
    country = datasets.system(system).country
    if country != "UKR":
        raise OutsideEvidenceError(
            f"{system} is of {country or 'no one country'}, and {why}: name a system of UKR first, "
            f"and this one as alternatives={{'western_purchase': '{system}'}}"
        )


def _dearer(price: Input) -> Input:
    """The price of a mature line, on a new line abroad: from the same to half as much again."""
    ends = price.estimate
    dearer = Estimate(
        low=float(ends.low),
        best=1.2 * float(ends.best),
        high=1.5 * float(ends.high),
        bounds="min_max",
        shape="triangular",
    )
    told = f"a new line abroad costs 1.0 to 1.5 times the mature one, 1.2 at best; {price.told}"
    return replace(price, estimate=dearer, told=told, assumed=True)


CHANNELS: dict[str, Channel] = {
    "danish_model": danish_model,
    "western_purchase": western_purchase,
    "donation_from_stock": donation_from_stock,
    "co_production": co_production,
}


# --------------------------------------------------------------------------------------
# Parts that channels share
# --------------------------------------------------------------------------------------


def _unless_given(name: str, asked: Asked, look_up: Callable[[], Input]) -> Input:
    """An input from the tables, or a place for the one that the caller gave."""
    if name in asked.given:
        return Input(Estimate.exact(1.0), "", "given by the caller")
    return look_up()


def _line(system: str, asked: Asked, load: Callable[[], Input]) -> dict[str, Input]:
    start = asked.start
    known_rate = {"rate", "capacity"} & asked.given
    rate = NO_OUTAGE if known_rate else inputs.running_rate(system, start)
    capacity = NO_OUTAGE if known_rate else inputs.stated_capacity(system, start)
    return {
        "price": _unless_given(
            "price", asked, lambda: inputs.price(system, asked.to, asked.start, **asked.method)
        ),
        "rate": rate,
        "capacity": capacity,
        "ramp": assumption(6, 12, 24, "months", "until the line runs at its stated capacity"),
        "other_orders": load(),
        "lead_time": inputs.lead_time(system, start) or _usual_lead_time(system),
        "slope": SLOPE,
        "built": inputs.units_built(system, start),
        "outage": NO_OUTAGE,
        "stock": NO_STOCK,
    }


def _usual_lead_time(system: str) -> Input:
    """A drone is bought by the month; a gun or a missile by the year."""
    if "drone" in datasets.system(system).category:
        return assumption(1, 2, 6, "months", "no lead time of this drone published")
    return assumption(6, 12, 30, "months", "no lead time of this system published")


def _no_line() -> dict[str, Input]:
    nothing = Estimate.exact(0.0)
    return {
        "capacity": Input(nothing, "", "as the pace of taking from stock"),
        "ramp": Input(nothing, "", "no ramp"),
        "other_orders": Input(nothing, "of the pace", "no other takers assumed", assumed=True),
        "slope": Input(Estimate.exact(1.0), "of the cost a doubling", "replacement at one price"),
        "built": Input(nothing, "", "no line"),
        "outage": NO_OUTAGE,
    }


def _western_load() -> Input:
    return assumption(
        0.5, 0.75, 0.9, "of the line", "share of a Western line sold to others; none published"
    )


def _stock(system: str, start: pd.Period) -> Input:
    """Units that a source says by the start could be given from stock."""
    costs = datasets.shared_table("costs")
    mine = costs[(costs["system_id"] == system) & (costs["condition"] == "from_stock")]
    offers = [
        row
        for row in records(mine.sort_values("price_date", kind="stable"))
        if "quantity" in row and "price_date" in row and not disproved(row)
        and pd.Period(span_of(str(row["price_date"]))[1], freq="M") <= start
    ]  # fmt: skip
    if not offers:
        return assumption(4, 12, 30, "units", f"no stock of {system} to give is published")
    row = offers[-1]
    told = f"last offer from stock: {row['statement']}; none to three times that"
    ends = assumption(0, row["quantity"], 3 * row["quantity"], "units", told)
    return replace(ends, sources=(row["source_id"],))


def known_channel(name: str) -> Channel:
    """The function of a channel.

    Raises:
        UnknownNameError: For a channel that is not there.
    """
    return CHANNELS[chosen("channel", name, CHANNELS)]


def check_months(months: int) -> int:
    """A horizon of whole months, from 1 to 240.

    Raises:
        OutsideEvidenceError: For any other.
    """
    number = finite("months", months)
    if not 1 <= number <= 240 or int(number) != number:
        raise OutsideEvidenceError(f"a horizon of {months} months; write whole months, 1 to 240")
    return int(number)

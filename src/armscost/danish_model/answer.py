"""A budget into deliveries, channel by channel, on the same money in the same prices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from armscost import datasets, prices, units
from armscost.danish_model import flows, outcome
from armscost.danish_model import overrides as own_inputs
from armscost.danish_model.channels import Asked, check_months, known_channel
from armscost.danish_model.flows import Line
from armscost.danish_model.inputs import Input
from armscost.errors import OutsideEvidenceError, chosen, finite
from armscost.estimates import Estimate, draw
from armscost.results import Result, records

SPREADS = ("monthly", "at_start")
_FIRST = "danish_model"
_FROM_STOCK = "donation_from_stock"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class DanishModel(Result):
    """What a budget brings, channel by channel; see :func:`danish_model`.

    Attributes:
        schedule: Month by month and channel by channel.
        switch_budget: The smallest sum at which capacity, not money, binds the first channel in
            half of the months or more, a Quantity; infinite where no sum does.
        inputs: Channel to its inputs by name.
        overridden: The overrides, as given.
    """

    schedule: pd.DataFrame
    switch_budget: Any
    inputs: dict[str, dict[str, Input]]
    overridden: dict[str, Any] = field(default_factory=dict)

    @property
    def summary(self) -> pd.DataFrame:
        """The table under its other name: one row a channel."""
        return self.table

    def chart(self) -> Any:
        """Deliveries over time, with p10–p90 bands, a line a channel."""
        from armscost import charts

        names = {f"cumulative_{q}": q for q in ("p10", "p50", "p90")}
        drawn = self.schedule[["channel", "month", "limit", *names]].rename(columns=names)
        return charts.deliveries(drawn, "Units delivered, in all", title=self.title)

    def general_assumptions(self) -> list[str]:
        """The assumptions that are of no one channel."""
        own = tuple(f"{channel}: " for channel in self.inputs)
        return [line for line in self.assumptions if not line.startswith(own)]

    # The inputs of the channels stand above, channel by channel.
    _explain_assumptions = general_assumptions

    def _explain_rows(self, rows: pd.DataFrame) -> list[str]:
        lines = []
        for channel, group in rows.groupby("channel", sort=False):
            lines += ["", f"{channel}:"]
            for row in records(group):
                lines.append(f"  {row['line']}")
                if row.get("sources"):
                    lines.append(f"    sources: {row['sources']}")
        return lines


def danish_model(
    system: str,
    budget: Any,
    *,
    start: str,
    months: int = 24,
    alternatives: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
    spread: str = "monthly",
    stock_value: str = "replacement",
    book_value: Any = None,
    measure: str = "range_max",
    escalation: float | None = None,
    order: str = "deflate_then_exchange",
    index: str = "consumer",
    rate: str = "market",
    draws: int = 10_000,
    seed: int = 1,
) -> DanishModel:
    """Turn a budget into deliveries through each channel, month by month.

    The model runs in the budget's constant price year. In each month and channel, deliveries
    are the least of what money has ordered, of the capacity that is free after other orders,
    and of the stock there is, after the lead time and in whole units; the least of them is the
    binding limit and is named. Unit cost moves along a unit (Crawford) learning curve with
    cumulative output, from the published price at the units built so far. Orders are spread over
    the months as money comes in. Announced capacity is not deliveries: a line starts at the rate
    it is known to run at and reaches its stated capacity, where one is stated, after ``ramp``.

    Inputs come from the tables, each with its sources; where no figure exists, a range is
    assumed and marked ``ASSUMED``. The learning slope is one draw for all channels.

    Args:
        system: The Ukrainian system that the Danish model buys, for example ``"bohdan"``.
        budget: The sum, with currency and price year: ``"1 billion EUR_2025"``.
        start: First month, ``"2025-05"``.
        months: How many months, 1 to 240.
        alternatives: Channel to system: ``western_purchase``, ``donation_from_stock`` and
            ``co_production`` (of a Ukrainian system), each on the same budget.
        overrides: Input to value. ``capacity="40/month"`` is of the first channel,
            ``"western_purchase.lead_time"="15 months"`` of another. See
            :mod:`armscost.danish_model.channels` for the inputs. A value is text with its unit,
            a Quantity for a price, a bare number for shares and counts, or an
            :class:`~armscost.Estimate` of these; a bare Estimate of a rate is a month's, of a
            time in months, and of a price is refused.
        spread: ``"monthly"``, money comes in equal parts, or ``"at_start"``.
        stock_value: What a unit given from stock is valued at: ``"replacement"`` (the price of
            a new one), ``"book"`` (then give ``book_value``) or ``"zero"``.
        book_value: A unit's book value, with currency and price year.
        measure: The characteristic for cost per capability.
        escalation: A yearly rate of price rise, for example 0.03; adds a column of then-year
            spending to the schedule, marked as an assumption.
        order: See :func:`armscost.rebase`.
        index: See :func:`armscost.rebase`.
        rate: See :func:`armscost.rebase`.
        draws: How many draws.
        seed: The same seed gives the same answer.

    Returns:
        A :class:`DanishModel`. ``.summary`` has a row a channel: units delivered by the horizon
        (``units_p10``, ``units_p50``, ``units_p90``); the medians of what money pays for
        (``units_ordered``) and of what the line could make in these months
        (``units_capacity``); ``first_delivery``, ``last_delivery``; ``unit_price`` with its
        ``price_scope``; ``money_spent``, ``money_unspent`` (medians, in the budget's unit);
        ``limit``, the one that binds most months of the draws, the wait for the first units
        apart; ``share_in_ukraine``; ``cost_per_capability`` with its unit, under the one condition
        that the systems share; ``switch_budget``; and the ranks by units and by cost per
        capability (missing where the systems share no condition, or nothing is paid).
        ``.schedule`` has a row a channel and month; ``.left_out`` each figure not used, with the
        reason and the ``channel`` and ``input`` that it is not used for.

    Raises:
        OutsideEvidenceError: For a budget that is not above zero, no months, a start before the
            evidence, a system without output or not of Ukraine, an override without its unit.
        UnknownNameError: For an unknown system, channel, input, measure or choice.

    Example:
        >>> answer = danish_model("bohdan", "1 billion EUR_2025", start="2025-05", months=12)
        >>> answer.summary["channel"].tolist()
        ['danish_model']
        >>> str(answer.switch_budget.units)
        'EUR_2025'
    """
    money, to = _budget(budget)
    method = {"order": order, "index": index, "rate": rate}
    prices.Method(**method).checked(prices.default_book())
    first = _start(start)
    horizon = check_months(months)
    _check_escalation(escalation)
    asked = _asked(system, alternatives)
    profile = _profile(spread, horizon)
    given = _given(overrides, asked, to, method)
    _value_stock(given, asked, stock_value, book_value, to, method)
    found = {
        name: known_channel(name)(
            datasets.system(of).system_id, Asked(to, first, method, frozenset(given[name]))
        )
        | given[name]
        for name, of in asked.items()
    }
    for name, own in given.items():
        if name != "co_production":  # a new line starts from nothing, however large it will be
            _follow(found[name], own)
    lines = _lines(found, horizon, draws, seed)
    answers = {name: flows.run(money * profile, line) for name, line in lines.items()}
    middle = {name: _median_line(found[name], horizon) for name in found}
    switches = {name: flows.switch_budget(profile, line) for name, line in middle.items()}
    calendar = pd.period_range(first, periods=horizon, freq="M")
    able, notes, unable = outcome.per_capability(asked, measure, lines, to)
    summary = pd.DataFrame(
        [
            outcome.summary(name, asked[name], answers[name], lines[name], found[name], calendar)
            for name in asked
        ]
    ).merge(able, on="channel", validate="1:1")
    ranks = summary.pop("rank_by_cost_per_capability")
    summary["switch_budget"] = [switches[name] for name in asked]
    summary["rank_by_units"] = summary["units_p50"].rank(ascending=False, method="min").astype(int)
    summary["rank_by_cost_per_capability"] = ranks
    return DanishModel(
        title=f"What {_told(budget)} brings in {horizon} months from {first}",
        table=summary,
        schedule=outcome.schedule(answers, calendar, escalation, to),
        assumptions=_assumptions(
            found, first, horizon, spread, draws, seed, escalation, method, to, overrides, notes
        ),
        sources=sorted({s for own in found.values() for i in own.values() for s in i.sources}),
        left_out=outcome.left_out(found, unable),
        trace=outcome.trace(found),
        switch_budget=units.quantity(switches["danish_model"], to),
        inputs=found,
        overridden=dict(overrides or {}),
    )


# --------------------------------------------------------------------------------------
# Reading the question
# --------------------------------------------------------------------------------------


def _budget(budget: Any) -> tuple[float, str]:
    money = units.quantity(budget) if isinstance(budget, str) else budget
    if not units.is_money(money):
        raise OutsideEvidenceError(
            f"budget is {budget!r}; write it with currency and price year: '1 billion EUR_2025'"
        )
    kind = units.split(money)
    if kind.power != 1 or kind.rest:
        raise OutsideEvidenceError(f"budget is {budget}; write a sum of money alone")
    to = f"{kind.currency}_{kind.year}"
    amount = float(money.to(to).magnitude)
    if not 0 < amount < float("inf"):
        raise OutsideEvidenceError(f"budget is {budget}; write a sum above zero")
    return amount, to


def _told(budget: Any) -> str:
    return budget if isinstance(budget, str) else str(budget)


def _start(start: str) -> pd.Period:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", str(start)):
        raise OutsideEvidenceError(f"start is {start!r}; write a month, as in '2025-05'")
    return pd.Period(start, freq="M")


def _asked(system: str, alternatives: Mapping[str, str] | None) -> dict[str, str]:
    """Channel to system, the channel of the question first."""
    others = alternatives or {}
    if not isinstance(others, Mapping):
        raise OutsideEvidenceError(
            f"alternatives is {others!r}; write channel to system, as in "
            "{'western_purchase': 'caesar'}"
        )
    if _FIRST in others:
        raise OutsideEvidenceError(
            f"alternatives has {_FIRST!r}: that channel buys {system!r}, the system asked for; "
            "write another channel, or ask twice"
        )
    return {_FIRST: system, **others}


def _check_escalation(rate: float | None) -> None:
    if rate is not None and not -0.5 < finite("escalation", rate) < 1:
        raise OutsideEvidenceError(f"escalation of {rate} a year; 3 % is written 0.03")


def _profile(spread: str, months: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    if chosen("spread", spread, SPREADS) == "monthly":
        return np.full(months, 1 / months)
    at_start = np.zeros(months)
    at_start[0] = 1.0
    return at_start


def _given(
    wanted: Mapping[str, Any] | None, asked: Mapping[str, str], to: str, method: Mapping[str, Any]
) -> dict[str, dict[str, Input]]:
    split = own_inputs.split_overrides(wanted, list(asked))
    return {
        channel: {name: own_inputs.read(name, value, to, method) for name, value in own.items()}
        for channel, own in split.items()
    }


def _follow(found: dict[str, Input], own: Mapping[str, Input]) -> None:
    """A line whose capacity the caller gave runs at it, and at the rate where that was given."""
    if "capacity" in own and "rate" not in own:
        found["rate"] = own["capacity"]
    if "rate" in own and "capacity" not in own:
        found["capacity"] = own["rate"]


def _value_stock(
    given: dict[str, dict[str, Input]],
    asked: Mapping[str, str],
    stock_value: str,
    book_value: Any,
    to: str,
    method: Mapping[str, Any],
) -> None:
    """Value stock given away at replacement unless the caller says book or zero."""
    chosen("value of stock", stock_value, ("replacement", "book", "zero"))
    if book_value is not None and stock_value != "book":
        raise OutsideEvidenceError(
            f"book_value is given and stock_value is {stock_value!r}; write stock_value='book'"
        )
    if _FROM_STOCK not in asked or stock_value == "replacement":
        return
    if stock_value == "zero":
        # Nothing is paid for a gun that is given and not replaced: stock and pace set the number.
        free = Input(Estimate.exact(0.0), to, "valued at zero: given and not replaced")
        given[_FROM_STOCK]["price"] = free
        return
    if book_value is None:
        raise OutsideEvidenceError(
            "stock_value='book' needs book_value, with currency and price year; none is published"
        )
    given[_FROM_STOCK]["price"] = own_inputs.read("price", book_value, to, method)


# --------------------------------------------------------------------------------------
# From inputs to lines
# --------------------------------------------------------------------------------------


def _lines(
    found: dict[str, dict[str, Input]], months: int, draws: int, seed: int
) -> dict[str, Line]:
    """One line a channel, its inputs drawn together; what is one unknown is one draw.

    The slope is one for all channels, and a capacity that is the running rate is that rate.
    """
    wanted: dict[str, Any] = {}
    keys: dict[tuple[str, str], str] = {}
    for channel, own in found.items():
        for name, one in own.items():
            # A range made from another's is another unknown, though it keeps the name.
            own_name = f"{one.unknown}: {one.estimate!r}" if one.unknown else f"{channel}.{name}"
            same = own_name if _is_range(one) else f"{channel}.{name}"
            keys[channel, name] = same
            wanted[same] = one.estimate if _is_range(one) else float(one.estimate.best)
    drawn = draw(wanted, draws, seed)
    spread = {key: np.broadcast_to(np.asarray(value, dtype=float), (draws,)) for key, value in
              drawn.items()}  # fmt: skip
    return {
        channel: _line({name: spread[keys[channel, name]] for name in own}, months)
        for channel, own in found.items()
    }


def _is_range(one: Input) -> bool:
    return bool(float(one.estimate.low) < float(one.estimate.high))


def _median_line(own: dict[str, Input], months: int) -> Line:
    return _line({n: np.array([float(i.estimate.quantile(0.5))]) for n, i in own.items()}, months)


def _line(values: Mapping[str, Any], months: int) -> Line:
    free = (1 - values["other_orders"]) * (1 - values["outage"])
    when = np.arange(months)[None, :]
    ramp = np.maximum(values["ramp"], 1e-9)[:, None]
    share = np.minimum(when / ramp, 1.0)
    rate, capacity = (
        values["rate"][:, None],
        np.maximum(values["capacity"], values["rate"])[:, None],
    )
    return Line(
        price=values["price"],
        exponent=np.log2(values["slope"]),
        built=values["built"],
        capacity=(rate + (capacity - rate) * share) * free[:, None],
        lead=values["lead_time"],
        stock=np.floor(values["stock"]),
    )


# --------------------------------------------------------------------------------------
# What was assumed
# --------------------------------------------------------------------------------------


def _assumptions(
    found: Mapping[str, dict[str, Input]],
    start: pd.Period,
    months: int,
    spread: str,
    draws: int,
    seed: int,
    escalation: float | None,
    method: Mapping[str, Any],
    to: str,
    wanted: Mapping[str, Any] | None,
    notes: list[str],
) -> list[str]:
    lines = [
        f"constant prices: {to}, {months} months; order {method['order']}, index "
        f"{method['index']}, rate {method['rate']}",
        f"money comes in {'equal monthly parts' if spread == 'monthly' else 'at the start'}",
        f"{draws:,} draws, seed {seed}; inputs drawn independently, the slope once for all, a "
        "capacity that is the running rate as one with it",
        f"figures of output and lead times of a time up to {start}, whenever they were said",
        *(own_inputs.told(key, value) for key, value in (wanted or {}).items()),
    ]
    scopes = {channel: own["price"].scope for channel, own in found.items() if own["price"].scope}
    if len(set(scopes.values())) > 1 or "unknown" in scopes.values():
        told = ", ".join(f"{channel} {scope}" for channel, scope in scopes.items())
        lines.append(f"the prices buy unlike things ({told}): the ranks set sums beside each other")
    if escalation is not None:
        lines.append(f"ASSUMED: prices rise {escalation:.1%} a year (column spend_then_year only)")
    lines += [
        f"{channel}: {one.line(name)}"
        for channel, own in found.items()
        for name, one in own.items()
        if one.unit
    ]
    return [*lines, *notes, f"data version {datasets.data_version()}"]

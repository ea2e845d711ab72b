"""The inputs of the calculator: the medians that the Danish model's central case runs on.

The page ports only the arithmetic of ``armscost.danish_model.flows``; every number it starts
from is looked up here, by the model's own functions, for each system, channel, start and money.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from armscost import datasets
from armscost.danish_model.channels import Asked, known_channel
from armscost.danish_model.inputs import Input
from armscost.errors import ArmscostError
from armscost.prices import exchange_rate

METHOD = {"order": "deflate_then_exchange", "index": "consumer", "rate": "market"}
CURRENCIES = ("EUR", "USD", "GBP", "UAH")
PRICE_YEARS = range(2018, 2026)
FIRST_START, LAST_START = "2023-12", "2026-12"
REFERENCE_MONEY = "EUR_2025"

# Who else could supply the same kind of weapon. A kind without an entry is compared with nothing:
# a drone line and a gun line are not alternatives.
ALTERNATIVES = {
    "self-propelled howitzer": {
        "western_purchase": "caesar",
        "donation_from_stock": "pzh-2000",
        "co_production": None,  # the system itself, on a new line abroad
    }
}
LABELS = {
    "danish_model": "Danish model",
    "western_purchase": "Western purchase",
    "donation_from_stock": "Donation from stock",
    "co_production": "Co-production",
}


def everything() -> dict[str, Any]:
    """What the page reads: starts, moneys and, by system, the channels and their inputs."""
    starts = [str(month) for month in pd.period_range(FIRST_START, LAST_START, freq="M")]
    table = datasets.shared_table("systems")
    found = {
        str(name): _system(str(name), str(category), starts)
        for name, category in zip(table["system_id"], table["category"], strict=True)
        if datasets.system(str(name)).country == "UKR"
    }
    return {
        "version": datasets.data_version(),
        "starts": starts,
        "currencies": list(CURRENCIES),
        "price_years": list(PRICE_YEARS),
        "systems": {name: own for name, own in found.items() if own is not None},
    }


def _system(name: str, category: str, starts: list[str]) -> dict[str, Any] | None:
    """A system that Ukraine's makers sell; None where price or output is not published."""
    asked = {"danish_model": name} | {
        channel: of or name for channel, of in ALTERNATIVES.get(category, {}).items()
    }
    channels = [_channel(channel, of, starts) for channel, of in asked.items()]
    if channels[0] is None:
        return None
    return {
        "name": datasets.system(name).name,
        "item": category,
        "channels": [channel for channel in channels if channel is not None],
    }


def _channel(channel: str, system: str, starts: list[str]) -> dict[str, Any] | None:
    """A channel with its price in every money and its inputs at every start; None without any."""
    # What is not known at the last start is known at none: evidence only accumulates.
    if isinstance(_inputs(channel, system, starts[-1]), str):
        return None
    by_start = [_inputs(channel, system, start) for start in starts]
    known = [s for s, own in zip(starts, by_start, strict=True) if not isinstance(own, str)]
    price = _prices(channel, system, known[-1])
    if price is None:
        return None
    return {
        "channel": channel,
        "label": LABELS[channel],
        "system": system,
        "name": datasets.system(system).name,
        "price": price,
        "inputs": _folded(by_start),
        "why_not": [own if isinstance(own, str) else "" for own in by_start],
    }


def _inputs(channel: str, system: str, start: str) -> dict[str, Any] | str:
    """The inputs but for the price, or why there are none at this start."""
    asked = Asked(REFERENCE_MONEY, pd.Period(start, "M"), METHOD, frozenset({"price"}))
    try:
        found = known_channel(channel)(system, asked)
    except ArmscostError as error:
        return str(error)
    return {name: _told(one, name) for name, one in found.items() if name != "price"}


def _prices(channel: str, system: str, start: str) -> dict[str, Any] | None:
    """The price of the next unit in every money; it does not depend on the start.

    With "deflate then exchange" every figure goes to the target's year in its own currency first,
    so that the price in another currency is the euro price at that year's rate.
    """
    values: dict[str, float] = {}
    told = scope = ""
    month = pd.Period(start, "M")
    for year in PRICE_YEARS:
        try:
            one = known_channel(channel)(system, Asked(f"EUR_{year}", month, METHOD))
        except ArmscostError:
            continue
        told, scope = one["price"].told, one["price"].scope
        for currency in CURRENCIES:
            rate = 1.0 if currency == "EUR" else exchange_rate("EUR", currency, on=year).value
            values[f"{currency}_{year}"] = float(one["price"].estimate.quantile(0.5)) * rate
    return {"values": values, "told": told, "scope": scope} if values else None


def _told(one: Input, name: str) -> dict[str, Any]:
    return {
        "value": float(one.estimate.quantile(0.5)),
        "told": one.line(name),
        "assumed": one.assumed,
        "sources": list(one.sources),
    }


def _folded(by_start: list[dict[str, Any] | str]) -> dict[str, Any]:
    """Each input once with the starts at which it takes another value: first index, then it."""
    names = next(list(own) for own in by_start if not isinstance(own, str))
    folded: dict[str, list[Any]] = {name: [] for name in names}
    for place, own in enumerate(by_start):
        if isinstance(own, str):
            continue
        for name, changes in folded.items():
            if not changes or changes[-1][1] != own[name]:
                changes.append([place, own[name]])
    return folded

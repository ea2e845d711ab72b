"""Answers to published cases on price years, by the public functions alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from armscost.prices import (
    PriceBook,
    chain_annual_rates,
    constant_prices,
    exchange_rate,
    mixed_orders,
    outlay_weighted_index,
    price_level,
    rebase,
)
from armscost.units import price_unit, quantity

Case = dict[str, Any]


def constant_from_current(inputs: Case) -> Case:
    return {"real": list(constant_prices(inputs["nominal"], inputs["index"], inputs["base_index"]))}


def one_amount(inputs: Case) -> Case:
    nominal, index_from, index_to = (inputs[k] for k in ("nominal", "index_from", "index_to"))
    return {"real": constant_prices(nominal, index_from, index_to)}


def deflate_then_convert(inputs: Case) -> Case:
    levels = next(v for k, v in inputs.items() if "deflator" in k or "index" in k)
    quote, base, year = next(
        found.groups() for k in inputs if (found := re.fullmatch(r"(\w+)_per_(\w+)_(\d{4})", k))
    )
    currency, _ = price_unit(inputs["from"])
    rate = inputs[f"{quote}_per_{base}_{year}"]
    per_eur = {base.upper(): 1.0, quote.upper(): rate}
    euro = per_eur.pop("EUR", 1.0)
    book = PriceBook(
        exchange_rates=[_average(code, int(year), value / euro) for code, value in per_eur.items()],
        price_indices=[
            {
                "area": {"USD": "USA", "EUR": "EA", "GBP": "GBR"}.get(currency, "USA"),
                "index": "gdp_deflator",
                "year": int(y),
                "value": level,
                "base_year": "1",
                "basis": "published",
                "source_id": "case",
            }
            for y, level in levels.items()
        ],
    )
    price = quantity(inputs["amount"], inputs["from"])
    found = rebase(price, inputs["to"], index="gdp_deflator", book=book)
    return {"amount": found.magnitude}


def method_spread(inputs: Case) -> Case:
    return {
        "method_3_mixed": mixed_orders(
            inputs["method_1_convert_then_inflate"],
            inputs["method_2_inflate_then_convert"],
            nontradable_share=inputs["nontradable_share"],
        )
    }


def outlay_weighted(inputs: Case) -> Case:
    kind = "constant" if inputs["shares_are_of"].startswith("constant") else "then_year"
    index = outlay_weighted_index(inputs["raw_index"], inputs["outlay_share"], shares_of=kind)
    return {"weighted_index": index}


def chained(inputs: Case) -> Case:
    rates = {int(year): rate for year, rate in inputs["rates"].items()}
    return {"factor": chain_annual_rates(rates, inputs["from_year"], inputs["to_year"])}


def parity(inputs: Case) -> Case:
    """The local currency of the case is the hryvnia of 2021; any other would do."""
    market, ppp = inputs["market_rate_lcu_per_usd"], inputs["ppp_lcu_per_usd"]
    book = PriceBook(
        exchange_rates=[_average("USD", 2021, 1.0), _average("UAH", 2021, market)],
        purchasing_power=[
            {
                "area": area,
                "year": 2021,
                "kind": "gdp_ppp",
                "value": value,
                "unit": "local currency per international dollar",
                "basis": "published",
                "source_id": "case",
            }
            for area, value in (("UKR", ppp), ("USA", 1.0))
        ],
    )
    spend = quantity(inputs["spend_lcu"], "UAH_2021")
    return {
        "usd_market": rebase(spend, "USD_2021", book=book).magnitude,
        "usd_ppp": rebase(spend, "USD_2021", rate="ppp", book=book).magnitude,
        "price_level": price_level(ppp, exchange_rate("USD", "UAH", 2021, book=book).value),
    }


def _average(currency: str, year: int, rate: float) -> Case:
    return {
        "currency": currency,
        "year": year,
        "rate_per_eur": rate,
        "basis": "annual_average",
        "source_id": "case",
    }


TOPICS: dict[str, Callable[[Case], Case]] = {
    "price.constant_from_current": constant_from_current,
    "price.rebase": one_amount,
    "price.deflate_then_convert": deflate_then_convert,
    "price.method_spread": method_spread,
    "price.outlay_weighted_index": outlay_weighted,
    "price.chain_annual_rates": chained,
    "price.ppp": parity,
}

"""One bridge between moneys: named order, traced, and never guessed.

Each property below is seen to fail: ``tests/mutants_prices.json`` names one change of the
source a property that must break it, and ``make mutation`` applies them.
"""

from __future__ import annotations

import datetime as dt
import gc
import itertools
import math
import random
import weakref

import numpy as np
import pandas as pd
import pint
import polars as pl
import pyarrow as pa
import pytest
from answers_prices import TOPICS
from currency_converter import CurrencyConverter
from hypothesis import given, settings
from hypothesis import strategies as st

import armscost.prices.book
from armscost.errors import (
    MixedPricesError,
    NoRateError,
    NotComparableError,
    OutsideEvidenceError,
    UnknownNameError,
)
from armscost.prices import (
    PriceBook,
    chain_annual_rates,
    constant_prices,
    default_book,
    exchange_rate,
    factor,
    mixed_orders,
    outlay_weighted_index,
    rebase,
)
from armscost.prices.arrays import (
    CODES,
    FIXING_BASES,
    STATUSES,
    YEARS,
    currency_codes,
    factor_table,
    factors_of,
    fixing_table,
    year_places,
)
from armscost.prices.economies import economy_of
from armscost.prices.factors import ORDERS
from armscost.units import price_unit, quantity, register

EXCHANGE = ORDERS[1]
priced = st.sampled_from(["EUR", "USD", "GBP", "UAH", "PLN", "DKK", "CZK", "SEK", "KRW", "TRY"])
years = st.integers(2010, 2024)
amounts = st.floats(0.01, 1e12)


# --- the two orders on real figures ----------------------------------------------------


def test_deflate_then_exchange_uses_ones_own_index_and_the_later_rate():
    found = factor("UAH", 2021, "EUR", 2024)
    assert found.series == "UKR cpi"
    assert found.exchange.rate.year == 2024
    assert found.value == pytest.approx(457.091 / 316.448 / 43.4598, rel=1e-4)


def test_exchange_then_deflate_uses_the_earlier_rate_and_the_targets_index():
    found = factor("UAH", 2021, "EUR", 2024, order=EXCHANGE)
    assert found.series == "EA hicp"
    assert found.exchange.rate.year == 2021
    assert found.value == pytest.approx(135.4609 / 115.7828 / 32.3009, rel=1e-5)


def test_area_chooses_whose_index():
    german = factor("EUR", 2020, "EUR", 2024, area="DEU")
    assert german.series == "DEU cpi"
    emu, ea = (factor("EUR", 2020, "EUR", 2024, area=area) for area in ("EMU", "EA"))
    assert (emu.value, emu.series) == (ea.value, "EA hicp")
    swapped = factor("USD", 2020, "EUR", 2024, order=EXCHANGE, area="USA")
    assert swapped.series == "USA cpi_u"


def test_every_index_by_name():
    assert factor("EUR", 2015, "EUR", 2023, index="gdp_deflator").series == "EA gdp_deflator"
    defence = factor("USD", 2015, "USD", 2020, index="defence")
    assert defence.series == "USA omb_outlay_deflator_total_defense_fy"
    assert any("fiscal years" in line for line in defence.assumptions)
    capital = factor("USD", 2015, "USD", 2020, index="omb_direct_capital_deflator_defense_fy")
    assert capital.value != defence.value


def test_a_series_is_never_spliced():
    # The HICP of France starts in 2015, its CPI ends in 2024: no pair of years joins them.
    assert factor("EUR", 2015, "EUR", 2025, area="FRA", index="hicp").value > 1
    with pytest.raises(NoRateError, match=r"no cpi of FRA for 2025; .* 2010–2024"):
        factor("EUR", 2015, "EUR", 2025, area="FRA")
    with pytest.raises(NoRateError, match="no hicp of FRA for 2014"):
        factor("EUR", 2014, "EUR", 2025, area="FRA", index="hicp")


def test_estimates_and_parts_of_years_are_told():
    found = factor("UAH", 2024, "EUR", 2025)
    said = "\n".join(found.assumptions)
    assert "UKR cpi 2025 (estimate)" in said
    assert "average of a part of the year" in said
    assert "data version" in said


def test_projections_count_only_where_the_series_is_named():
    with pytest.raises(NoRateError, match="no cpi_u of USA for 2026"):
        factor("USD", 2024, "USD", 2026)
    found = factor("USD", 2024, "USD", 2026, index="cpi_u")
    assert any("partial year" in line for line in found.assumptions)


def test_within_one_year_no_index_is_needed():
    assert factor("BRL", 2023, "EUR", 2023).deflator.value == 1.0
    assert factor("USD", 1985, "USD", 1985).value == 1.0


def test_every_factor_names_its_sources():
    assert factor("UAH", 2021, "EUR", 2024).sources == [
        "world-bank-cpi",
        "world-bank-official-exchange-rate",
    ]
    text = str(factor("UAH", 2021, "EUR", 2024))
    assert text.startswith("1 UAH_2021 = 0.033236")
    assert "order deflate_then_exchange, index consumer, rate market" in text


# --- properties ------------------------------------------------------------------------


@given(priced, years, priced, years, amounts)
@settings(max_examples=80, deadline=None)
def test_there_and_back_returns_the_amount(one, year, other, to_year, amount):
    """The way back of an order is the other order."""
    price = quantity(amount, f"{one}_{year}")
    for out, home in (ORDERS, ORDERS[::-1]):
        there = rebase(price, f"{other}_{to_year}", order=out)
        back = rebase(there, f"{one}_{year}", order=home)
        assert back.units == price.units
        assert back.magnitude == pytest.approx(amount, rel=1e-12)


@given(priced, years, priced, years, priced, years)
@settings(max_examples=80, deadline=None)
def test_two_steps_are_one_step_within_an_order(one, year, mid, mid_year, last, last_year):
    """A stop on the way: its own currency first and the target year, or the reverse."""
    whole = factor(one, year, last, last_year).value
    at_home = factor(one, year, one, mid_year).value * factor(one, mid_year, last, last_year).value
    at_year = (
        factor(one, year, mid, last_year).value * factor(mid, last_year, last, last_year).value
    )
    assert at_home == pytest.approx(whole, rel=1e-12)
    assert at_year == pytest.approx(whole, rel=1e-12)
    whole = factor(one, year, last, last_year, order=EXCHANGE).value
    first = factor(one, year, mid, year, order=EXCHANGE).value
    assert first * factor(mid, year, last, last_year, order=EXCHANGE).value == pytest.approx(
        whole, rel=1e-12
    )
    there = factor(one, year, last, mid_year, order=EXCHANGE).value
    assert there * factor(last, mid_year, last, last_year, order=EXCHANGE).value == pytest.approx(
        whole, rel=1e-12
    )


@given(
    st.sampled_from(
        [("EEK", 15.6466, 2011), ("LVL", 0.702804, 2014), ("LTL", 3.4528, 2015),
         ("HRK", 7.5345, 2023), ("BGN", 1.95583, 2026)]
    ),
    st.data(),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_currencies_that_became_the_euro_keep_their_legal_rate(currency, data):
    code, legal, first = currency
    year = data.draw(st.integers(first, 2030))
    rate = exchange_rate("EUR", code, on=year)
    assert (rate.value, rate.basis) == (legal, "legal_rate")
    assert exchange_rate("EUR", code, on=dt.date(year, 5, 1)).value == legal
    assert exchange_rate(code, "EUR", on=year).value == pytest.approx(1 / legal, rel=1e-15)


@given(st.lists(st.floats(1.001, 2.0), min_size=2, max_size=12), priced)
@settings(max_examples=40, deadline=None)
def test_a_rising_index_raises(rises, currency):
    rows, level = [], 100.0
    for step, rise in enumerate(rises):
        rows.append(_index(economy_of(currency), 2010 + step, level))
        level *= rise
    book = PriceBook(price_indices=rows)
    values = [
        factor(currency, 2010, currency, 2010 + k, index="cpi", book=book).value
        for k in range(len(rises))
    ]
    assert values[0] == 1.0
    assert all(later > earlier for earlier, later in itertools.pairwise(values))


@given(years, years, st.sampled_from(ORDERS), priced)
@settings(max_examples=40, deadline=None)
def test_parity_and_market_agree_for_the_base_country(year, to_year, order, other):
    market = factor("USD", year, "USD", to_year, order=order)
    parity = factor("USD", year, "USD", to_year, order=order, rate="ppp")
    assert parity.value == market.value
    if other == "EUR":
        return
    level = default_book().parity(economy_of(other), "gdp_ppp", year)
    at_parity = factor(other, year, "USD", year, rate="ppp")
    assert at_parity.value == pytest.approx(1 / level.value, rel=1e-14)
    if other != "USD":
        assert any("never the price of a purchase" in line for line in at_parity.assumptions)


@given(st.lists(st.tuples(st.sampled_from([*CODES, "XXX"]), st.integers(1970, 2040))), st.randoms())
@settings(max_examples=40, deadline=None)
def test_arrays_agree_with_single_factors_in_any_row_order(rows, shuffle):
    shuffle.shuffle(rows)
    table = factor_table("EUR_2024", order=EXCHANGE)
    factors, status = factors_of(
        currency_codes([code for code, _ in rows]), year_places([y for _, y in rows]), table
    )
    for (code, year), value, state in zip(rows, factors, status, strict=True):
        if STATUSES[state] == "ok":
            assert value == factor(code, year, "EUR", 2024, order=EXCHANGE).value
        else:
            assert math.isnan(value)
            expected = (
                "unknown currency"
                if code == "XXX"
                else "year out of range"
                if year not in YEARS
                else STATUSES[state]
            )
            assert STATUSES[state] == expected
            if expected in ("no rate", "no index"):
                with pytest.raises(NoRateError):
                    factor(code, year, "EUR", 2024, order=EXCHANGE)


def test_dated_arrays_agree_with_single_rates():
    chance = random.Random(3)
    for to in ("EUR", "USD", "UAH", "LTL"):
        table = fixing_table(to)
        for _ in range(300):
            code = chance.choice(CODES)
            day = dt.date(2009, 12, 1) + dt.timedelta(days=chance.randrange(6500))
            rate = default_book().find_rate(code, to, day)
            row, column = CODES.index(code), (day - table.first).days
            column = column if 0 <= column < table.rates.shape[1] - 1 else -1
            found = table.rates[row, column]
            if rate is None:
                assert math.isnan(found), (code, to, day)
                continue
            assert found == pytest.approx(rate.value, rel=1e-14)
            if code != to:
                assert day - dt.timedelta(days=int(table.back[row, column])) == rate.date
                assert FIXING_BASES[table.bases[row, column]] == rate.basis


# --- exchange rates --------------------------------------------------------------------


def test_a_thousand_fixings_agree_with_the_currencyconverter_package():
    peer, chance = CurrencyConverter(), random.Random(1)
    compared = 0
    while compared < 1000:
        code = chance.choice([c for c in CODES if c not in ("EUR", "UAH", "MDL")])
        day = dt.date(2010, 1, 4) + dt.timedelta(days=chance.randrange(6140))
        rate = default_book().find_rate("EUR", code, day)
        theirs = peer._rates[code].get(day)
        if theirs is None:
            assert rate is None or rate.date != day or rate.basis in ("legal_rate", "single_fixing")
            continue
        assert (rate.value, rate.date) == (theirs, day)
        compared += 1


def test_the_last_fixing_within_a_week_is_used_and_named():
    rate = exchange_rate("GBP", "EUR", on="2025-04-11")
    assert (rate.date, rate.basis, rate.source_id) == (
        dt.date(2025, 4, 11),
        "daily_fixing",
        "ecb-euro-reference-rates",
    )
    easter = exchange_rate("USD", "EUR", on="2025-04-21")
    assert easter.date == dt.date(2025, 4, 17)
    assert "no fixing on 2025-04-21: the one of 2025-04-17 is used" in "\n".join(
        factor("USD", 2025, "EUR", 2025, date=dt.date(2025, 4, 21)).assumptions
    )


def test_beyond_a_week_nothing_is_carried_forward():
    # The last fixing of the rouble was on 2022-03-01.
    assert exchange_rate("EUR", "RUB", on="2022-03-08").date == dt.date(2022, 3, 1)
    with pytest.raises(NoRateError, match="RUB on 2022-03-09 or in the 7 days before"):
        exchange_rate("EUR", "RUB", on="2022-03-09")


def test_a_cross_rate_is_of_one_day():
    # The hryvnia's fixings are relayed ones of single days; the dollar is taken on that day.
    rate = exchange_rate("UAH", "USD", on="2025-10-26")
    assert rate.date == dt.date(2025, 10, 23)
    same = exchange_rate("EUR", "USD", on="2025-10-23").value
    assert rate.value == same / exchange_rate("EUR", "UAH", on="2025-10-23").value
    assert len(rate.sources) == 2
    assert rate.basis == "single_fixing"


def test_a_year_gives_the_annual_average():
    rate = exchange_rate("USD", "EUR", on=2024)
    assert (rate.basis, rate.date, rate.year) == ("annual_average", None, 2024)
    assert exchange_rate("USD", "EUR", on="2024") == rate
    assert exchange_rate("USD", "EUR", on=np.int64(2024)) == rate
    assert exchange_rate("EUR", "USD", on=2026).basis == "partial_year_average"


@pytest.mark.parametrize("on", ["2024-07", "soon", None, True, 2024.5])
def test_anything_but_a_day_or_a_year_is_refused(on):
    with pytest.raises(OutsideEvidenceError, match="write a day as 2025-04-11 or a year as 2025"):
        exchange_rate("EUR", "USD", on=on)


def test_a_missing_average_names_the_years_there_are():
    with pytest.raises(NoRateError, match=r"MDL in 2022; averages there are of 2010–2021, 2024"):
        exchange_rate("EUR", "MDL", on=2022)
    with pytest.raises(UnknownNameError, match="no currency 'DEM'"):
        exchange_rate("EUR", "DEM", on=2022)


# --- Quantities ------------------------------------------------------------------------


def test_compound_units_prefixes_and_powers():
    once = factor("EUR", 2023, "USD", 2024).value
    per_km = rebase(quantity("3 MEUR_2023/km"), "USD_2024")
    assert str(per_km.units) == "USD_2024 / kilometer"
    assert per_km.magnitude == pytest.approx(3e6 * once)
    whole = rebase(quantity("3 MEUR_2023/km"), "kUSD_2024/m")
    assert str(whole.units) == "kiloUSD_2024 / meter"
    assert whole.magnitude == pytest.approx(3 * once)
    reach = rebase(1 / quantity("2 MEUR_2023/km"), "USD_2024")
    assert reach.magnitude == pytest.approx(0.5e-6 / once)


def test_arrays_keep_their_shape():
    prices = quantity(np.array([[1.0, 2.0], [3.0, np.nan]]), "MEUR_2020")
    found = rebase(prices, "MEUR_2024").magnitude
    assert found.shape == (2, 2)
    assert found[0, 1] == 2 * found[0, 0]
    assert np.isnan(found[1, 1])


def test_explain_gives_the_way_too():
    price, way = rebase("5 UAH_2021", "EUR_2024", explain=True)
    assert price.magnitude == 5 * way.value
    assert rebase("5 UAH_2021", "EUR_2024") == price


def test_a_dated_amount_is_exchanged_at_its_day():
    found = rebase("10 USD_2024", "EUR_2024", date="2024-05-15")
    assert found.magnitude == pytest.approx(10 / exchange_rate("EUR", "USD", "2024-05-15").value)
    with pytest.raises(OutsideEvidenceError, match="a day in 2023 for money of 2024"):
        rebase("10 USD_2024", "EUR_2024", date="2023-05-15")
    with pytest.raises(OutsideEvidenceError, match="leave the date out"):
        rebase("10 USD_2024", "UAH_2024", date="2024-05-15", rate="ppp")


def test_prices_of_one_year_at_the_rate_of_another_are_told():
    old = {"date": "2019-06-03", "explain": True}
    money, way = rebase("1000000 TRY_2019", "EUR_2024", **old)
    year = rebase("1000000 TRY_2019", "EUR_2024").magnitude
    assert money.magnitude > 5 * year
    said = "prices of 2024 meet the rate of 2019-06-03"
    assert [line for line in way.assumptions if said in line and "exchange_then_deflate" in line]
    assert said in way.explain()
    for to, amount, order in [
        ("EUR_2024", "1 TRY_2019", "exchange_then_deflate"),
        ("EUR_2019", "1 TRY_2019", "deflate_then_exchange"),
        ("TRY_2024", "1 TRY_2019", "deflate_then_exchange"),
    ]:
        assert "meet" not in rebase(amount, to, order=order, **old)[1].explain()


def test_a_parity_is_of_an_economy_that_pays_in_the_currency():
    with pytest.raises(NoRateError, match="a parity of UKR is not in EUR"):
        rebase(quantity("40 EUR_2024"), "USD_2024", rate="ppp", area="UKR")
    with pytest.raises(NoRateError, match="a parity of BGR is not in EUR"):
        rebase(quantity("40 EUR_2024"), "USD_2024", rate="ppp", area="BGR")
    german = rebase(quantity("40 EUR_2024"), "USD_2024", rate="ppp", area="DEU")
    assert german.magnitude > 40


def test_two_names_of_one_area_are_one_area_in_tables_of_ones_own_too():
    row = {
        "index": "hicp",
        "year": 2020,
        "base_year": "2020",
        "basis": "published",
        "source_id": "x",
    }
    with pytest.raises(OutsideEvidenceError, match="is there twice"):
        PriceBook(price_indices=[row | {"area": area, "value": 100} for area in ("EA", "EMU")])
    parity = {"area": "EMU", "kind": "gdp_ppp", "year": 2024, "unit": "EUR", "basis": "published"}
    book = PriceBook(purchasing_power=[parity | {"value": 0.7, "source_id": "x"}])
    assert book.parity("EA", "gdp_ppp", 2024).value == 0.7
    with pytest.raises(OutsideEvidenceError, match="is there twice"):
        PriceBook(
            purchasing_power=[parity | {"value": 0.7 + n, "source_id": str(n)} for n in (1, 2)]
        )


def test_no_day_and_no_rate_are_refused():
    with pytest.raises(OutsideEvidenceError, match="NaT is no day"):
        exchange_rate("USD", "EUR", on=pd.NaT)
    for rate in (float("nan"), "2 %"):
        with pytest.raises(OutsideEvidenceError, match="the rate of 2022 is"):
            chain_annual_rates({2022: rate}, 2021, 2022)


def test_money_below_the_line_and_other_units_go_where_they_are_asked_to():
    reach = quantity(5.0, "km/MEUR_2024")
    assert rebase(reach, "km/EUR_2024").magnitude == pytest.approx(5e-6)
    assert rebase(reach, "m/kEUR_2024").magnitude == pytest.approx(5.0)
    rise = rebase(quantity("1 EUR_2020"), "EUR_2024").magnitude
    assert rebase(quantity(5.0, "km/EUR_2020"), "km/EUR_2024").magnitude == pytest.approx(5 / rise)


def test_a_day_without_a_rate_names_only_the_currency_that_lacks_it():
    with pytest.raises(NoRateError) as caught:
        exchange_rate("UAH", "USD", on="2025-04-11")
    assert "UAH on 2025-04-11" in str(caught.value)
    assert "USD" not in str(caught.value)


def test_one_constant_price_is_a_number_and_several_an_array():
    assert type(constant_prices(100.0, 1.1, 1.0)) is float
    assert constant_prices([100.0], [1.1], 1.0).shape == (1,)


def test_a_question_asked_again_is_not_worked_out_again():
    book, asked = PriceBook(), []
    answers = [book.remembered("what", lambda: asked.append(1) or 5) for _ in range(3)]
    assert (answers, asked) == ([5, 5, 5], [1])


def test_what_is_remembered_has_an_end(monkeypatch):
    monkeypatch.setattr(armscost.prices.book, "MOST_REMEMBERED", 20)
    book = PriceBook()
    for day in range(100):
        for currency in ("USD", "GBP"):
            date = dt.date(2024, 1, 1) + dt.timedelta(days=day)
            rebase(f"1 {currency}_2024", "EUR_2024", date=date, book=book)
            rebase(f"1 {currency}_{1990 + day % 30}", f"{currency}_{1990 + day % 30}", book=book)
    assert len(book._memory) <= 20
    assert all(len(known) <= 20 for known in book._of_registries.values())


def test_a_registry_that_nobody_uses_is_let_go():
    registry = register(pint.UnitRegistry())
    price = registry("2 million USD_2020")
    rebase(price, "EUR_2024")
    rebase(price, registry("1 EUR_2024").units)
    gone = weakref.ref(registry)
    del registry, price
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("name", [None, ["USD"], 5, {}, float("nan")])
def test_what_is_no_name_is_refused_like_a_wrong_one(name):
    for ask in (
        lambda: rebase("1 USD_2020", "EUR_2024", order=name),
        lambda: rebase("1 USD_2020", "EUR_2024", index=name),
        lambda: rebase("1 USD_2020", "EUR_2024", rate=name),
        lambda: factor("USD", 2020, "EUR", 2024, order=name),
        lambda: exchange_rate(name, "EUR", 2024),
        lambda: exchange_rate("EUR", name, 2024),
        lambda: outlay_weighted_index([1, 1.02], [0.6, 0.4], shares_of=name),
    ):
        with pytest.raises(UnknownNameError):
            ask()
    if name is not None:
        with pytest.raises(UnknownNameError):
            rebase("1 USD_2020", "EUR_2024", area=name)
        with pytest.raises(OutsideEvidenceError, match="PriceBook"):
            rebase("1 USD_2020", "EUR_2024", book=name)
    for to in (name, [name]):
        with pytest.raises(OutsideEvidenceError):
            price_unit(to)


def test_numbers_that_are_none_are_refused():
    for ask in (
        lambda: constant_prices("a", 100, 100),
        lambda: constant_prices(1, [[1], [1, 2]], 100),
        lambda: constant_prices(1, 100, [1, 2]),
        lambda: outlay_weighted_index([1, 1.02], None),
        lambda: PriceBook(5),
        lambda: PriceBook("text"),
        lambda: PriceBook([5]),
        lambda: exchange_rate("USD", "EUR", float("nan")),
        lambda: rebase("1 USD_2020", "EUR_2024", date=[2020]),
    ):
        with pytest.raises(OutsideEvidenceError):
            ask()
    with pytest.raises(NotComparableError):
        rebase(5, "EUR_2024")


def test_another_registry_gets_its_own_back():
    registry = pint.UnitRegistry()
    price = register(registry)("2 million USD_2020")
    found = rebase(price, "MEUR_2024")
    assert isinstance(found, registry.Quantity)


@pytest.mark.parametrize(
    ("price", "to", "choice", "error", "said"),
    [
        ("1 EUR_2020", "USD_2024", {"order": "both"}, UnknownNameError, "no order 'both'"),
        ("1 EUR_2020", "USD_2024", {"index": "cpix"}, UnknownNameError, "did you mean 'cpi'"),
        ("1 EUR_2020", "USD_2024", {"rate": "pppp"}, UnknownNameError, "did you mean 'ppp'"),
        ("1 EUR_2020", "USD_2024", {"area": "XYZ"}, UnknownNameError, "no area 'XYZ'"),
        ("1 EUR_2020", "USD_2024", {"rate": "ppp"}, NoRateError, "area='DEU'"),
        ("1 UAH_2020", "EUR_2024", {"rate": "ppp"}, NoRateError, "to_area='DEU'"),
        ("1 EUR_2020", "USD_2024", {"to_area": "DEU"}, OutsideEvidenceError, "for parities"),
        ("1 EUR_2020", "USD_2024", {"index": "defence"}, NoRateError, "no defence index of EA"),
        ("1 BRL_2020", "EUR_2024", {}, NoRateError, "no consumer index of BRA; nor any other"),
        ("1 UAH_2009", "EUR_2024", {}, NoRateError, "no cpi of UKR for 2009; .* 2010–2025"),
        ("1 EUR_2020", "USD_2026", {}, NoRateError, "no hicp of EA for 2026"),
        ("1 EUR_2020", "USD", {}, UnknownNameError, "write it with its year"),
        ("1 EUR_2020", "EUU_2024", {}, UnknownNameError, "did you mean"),
        ("1 EUR_2020", "USD_2040", {}, OutsideEvidenceError, "1980 to 2030"),
        ("1 EUR_2020", "km", {}, NotComparableError, "holds no money"),
    ],
)  # fmt: skip
def test_hostile_questions_get_their_own_error(price, to, choice, error, said):
    with pytest.raises(error, match=said):
        rebase(price, to, **choice)


def test_two_moneys_in_one_unit_are_refused():
    ratio = quantity("1 EUR_2020") / quantity("1 USD_2020")
    with pytest.raises(MixedPricesError):
        rebase(ratio, "EUR_2024")


# --- a book of one's own ---------------------------------------------------------------


def _index(area: str, year: int, value: float, **more):
    row = {"area": area, "index": "cpi", "year": year, "value": value, "base_year": "2010",
           "basis": "published", "source_id": "own"}  # fmt: skip
    return {**row, **more}


def _rate(currency: str, year: int, rate: float, **more):
    row = {"currency": currency, "year": year, "rate_per_eur": rate, "basis": "annual_average",
           "source_id": "own"}  # fmt: skip
    return {**row, **more}


def test_own_rates_take_the_place_of_ours_and_are_told():
    rows = pd.DataFrame([_rate("USD", 2024, 1.25), _rate("UAH", 2024, 50.0)])
    book = PriceBook(exchange_rates=rows)
    found = factor("UAH", 2024, "USD", 2024, book=book)
    assert found.value == 0.025
    assert any("own exchange_rates" in line for line in found.assumptions)
    assert found.sources == ["own"]
    with pytest.raises(NoRateError):
        factor("GBP", 2024, "USD", 2024, book=book)


@pytest.mark.parametrize(
    ("table", "rows", "said"),
    [
        ("exchange_rates", [_rate("USD", 2024, -1.0)], "row 0, rate_per_eur"),
        ("exchange_rates", [_rate("USD", 2024, math.inf)], "rate_per_eur"),
        ("exchange_rates", [_rate("usd", 2024, 1.0)], "currency"),
        ("exchange_rates", [_rate("USD", 2024, 1.0, when=3)], "when"),
        ("exchange_rates", [_rate("USD", 2024, 1.0), _rate("USD", 2024, 1.1)], "there twice"),
        ("price_indices", [_index("USA", 2024, 0.0)], "value"),
        ("price_indices", [{"area": "USA"}], "index"),
        ("price_indices", [_index("USA", 2024, 1.0), _index("USA", 2024, 1.0)], "there twice"),
        ("purchasing_power", [{"area": "USA", "year": 2020}], "kind"),
    ],
)  # fmt: skip
def test_own_tables_are_held_to_our_rules(table, rows, said):
    with pytest.raises(OutsideEvidenceError, match=said):
        PriceBook(**{table: rows})


def test_polars_and_arrow_tables_are_books_too():
    rows = [_rate("USD", 2024, 1.25)]
    for frame in (pl.DataFrame(rows), pa.Table.from_pylist(rows), pd.DataFrame(rows)):
        book = PriceBook(exchange_rates=frame)
        assert exchange_rate("EUR", "USD", 2024, book=book).value == 1.25


def test_the_longest_series_that_covers_both_years_is_used():
    long = [_index("USA", year, 100.0 + year - 2010) for year in range(2010, 2025)]
    short = [_index("USA", year, 50.0, base_year="2020") for year in range(2022, 2026)]
    book = PriceBook(price_indices=[*short, *long])
    assert factor("USD", 2022, "USD", 2024, index="cpi", book=book).value == 114 / 112
    assert factor("USD", 2023, "USD", 2025, index="cpi", book=book).value == 1.0
    with pytest.raises(NoRateError):
        factor("USD", 2011, "USD", 2025, index="cpi", book=book)


# --- bare numbers ----------------------------------------------------------------------

CASES = [
    ("price.constant_from_current",
     {"nominal": [10000, 10500, 11500], "index": [100, 108, 120], "base_index": 100},
     {"real": [10000, 9722, 9583]}, 0.5),
    ("price.rebase", {"nominal": 1.16, "index_from": 130.7, "index_to": 160.5},
     {"real": 1.42}, 0.005),
    ("price.deflate_then_convert",
     {"amount": 42.1, "from": "USD_2020", "to": "EUR_2005",
      "us_deflator_2015_is_1": {"2005": 0.8358, "2020": 1.0869}, "eur_per_usd_2005": 0.8038},
     {"amount": 26.022132012144635}, 1e-8),
    ("price.method_spread",
     {"method_1_convert_then_inflate": 116.84, "method_2_inflate_then_convert": 172.09,
      "nontradable_share": 0.8}, {"method_3_mixed": 161.04}, 0.005),
    ("price.outlay_weighted_index",
     {"raw_index": [1.0, 1.02, 1.0404, 1.061208], "outlay_share": [0.4, 0.3, 0.2, 0.1],
      "shares_are_of": "constant-year dollars"}, {"weighted_index": 1.0202008}, 1e-9),
    ("price.outlay_weighted_index",
     {"raw_index": [1.0, 1.02, 1.0404, 1.061208], "outlay_share": [0.4, 0.3, 0.2, 0.1],
      "shares_are_of": "then-year (obligation) dollars"},
     {"weighted_index": 1.019800823214843}, 1e-9),
    ("price.chain_annual_rates",
     {"rates": {"2022": 0.092, "2023": 0.064}, "from_year": 2021, "to_year": 2023},
     {"factor": 1.161888}, 1e-9),
    ("price.chain_annual_rates",
     {"rates": {"2022": 0.087, "2023": 0.03}, "from_year": 2023, "to_year": 2021},
     {"factor": 0.8931681567688748}, 1e-12),
    ("price.ppp",
     {"spend_lcu": 1000.0, "market_rate_lcu_per_usd": 40.0, "ppp_lcu_per_usd": 16.0},
     {"usd_market": 25.0, "usd_ppp": 62.5, "price_level": 0.4}, 1e-9),
]  # fmt: skip


@pytest.mark.parametrize(("topic", "inputs", "expected", "off"), CASES)
def test_published_cases(topic, inputs, expected, off):
    found = TOPICS[topic](inputs)
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=off)


@given(st.lists(st.floats(1.0, 3.0), min_size=1, max_size=8), st.data())
@settings(max_examples=40, deadline=None)
def test_a_weighted_index_lies_within_the_raw_one(raw, data):
    weights = np.array(
        data.draw(st.lists(st.floats(0.01, 1), min_size=len(raw), max_size=len(raw)))
    )
    shares = weights / weights.sum()
    for kind in ("constant", "then_year"):
        found = outlay_weighted_index(raw, shares, shares_of=kind)
        assert min(raw) * (1 - 1e-9) <= found <= max(raw) * (1 + 1e-9)
    assert outlay_weighted_index(raw, shares, shares_of="then_year") <= (
        outlay_weighted_index(raw, shares, shares_of="constant") * (1 + 1e-12)
    )


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: constant_prices([1, 2], [0, 1], 1), OutsideEvidenceError, "above 0"),
        (lambda: constant_prices([1, 2], [1, 2, 3], 1), OutsideEvidenceError, "do not pair"),
        (lambda: constant_prices(1, 1, math.nan), OutsideEvidenceError, "finite"),
        (lambda: outlay_weighted_index([1, 2], [0.5, 0.6]), OutsideEvidenceError, "sum to 1.1"),
        (lambda: outlay_weighted_index([1, 2], [1.5, -0.5]), OutsideEvidenceError, "0 to 1"),
        (lambda: outlay_weighted_index([1], [1], shares_of="x"), UnknownNameError, "then_year"),
        (lambda: chain_annual_rates({2020: 0.1}, 2019, 2021), NoRateError, "no rate for 2021"),
        (lambda: chain_annual_rates({2020: -1.0}, 2019, 2020), OutsideEvidenceError, "no price"),
        (lambda: mixed_orders(1, 2, nontradable_share=80), OutsideEvidenceError, "0.8 for 80 %"),
    ],
)  # fmt: skip
def test_bare_numbers_out_of_range_are_refused(call, error, said):
    with pytest.raises(error, match=said):
        call()


def test_a_year_without_outlay_weighs_nothing():
    assert outlay_weighted_index(
        [1.0, 1.1, 1.2], [0.5, 0.5, 0.0], shares_of="constant"
    ) == pytest.approx(outlay_weighted_index([1.0, 1.1], [0.5, 0.5], shares_of="constant"))

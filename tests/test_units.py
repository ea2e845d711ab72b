"""Money carries its currency and price year, and never mixes by itself."""

from __future__ import annotations

import concurrent.futures
import copy
import multiprocessing
import pickle
import subprocess
import sys
import threading

import numpy as np
import pint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armscost import units
from armscost.errors import (
    ArmscostError,
    MixedPricesError,
    NotComparableError,
    OutsideEvidenceError,
    UnknownNameError,
)
from armscost.units import quantity, register, split

codes = st.sampled_from(sorted(units.CURRENCIES))
years = st.integers(units.FIRST_YEAR, units.LAST_YEAR)


# --- reading ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "magnitude", "unit"),
    [
        ("2.3 million EUR_2025", 2_300_000.0, "EUR_2025"),
        ("1 billion EUR_2025", 1e9, "EUR_2025"),
        ("4 thousand UAH_2021", 4000.0, "UAH_2021"),
        (".5 million USD_2024", 500_000.0, "USD_2024"),
        ("-2 million EUR_2020", -2e6, "EUR_2020"),
        ("3 kEUR_2024", 3, "kiloEUR_2024"),
        ("2.5 MEUR_2023/km", 2.5, "megaEUR_2023 / kilometer"),
        ("2 million EUR_2023 / km", 2e6, "EUR_2023 / kilometer"),
        ("4200000 EUR_2024", 4_200_000, "EUR_2024"),
        ("5EUR_2024", 5, "EUR_2024"),
    ],
)
def test_money_is_read_as_an_analyst_writes_it(text, magnitude, unit):
    price = quantity(text)
    assert (price.magnitude, str(price.units)) == (magnitude, unit)


def test_words_and_prefixes_are_units_too():
    assert quantity("2500000 EUR_2025").to("million EUR_2025").magnitude == 2.5
    assert quantity("3 GEUR_2025").to("EUR_2025").magnitude == 3e9
    assert quantity("3 MEUR_2024/km").to("kEUR_2024/m").magnitude == pytest.approx(3.0)


def test_numbers_and_arrays_take_a_unit():
    prices = quantity(np.array([1.0, 2.0]), "MEUR_2024")
    assert prices.to("EUR_2024").magnitude.tolist() == [1e6, 2e6]


@given(codes, years, st.floats(1e-3, 1e12))
@settings(max_examples=60, deadline=None)
def test_what_is_printed_can_be_read_again(currency, year, amount):
    price = quantity(amount, f"{currency}_{year}")
    again = quantity(f"{price!s}")
    assert again == price


# --- refusing --------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["5 EUR", "5 million EUR", "5 eur", "EUR", "5 EUR/km"])
def test_a_currency_without_a_year_says_to_write_the_year(text):
    with pytest.raises(UnknownNameError, match=r"EUR has no price year; write it .* EUR_2024"):
        quantity(text)


def test_an_unknown_currency_names_the_nearest():
    with pytest.raises(UnknownNameError, match=r"did you mean .*'EUR'"):
        quantity("5 EUU_2024")
    with pytest.raises(UnknownNameError, match="did you mean 'EUR'"):
        quantity("5 eur_2024")


@pytest.mark.parametrize("year", [1979, 2031, 1000])
def test_price_years_have_bounds(year):
    with pytest.raises(OutsideEvidenceError, match="price years run from 1980 to 2030"):
        quantity(f"5 EUR_{year}")


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("2,5 million EUR_2024", OutsideEvidenceError, "comma"),
        ("5 mEUR_2024", UnknownNameError, "MEUR_2024 for millions"),
        ("5 km", NotComparableError, "holds no money"),
        ("5", NotComparableError, "holds no money"),
        ("", NotComparableError, "holds no money"),
        ("5 EUR_2024 +", OutsideEvidenceError, "not one figure"),
        ("2 300 000 EUR_2025", OutsideEvidenceError, "not one figure"),
        ("5 EUR_2024 EUR_2024", OutsideEvidenceError, "money by money"),
        ("5 EUR_2024 USD_2024", MixedPricesError, "mixes prices"),
        ("3 m EUR_2024", OutsideEvidenceError, "money times another unit"),
        ("abc", OutsideEvidenceError, "cannot be read"),
        ("5 EUR_2024 6 EUR_2024", OutsideEvidenceError, "not one figure"),
        ("5 EUR_2024 * 3 USD_2024", OutsideEvidenceError, "not one figure"),
        ("5 EUR_2024 / EUR_2023", MixedPricesError, "mixes prices"),
    ],
)
def test_hostile_texts_get_their_own_error(text, error, said):
    with pytest.raises(error, match=said):
        quantity(text)


def test_a_number_alone_is_not_money():
    with pytest.raises(OutsideEvidenceError, match="says no currency"):
        quantity(5.0)


# --- never mixing ----------------------------------------------------------------------


@given(codes, years, codes, years)
@settings(max_examples=60, deadline=None)
def test_pairs_never_mix(one, year, other, another):
    left, right = quantity(1.0, f"{one}_{year}"), quantity(1.0, f"{other}_{another}")
    if (one, year) == (other, another):
        assert left == right
        assert (left + right).magnitude == 2
        return
    assert left != right
    for mix in (
        lambda: left + right,
        lambda: left - right,
        lambda: left < right,
        lambda: left.to(str(right.units)),
    ):
        with pytest.raises(pint.DimensionalityError):
            mix()


def test_the_refusal_reads_well():
    with pytest.raises(TypeError) as caught:
        quantity("1 EUR_2024") + quantity("1 EUR_2025")
    assert str(caught.value) == (
        "Cannot convert from 'EUR_2024' ([EUR_at_2024_prices]) to 'EUR_2025' ([EUR_at_2025_prices])"
    )


def test_every_text_pint_reads_gets_the_advice():
    with pytest.raises(pint.UndefinedUnitError, match="write it with its year"):
        quantity("1 EUR_2024").to("EUR")
    with pytest.raises(pint.UndefinedUnitError, match="did you mean"):
        quantity("1 EUR_2024").to("EUU_2024")


# --- taking apart ----------------------------------------------------------------------


def test_split_tells_money_from_the_rest():
    assert split(quantity("2 MEUR_2023/km")) == (
        "EUR",
        2023,
        1,
        "megaEUR_2023",
        (("kilometer", -1),),
    )
    assert split(1 / quantity("2 USD_2020")).power == -1


# --- registries, threads, processes ----------------------------------------------------


@pytest.mark.parametrize(("unit", "to", "factor"), [
    ("1/hour", "1/minute", 1 / 60), ("km/h", "m/s", 1 / 3.6), ("percent", "1", 0.01),
    ("kg", "tonne", 0.001), ("person", "person", 1.0), ("km", "kg", None), ("person", "1", None),
    ("degC", "K", None), ("EUR_2024", "USD_2024", None), ("EUR", "km", None),
])  # fmt: skip
def test_units_without_money_have_a_plain_factor_or_none(unit, to, factor):
    assert units.factor_between(unit, to) == (factor and pytest.approx(factor, rel=1e-12))


def test_registering_twice_does_no_harm():
    registry = pint.UnitRegistry(on_redefinition="raise")
    assert register(registry) is registry
    steps = len(registry.preprocessors)
    register(registry)
    assert len(registry.preprocessors) == steps
    assert registry("2 million EUR_2024").to("MEUR_2024").magnitude == 2


def test_a_registry_of_ones_own_keeps_its_names():
    registry = pint.UnitRegistry()
    registry.define("EUR = [currency]")
    registry.define("abc_2024 = 3 meter")
    register(registry)
    assert str(registry("5 EUR").units) == "EUR"
    assert registry("1 abc_2024").to("meter").magnitude == 3
    assert "USD" not in registry
    assert not hasattr(registry, "xyz_2024")


def test_a_host_may_change_the_application_registry_after_us():
    before = pint.get_application_registry().get()
    try:
        quantity("1 EUR_2024")
        pint.set_application_registry(pint.UnitRegistry())
        price = quantity("1 EUR_2024")
        assert pickle.loads(pickle.dumps(price)) == price
    finally:
        pint.set_application_registry(before)


def test_copies_are_equal():
    price = quantity("2 MEUR_2024/km")
    assert copy.deepcopy(price) == price
    assert copy.copy(price) == price


def test_a_copied_registry_is_registered_for_itself():
    registry = register(pint.UnitRegistry())
    twin = register(copy.deepcopy(registry))
    assert str(twin("5 EUR_2019").units) == "EUR_2019"
    assert "EUR_2019" not in dir(registry)


def test_eight_threads_define_and_use_units_at_once():
    registry = pint.UnitRegistry(on_redefinition="raise")
    start = threading.Barrier(8)
    texts = [f"1 {code}_{year}" for year in range(2010, 2020) for code in sorted(units.CURRENCIES)]

    def work(offset: int) -> float:
        register(registry)
        start.wait()
        turned = texts[offset * 40 :] + texts[: offset * 40]
        return sum(registry(text).to("k" + text[2:]).magnitude for text in turned)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        sums = list(pool.map(work, range(8)))
    assert sums == pytest.approx([len(texts) / 1000] * 8)
    assert sum(isinstance(step, units._PriceYears) for step in registry.preprocessors) == 1


def _double(price):
    return 2 * price


def test_a_worker_that_registered_unpickles_money():
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, spawn, initializer=register) as pool:
        assert pool.submit(_double, quantity("2 MEUR_2024/km")).result() == quantity(
            "4 MEUR_2024/km"
        )


@pytest.mark.parametrize("text", ["2 EUR_2024", "2 MEUR_2024/km"])
def test_a_process_that_did_not_register_is_told_what_to_call(text):
    pickled = pickle.dumps(quantity(text))
    program = f"import pickle; pickle.loads({pickled!r})"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 1
    assert "call armscost.units.register() there first" in ran.stderr


def test_our_errors_cross_process_borders():
    with pytest.raises(UnknownNameError) as caught:
        quantity("5 EUR")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert isinstance(caught.value, ArmscostError)


def test_importing_leaves_the_hosts_registry_alone():
    program = (
        "import armscost, armscost.units, pint\n"
        "assert type(pint.application_registry.get()).__name__ == 'LazyRegistry'\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    ("ask", "name"),
    [
        (lambda: quantity("5 EUR"), "EUR"),
        (lambda: quantity("5 QQQ_2024"), "QQQ"),
        (lambda: quantity("5 mEUR_2024"), "mEUR_2024"),
        (lambda: quantity("5 EUR_2024").to("EUR"), "EUR"),
        (lambda: quantity("5 EUR_2024").to("EUR_1492"), "EUR_1492"),
        (lambda: quantity("5 EUR_2024").to("QQQ_2024"), "QQQ"),
    ],
)
def test_a_program_can_ask_which_unit_was_not_known(ask, name):
    with pytest.raises(units.UndefinedMoneyError) as caught:
        ask()
    assert caught.value.name == name


@pytest.mark.parametrize("amount", [[1, 2], [1.5], np.array([1, 2], "uint8"), 5, 2.5])
def test_whole_and_other_numbers_are_money_with_a_unit(amount):
    assert np.array_equal(quantity(amount, "EUR_2024").magnitude, amount)

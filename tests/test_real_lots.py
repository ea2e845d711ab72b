"""Learning curves on the lots that were really bought: where one fits, and where none must."""

from __future__ import annotations

import pandas as pd
import pytest

import armscost as ac

INDICES = ["consumer", "defence"]


def fit(series, index):
    lots = ac.priced_lots(series, "USD_2024", index=index)
    return ac.fit_learning_curve(lots, theory="crawford")


def warned(found, words):
    return any(words in line for line in found.warnings)


@pytest.mark.parametrize("index", INDICES)
@pytest.mark.parametrize("series", ["f35a-airframe-usaf", "sm6-aur", "jassmer-aur"])
def test_a_curve_fits_where_units_grew_cheaper(series, index):
    found = fit(series, index)
    low, high = found.slope_interval
    assert 0.75 < low < found.slope < high < 1
    assert not warned(found, "no learning")


@pytest.mark.parametrize("index", INDICES)
@pytest.mark.parametrize("series", ["p8a-airframe", "pac3mse-hw", "m109a7-pim"])
def test_the_fit_says_where_lots_show_no_learning(series, index):
    found = fit(series, index)
    assert warned(found, "no learning shown")
    assert found.slope_interval[0] < 1 < found.slope_interval[1]


@pytest.mark.parametrize("index", INDICES)
@pytest.mark.parametrize("series", ["gmlrs-hw", "javelin-aur", "excalibur-m982"])
def test_the_fit_warns_where_cost_follows_quantity(series, index):
    found = fit(series, index)
    assert warned(found, "little new experience")
    assert warned(found, "annual quantity")


@pytest.mark.parametrize("series", ["pac3mse-hw", "m109a7-pim"])
def test_few_lots_are_called_few(series):
    assert warned(fit(series, "defence"), "few lots")


def test_then_year_money_is_refused():
    table = ac.load("learning_lots")
    raw = table[(table["series_id"] == "jassmer-aur") & table["edition"].isna()]
    raw = raw.assign(total_cost=raw["quantity"] * raw["unit_cost"])
    raw = raw.sort_values("first_unit")[["first_unit", "last_unit", "total_cost", "price_basis"]]
    with pytest.raises(ac.MixedPricesError, match="then_year"):
        ac.fit_learning_curve(raw.astype({"first_unit": int, "last_unit": int}), theory="crawford")


def test_lots_outside_the_index_are_left_out_with_the_reason():
    lots = ac.priced_lots("sm6-aur", "USD_2024", index="consumer")
    assert any("2010" in reason for reason in lots.attrs["left_out"].values())
    assert lots["first_unit"].iloc[0] > 1
    assert (lots["first_unit"].diff().iloc[1:] > 0).all()


def test_lots_without_unit_numbers_are_left_out():
    with pytest.raises(ac.OutsideEvidenceError, match="prior units are unknown"):
        ac.priced_lots("amraam-aur-usaf", "USD_2024", index="defence")


def test_the_index_is_a_choice_and_an_unknown_series_is_told():
    with pytest.raises(TypeError, match="index"):
        ac.priced_lots("sm6-aur", "USD_2024")
    with pytest.raises(ac.UnknownNameError, match="did you mean 'sm6-aur'"):
        ac.priced_lots("sm6", "USD_2024", index="defence")


def test_a_total_is_what_the_source_says_or_quantity_times_unit_cost():
    table = ac.load("learning_lots")
    raw = table[(table["series_id"] == "gmlrs-hw") & table["edition"].isna()]
    lots = ac.priced_lots("gmlrs-hw", "USD_2024", index="consumer")
    raw = raw.sort_values("fiscal_year")
    nominal = raw["quantity"].to_numpy() * raw["unit_cost"].to_numpy()
    factors = [
        ac.rebase(ac.quantity(1.0, f"USD_{year:.0f}"), "USD_2024").magnitude
        for year in raw["fiscal_year"]
    ]
    expected = pd.Series(nominal * factors)
    assert lots["total_cost"].tolist() == pytest.approx(expected.tolist(), rel=1e-9)

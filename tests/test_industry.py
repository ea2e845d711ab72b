"""``industry_gap``: disagreeing counts kept as a range, money never mixed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import armscost as ac
from armscost.danish_model.industry import industry_gap

COUNTS = ("capacity", "funded", "output", "idle_money")
MEASURES = {
    "capacity": ["capacity"],
    "funded": ["funded_orders", "capacity_used"],
    "output": ["output"],
    "idle_money": ["idle_capacity"],
}


@pytest.fixture(scope="module")
def gap():
    return industry_gap(to="USD_2024", sums={"danish_model": "1.4 billion EUR_2025"})


def test_the_range_holds_every_count(gap):
    for year in gap.table.itertuples():
        for name in COUNTS:
            mine = gap.trace[
                (gap.trace["year"] == year.year) & gap.trace["measure"].isin(MEASURES[name])
            ]
            assert getattr(year, f"n_{name}") == len(mine)
            if len(mine):
                low, high = getattr(year, f"{name}_low"), getattr(year, f"{name}_high")
                assert low == mine["low_in"].min()
                assert high == mine["high_in"].max()
                assert low <= getattr(year, name) <= high


def test_the_idle_range_holds_every_stated_share(gap):
    for row in gap.trace[gap.trace["unit"] == "percent"].itertuples():
        year = gap.table[gap.table["year"] == row.year].iloc[0]
        idle = 1 - row.value / 100 if row.measure == "capacity_used_share" else row.value / 100
        assert year["idle_low"] <= idle + 1e-12
        assert idle - 1e-12 <= year["idle_high"]


def test_idle_shares_are_shares_in_order(gap):
    known = gap.table[gap.table["idle"].notna()]
    assert set(known["year"]) >= {2024, 2025}
    assert (known["idle_low"] >= 0).all()
    assert (known["idle_low"] <= known["idle"]).all()
    assert (known["idle"] <= known["idle_high"]).all()
    assert (known["idle_high"] <= 1).all()


def test_capacity_grew_and_orders_did_not_keep_up(gap):
    year = gap.table.set_index("year")
    assert year.loc[2025, "capacity"] > year.loc[2024, "capacity"] > year.loc[2023, "capacity"]
    assert year.loc[2025, "funded_high"] < year.loc[2025, "capacity"]


def test_who_said_it_stands_beside_every_count(gap):
    assert gap.trace["source_id"].isin(ac.load("sources")["source_id"]).all()
    assert gap.trace["statement"].str.len().min() > 0
    assert gap.sources == sorted(set(gap.trace["source_id"]))


def test_kroner_are_brought_to_dollars_of_the_target_year(gap):
    kroner = gap.trace[gap.trace["unit"] == "DKK"].iloc[0]
    dollars = ac.rebase(ac.quantity(f"{kroner['value']} DKK_2024"), "USD_2024").magnitude
    assert kroner["value_in"] == pytest.approx(dollars)


def test_goals_parts_and_misprints_are_left_out_with_the_reason(gap):
    reasons = " ".join(gap.left_out["reason"])
    for word in ("goal", "part of the industry", "shown to be wrong"):
        assert word in reasons
    assert not (gap.trace["qualifier"] == "target").any()


def test_a_sum_loads_its_share_of_what_is_idle():
    gap = industry_gap(2025, {"all of it": "1 billion USD_2025", "twice": "2 billion USD_2025"})
    one, two = gap.loaded.to_dict("records")
    row = gap.table.iloc[0]
    assert one["share"] == pytest.approx(1e9 / (row["capacity"] * row["idle"]))
    assert one["share_low"] <= one["share"] <= one["share_high"]
    assert two["share"] == pytest.approx(2 * one["share"])


def test_one_year_stands_in_its_own_dollars_and_says_so():
    gap = industry_gap(2026)
    assert gap.unit == "USD_2026"
    assert gap.table["year"].tolist() == [2026]
    assert any("own US dollars" in line for line in gap.assumptions)


def test_another_money_scales_every_count_alike():
    dollars, euros = industry_gap(2024), industry_gap(2024, to="EUR_2024")
    rate = ac.exchange_rate("USD", "EUR", on=2024).value
    for name in ("capacity_low", "capacity_high", "funded_low", "output"):
        assert euros.table[name].iloc[0] == pytest.approx(dollars.table[name].iloc[0] * rate)
    assert euros.table["idle_high"].iloc[0] == pytest.approx(dollars.table["idle_high"].iloc[0])


def test_the_order_of_the_rows_does_not_matter(gap):
    shuffled = ac.load("indicators").sample(frac=1.0, random_state=7)
    again = industry_gap(to="USD_2024", indicators=shuffled)
    pd.testing.assert_frame_equal(again.table, gap.table)


def test_every_answer_carries_its_picture_and_text(gap):
    assert "capacity" in gap.chart().to_dict()["description"]
    assert "2025" in gap.to_markdown()
    assert any("data version" in line for line in gap.assumptions)


# --------------------------------------------------------------------------------------
# Bad input
# --------------------------------------------------------------------------------------


def test_a_year_without_figures_names_the_years_there_are():
    with pytest.raises(ac.OutsideEvidenceError, match=r"2019.*2022.*2025"):
        industry_gap(2019)


def test_several_years_need_one_price_year():
    with pytest.raises(ac.OutsideEvidenceError, match="USD_2024"):
        industry_gap([2024, 2025])


def test_a_year_no_index_reaches_says_why():
    with pytest.raises(ac.OutsideEvidenceError, match=r"2026.*cpi_u"):
        industry_gap(2026, to="EUR_2024")


def test_an_area_without_figures_is_unknown():
    with pytest.raises(ac.UnknownNameError, match="UKR"):
        industry_gap(2025, area="UKX")


def test_sums_are_money_with_a_year_and_above_zero():
    with pytest.raises(ac.OutsideEvidenceError, match="above zero"):
        industry_gap(2025, {"gift": ac.quantity("-1 million EUR_2025")})
    with pytest.raises(ac.ArmscostError, match="year"):
        industry_gap(2025, {"gift": "1 billion EUR"})


def test_no_year_has_a_number_made_up(gap):
    assert np.isnan(gap.table.set_index("year").loc[2022, "funded"])
    assert np.isnan(gap.table.set_index("year").loc[2023, "idle"])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"area": ["UKR"]}, "no area"),
        ({"year": "2025"}, "whole number"),
        ({"year": 2025.5}, "whole number"),
        ({"sums": ["danish_model"]}, "channel to sum"),
        ({"to": 5}, "EUR_2024"),
        ({"indicators": pd.DataFrame()}, "has no indicator_id"),
    ],
)
def test_what_is_no_year_area_or_table_is_refused(asked, message):
    with pytest.raises((ac.OutsideEvidenceError, ac.UnknownNameError), match=message):
        industry_gap(**({"year": 2025} | asked))

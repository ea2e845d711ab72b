"""``backtest``, ``backtest_lots``: nothing known too early, everything scored, whatever it says."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import armscost as ac
from armscost.danish_model.backtest import backtest, backtest_all
from armscost.danish_model.history import observations
from armscost.danish_model.lot_backtest import backtest_lots
from armscost.danish_model.lot_outlook import Lots, lot_outlook
from armscost.danish_model.outlook import Beliefs, band_scale, last_growth, no_change, outlook
from armscost.records import span_of

KEY = ["series", "origin", "fact_id"]
FORECAST = ["p10", "p50", "p90", "no_change", "last_growth"]
RATES = st.floats(1.0, 1e6)


def figure(month: int, rate: float, **given: object) -> dict[str, object]:
    """A figure of output, stated in the month that it is about."""
    when = str(pd.Period("2020-01", freq="M") + month)
    return {
        "output_id": f"made-{month}", "system_id": "made-up", "variant": None,
        "series_id": "made-up-series", "fact_id": f"fact-{month}", "area": "UKR",
        "status": "produced", "rate_low": np.nan, "rate": rate, "rate_high": np.nan,
        "per": "month", "item": "gun", "period_start": when, "period_end": when,
        "stated_on": when, "source_id": "somebody", "credibility": 3, "qualifier": "exact",
        "statement": f"{rate} a month",
    } | given  # fmt: skip


def table(rates: list[float], step: int = 4) -> pd.DataFrame:
    return pd.DataFrame([figure(step * i, rate) for i, rate in enumerate(rates)])


@pytest.fixture(scope="module")
def every() -> object:
    return backtest_all()


# --------------------------------------------------------------------------------------
# Nothing is known too early
# --------------------------------------------------------------------------------------


def forecasts(result: object) -> pd.DataFrame:
    return result.errors.set_index(KEY)[FORECAST].sort_index()


@settings(max_examples=15, deadline=None)
@given(st.lists(RATES, min_size=4, max_size=6), st.lists(RATES, min_size=1, max_size=3))
def test_figures_stated_later_never_change_a_forecast(rates, later):
    before = forecasts(backtest("all", outputs=table(rates)))
    after = forecasts(backtest("all", outputs=table(rates + later)))
    pd.testing.assert_frame_equal(before, after.loc[before.index])


@pytest.mark.parametrize("cut", ["2023-12-31", "2024-12-31", "2025-06-30"])
def test_the_published_figures_of_later_days_never_change_a_forecast(cut, every):
    outputs = ac.load("outputs")
    day = dt.date.fromisoformat(cut)
    told = [isinstance(s, str) and span_of(s)[1] <= day for s in outputs["stated_on"]]
    before = forecasts(backtest("all", outputs=outputs[told]))
    after = forecasts(every)
    assert set(before.index) <= set(after.index)
    pd.testing.assert_frame_equal(before, after.loc[before.index])


def test_a_truth_is_stated_after_its_origin_and_is_of_a_time_after_it(every):
    found, _ = observations()
    found = found.set_index(["series", "fact_id"])
    for point in every.errors.itertuples():
        truth = found.loc[(point.series, point.fact_id)]
        assert truth["said_after"] > point.origin
        assert truth["middle"] > point.origin


def test_a_statement_dated_by_its_year_is_known_at_its_end_and_later_said_from_its_start():
    rows = table([10, 12, 14])
    rows.loc[1, "stated_on"] = "2020"
    found, _ = observations(rows)
    vague = found[found["fact_id"] == "fact-4"].iloc[0]
    assert vague["known_from"] == dt.date(2020, 12, 31)
    assert vague["said_after"] == dt.date(2020, 1, 1)


def test_goals_plans_and_capacities_are_neither_known_nor_truths():
    rows = table([10, 12, 14, 15])
    plain = forecasts(backtest("all", outputs=rows))
    for status in ("target", "planned", "capacity"):
        goal = figure(6, 1e5, status=status, output_id="goal", fact_id="goal")
        more = forecasts(backtest("all", outputs=pd.concat([rows, pd.DataFrame([goal])])))
        pd.testing.assert_frame_equal(plain, more)


def test_one_fact_printed_twice_is_one_truth_with_its_first_print():
    rows = table([10, 12, 14])
    again = figure(8, 99.0, output_id="again", stated_on="2021-06")
    found, _ = observations(pd.concat([rows, pd.DataFrame([again])]))
    assert len(found) == 3
    assert found.loc[found["fact_id"] == "fact-8", "rate"].tolist() == [14]


def test_a_single_plant_is_a_line_of_its_own():
    plant = figure(8, 2.0, variant="one small workshop", series_id=None, output_id="p", fact_id="p")
    found, _ = observations(pd.concat([table([10, 12, 14]), pd.DataFrame([plant])]))
    assert found["series"].nunique() == 2
    assert found[found["series"] == "made-up-series"]["rate"].tolist() == [10, 12, 14]


# --------------------------------------------------------------------------------------
# What is scored
# --------------------------------------------------------------------------------------


def test_coverage_is_the_share_of_truths_inside_the_band(every):
    errors = every.errors
    inside = (errors["p10"] <= errors["truth"]) & (errors["truth"] <= errors["p90"])
    assert every.coverage == inside.mean()
    assert every.n_scored == len(errors)
    assert (errors["p10"] <= errors["p50"]).all()
    assert (errors["p50"] <= errors["p90"]).all()


def test_errors_are_what_they_are_called(every):
    errors = every.errors
    np.testing.assert_allclose(errors["error"], errors["p50"] - errors["truth"])
    np.testing.assert_allclose(errors["relative_error"], errors["p50"] / errors["truth"] - 1)
    np.testing.assert_allclose(errors["log_error"], np.log(errors["p50"] / errors["truth"]))
    for rival in ("no_change", "last_growth"):
        np.testing.assert_allclose(errors[f"{rival}_error"], errors[rival] / errors["truth"] - 1)


def test_the_table_counts_every_point_once(every):
    rows = every.table.set_index("series")
    assert rows.loc["all", "n_scored"] == rows.drop("all")["n_scored"].sum()
    assert rows.loc["all", "n_truths"] == rows.drop("all")["n_truths"].sum()


def test_the_band_holds_about_four_truths_in_five(every):
    # Promised is 80 %; with about twenty different truths 60 % to 95 % is what luck allows.
    assert 0.6 <= every.coverage <= 0.95


def test_the_order_of_the_rows_does_not_matter(every):
    shuffled = ac.load("outputs").sample(frac=1.0, random_state=3)
    again = backtest("all", outputs=shuffled)
    pd.testing.assert_frame_equal(again.errors, every.errors)
    pd.testing.assert_frame_equal(again.table, every.table)


def test_under_five_points_it_is_not_scorable_and_coverage_is_pooled(every):
    test = backtest("fpv-drone-ukraine")
    assert 0 < test.n_scored < 5
    assert not test.scorable
    assert test.verdict.startswith("not scorable")
    assert test.coverage == every.coverage
    assert "all series" in test.coverage_of
    assert test.table["verdict"].tolist() == [test.verdict]


@pytest.mark.parametrize("system", ["bohdan", "caesar", "shell-155mm"])
def test_long_series_are_scored_on_their_own(system, every):
    test = backtest(system)
    assert test.scorable
    assert test.coverage_of == "the points asked for"
    assert test.n_scored > test.n_truths
    mine = every.errors[every.errors["series"].isin(test.errors["series"])]
    pd.testing.assert_frame_equal(test.errors, mine.reset_index(drop=True))


def test_it_says_so_where_the_model_is_worse():
    caesar = backtest("caesar")
    assert "worse than no change" in caesar.verdict


def test_one_origin_forecasts_everything_stated_later():
    test = backtest("bohdan", until="2024-06")
    assert set(test.errors["origin"]) == {dt.date(2024, 6, 30)}
    assert test.n_scored == test.n_truths >= 5
    assert set(test.errors["n_known"]) == {2}


def test_every_figure_is_a_truth_or_left_out_with_the_reason():
    test = backtest("shell-155mm")
    facts = set(test.trace["fact_id"])
    assert facts == set(test.errors["fact_id"]) | (facts & set(test.left_out["figure"]))
    assert test.left_out["reason"].str.len().min() > 0


def test_what_every_answer_carries():
    test = backtest("bohdan")
    assert test.sources == sorted(set(test.sources))
    assert ac.cite(test.sources)
    assert any("goals, plans and capacities" in line for line in test.assumptions)
    assert "ukr-bohdana" in test.to_markdown()
    assert "ukr-bohdana" in str(test.explain("ukr-bohdana"))
    assert test.chart().to_dict()["description"]


# --------------------------------------------------------------------------------------
# The forecast itself
# --------------------------------------------------------------------------------------

DATED = st.lists(st.tuples(st.floats(0, 60), RATES), min_size=1, max_size=8)


@settings(max_examples=50, deadline=None)
@given(DATED, st.floats(0.01, 1000), st.floats(0, 36))
def test_another_unit_or_epoch_gives_the_same_forecast(dated, unit, months):
    when, rates = (np.array(column) for column in zip(*dated, strict=True))
    ahead = np.array([70.0, 90.0])
    mean, sd = outlook(when, rates, ahead)
    moved, same = outlook(when + months, rates * unit, ahead + months)
    np.testing.assert_allclose(moved, mean + np.log(unit), atol=1e-6)
    np.testing.assert_allclose(same, sd, rtol=1e-5)


@settings(max_examples=50, deadline=None)
@given(DATED)
def test_the_band_widens_with_the_time_ahead(dated):
    when, rates = (np.array(column) for column in zip(*dated, strict=True))
    _, sd = outlook(when, rates, np.array([61.0, 66.0, 72.0, 96.0]))
    assert (np.diff(sd) > 0).all()


def test_a_steady_line_stays_and_a_rising_one_rises_less_than_it_did():
    when = np.array([0.0, 6.0, 12.0])
    steady, _ = outlook(when, np.array([20.0, 20.0, 20.0]), np.array([24.0]))
    assert np.exp(steady[0]) == pytest.approx(20)
    rising, _ = outlook(when, np.array([5.0, 10.0, 20.0]), np.array([24.0]))
    assert 20 < np.exp(rising[0]) < 80


def test_naive_forecasts_by_hand():
    when, rates = np.array([0.0, 6.0, 12.0]), np.array([5.0, 10.0, 20.0])
    assert no_change(when, rates) == 20
    assert last_growth(when, rates, 18.0) == pytest.approx(40)
    # two papers of one week make no growth
    assert last_growth(np.array([0.0, 0.5]), np.array([15.0, 20.0]), 12.0) == 20


def test_past_errors_set_the_width_of_the_band():
    assert band_scale(np.array([])) == 1
    assert band_scale(np.full(30, 2.0)) > 1.5
    assert band_scale(np.zeros(30)) < 0.6
    assert band_scale(np.array([1e9])) < 2


# --------------------------------------------------------------------------------------
# Lots
# --------------------------------------------------------------------------------------

LOT_KEY = ["series", "origin", "fiscal_year"]
LOT_FORECAST = ["p10", "p50", "p90", "last_price", "learning_curve", "book"]


@pytest.fixture(scope="module")
def lots() -> object:
    return backtest_lots()


def test_the_books_were_wrong_by_what_is_known_of_them(lots):
    error = lots.books.set_index("years_ahead")["median_error"]
    assert error[0] == pytest.approx(0.05, abs=0.015)
    assert error[1] == pytest.approx(0.10, abs=0.02)
    assert error[2] == pytest.approx(0.12, abs=0.02)


def test_what_lots_cost_in_the_end_never_changes_a_forecast_of_them(lots):
    # Every truth of the last book is made three times as dear: forecasts from before it stay.
    changed = ac.load("learning_lots")
    last = changed["source_id"].str.contains("2016-02") & changed["edition"].isna()
    changed.loc[last, ["unit_cost", "total_cost"]] *= 3
    again = backtest_lots(lots=changed)
    before, after = (
        r.errors[r.errors["origin"] < dt.date(2016, 2, 1)].set_index(LOT_KEY) for r in (lots, again)
    )
    pd.testing.assert_frame_equal(before[LOT_FORECAST], after[LOT_FORECAST])
    assert not np.allclose(before["truth"], after["truth"])


def test_a_lot_is_forecast_before_its_fiscal_year_begins(lots):
    for point in lots.errors.itertuples():
        assert point.origin < dt.date(point.fiscal_year - 1, 10, 1)
        assert point.years_ahead == point.fiscal_year - point.origin.year - 1 >= 0


def test_requests_and_plans_are_no_truths(lots):
    requests = lots.left_out[lots.left_out["reason"].str.contains("request or plan")]
    assert len(requests) >= 10
    assert 2017 not in set(lots.errors["fiscal_year"])


def test_it_beats_the_last_price_and_says_that_the_book_is_better(lots):
    row = lots.table[lots.table["group"] == "all"].iloc[0]
    assert row["median_error"] < row["last_price_median_error"]
    assert "worse than book" in row["verdict"]
    assert "better than last price" in row["verdict"]


def test_coverage_of_lots_counts_and_is_near_four_in_five(lots):
    inside = (lots.errors["p10"] <= lots.errors["truth"]) & (
        lots.errors["truth"] <= lots.errors["p90"]
    )
    assert lots.coverage == inside.mean()
    assert 0.65 <= lots.coverage <= 0.95


def test_the_order_of_the_lots_does_not_matter(lots):
    shuffled = ac.load("learning_lots").sample(frac=1.0, random_state=5)
    pd.testing.assert_frame_equal(backtest_lots(lots=shuffled).errors, lots.errors)


def test_one_series_gives_its_own_points(lots):
    one = backtest_lots("sm6-aur")
    mine = lots.errors[lots.errors["series"] == "sm6-aur"].reset_index(drop=True)
    pd.testing.assert_frame_equal(one.errors, mine)
    assert one.scorable == (len(mine) >= 5)


def test_cost_falls_with_experience_and_rises_with_a_smaller_lot():
    known = Lots(np.array([2014.0]), np.array([40.0]), np.array([92.0]))
    ahead = Lots(np.array([2015.0, 2015.0, 2015.0]), np.array([40.0, 160.0, 160.0]),
                 np.array([92.0, 92.0, 46.0]))  # fmt: skip
    mean, _ = lot_outlook(known, np.array([100.0]), ahead)
    same, later, smaller = np.exp(mean)
    assert same == pytest.approx(100)
    assert later < same
    assert smaller > later


# --------------------------------------------------------------------------------------
# Bad input
# --------------------------------------------------------------------------------------


def test_unknown_names_are_answered_with_the_nearest():
    with pytest.raises(ac.UnknownNameError, match="bohdan"):
        backtest("bohdann")
    with pytest.raises(ac.UnknownNameError, match="sm6-aur"):
        backtest_lots("sm6")
    with pytest.raises(ac.UnknownNameError, match="printed"):
        backtest_lots(knowledge="print")


def test_a_system_without_output_is_told_which_have_it():
    with pytest.raises(ac.OutsideEvidenceError, match=r"krab.*bohdan"):
        backtest("krab")


@pytest.mark.parametrize("until", ["June 2024", "2024-13", "24"])
def test_a_date_that_is_none_is_refused(until):
    with pytest.raises(ac.OutsideEvidenceError, match="2024-06"):
        backtest("bohdan", until=until)


def test_an_origin_too_early_is_told_from_when_on_it_works():
    with pytest.raises(ac.OutsideEvidenceError, match="2024-04-02"):
        backtest("bohdan", until="2022")


def test_an_origin_after_the_last_figure_scores_nothing_and_says_so():
    test = backtest("bohdan", until="2026-06")
    assert test.n_scored == 0
    assert test.verdict.startswith("not scorable")


def test_figures_that_are_no_rates_are_refused():
    for values in ([0.0], [-3.0], [np.nan], []):
        with pytest.raises(ac.OutsideEvidenceError):
            outlook(np.zeros(len(values)), np.array(values), np.array([1.0]))


def test_a_chart_of_all_series_is_refused_with_what_to_do(every):
    with pytest.raises(ac.OutsideEvidenceError, match="name a system"):
        every.chart()


def test_beliefs_can_be_replaced_and_are_listed():
    test = backtest("bohdan", beliefs=Beliefs(growth=3.0))
    assert any("factor of 3" in line for line in test.assumptions)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: backtest(["bohdan"]), "no system or series"),
        (lambda: backtest("bohdan", outputs=pd.DataFrame()), "has no output_id"),
        (lambda: backtest("bohdan", outputs=[1]), "not list"),
        (lambda: backtest("bohdan", beliefs=5), "beliefs is 5"),
        (lambda: backtest_lots(5), "no series of lots '5'"),
    ],
)
def test_what_is_no_name_table_or_belief_is_refused(ask, message):
    with pytest.raises((ac.OutsideEvidenceError, ac.UnknownNameError), match=message):
        ask()

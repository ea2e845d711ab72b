"""The frontier promises: dominance by the book, the caller's rows kept, no units mixed."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armscost.comparison.frontier import frontier, pareto
from armscost.errors import MixedPricesError, OutsideEvidenceError, UnknownNameError

# whole numbers, so that equal slopes are equal and ties are ties
OPTIONS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=2, max_size=12).map(
    lambda rows: pd.DataFrame(rows, columns=["cost", "effect"])
)


@pytest.fixture(scope="module")
def registry():
    registry = pint.UnitRegistry()
    for money in ("USD", "EUR"):
        registry.define(f"{money} = [{money}]")
    return registry


def statuses(rows):
    return frontier(pd.DataFrame(rows, columns=["cost", "effect"]))["status"].to_list()


# --- what it says -------------------------------------------------------------------------------


def test_published_screening_ladder_shows_the_step_that_the_average_hides():
    table = frontier(
        {
            "cost": [0, 140117791, 248112291, 304301903, 370181240, 422777702],
            "effect": [0, 3551, 6023, 6720, 7076, 7299],
        }
    )
    assert (table["status"] == "efficient").all()
    assert table["incremental_ratio"].iloc[1:].to_list() == pytest.approx(
        [39459, 43687, 80616, 185054, 235859], abs=1
    )
    assert table["average_ratio"].iloc[-1] == pytest.approx(57923, abs=1)


def test_falling_incremental_ratio_is_extended_dominance():
    table = frontier({"cost": [0, 100, 110], "effect": [0, 1, 3]})
    assert table["status"].to_list() == ["efficient", "extended_dominated", "efficient"]
    assert table["incremental_ratio"].iloc[2] == pytest.approx(110 / 3)
    assert table["compared_with"].to_list() == [None, None, 0]


def test_one_that_costs_more_and_does_no_more_is_dominated():
    assert statuses([(1, 5), (2, 5)]) == ["efficient", "dominated"]
    assert statuses([(1, 5), (1, 4)]) == ["efficient", "dominated"]
    assert statuses([(3, 4), (1, 5)]) == ["dominated", "efficient"]


def test_ties_are_kept_with_one_status_and_one_ratio():
    table = frontier({"cost": [4, 1, 4, 1], "effect": [9, 3, 9, 3]})
    assert table["status"].to_list() == ["efficient"] * 4
    assert table["incremental_ratio"].to_list() == pytest.approx(
        [0.5, np.nan, 0.5, np.nan], nan_ok=True
    )


def test_options_on_one_line_all_stay_although_floats_are_not_exact():
    assert statuses([(0.1, 1), (0.2, 2), (0.3, 3), (0.7, 7)]) == ["efficient"] * 4


def test_rows_columns_index_and_order_are_the_callers():
    given_table = pd.DataFrame(
        {"name": ["b", "a", "c"], "price": [3.0, 1.0, 2.0], "range": [5, 2, 1]}, index=[7, 3, 9]
    )
    before = given_table.copy()
    table = frontier(given_table, cost="price", effect="range")
    pd.testing.assert_frame_equal(given_table, before)
    pd.testing.assert_frame_equal(table[given_table.columns], before)
    assert table["compared_with"].to_list() == [3, None, None]


@settings(max_examples=100, deadline=None)
@given(OPTIONS)
def test_dominated_means_beaten_by_one_and_only_that(options):
    points = list(options.itertuples(index=False, name=None))
    for (cost, effect), status in zip(points, frontier(options)["status"], strict=True):
        beaten = any(c <= cost and e >= effect and (c, e) != (cost, effect) for c, e in points)
        assert (status == "dominated") == beaten


@settings(max_examples=100, deadline=None)
@given(OPTIONS)
def test_extended_dominated_means_beaten_by_a_mix_of_two(options):
    table = frontier(options)
    points = list(options.itertuples(index=False, name=None))
    for (cost, effect), status in zip(points, table["status"], strict=True):
        if status == "dominated":
            continue
        mixed = any(
            e1 < effect < e2 and (c2 - c1) * (effect - e1) < (cost - c1) * (e2 - e1)
            for (c1, e1), (c2, e2) in itertools.product(points, points)
        )
        assert (status == "extended_dominated") == mixed


@settings(max_examples=100, deadline=None)
@given(OPTIONS)
def test_incremental_ratios_never_fall_on_the_way_up(options):
    table = frontier(options)
    ratios = table[table["status"] == "efficient"].sort_values("effect")["incremental_ratio"]
    steps = ratios.dropna().to_list()
    assert all(a <= b * (1 + 1e-9) for a, b in itertools.pairwise(steps))


@settings(max_examples=100, deadline=None)
@given(OPTIONS, st.randoms())
def test_the_callers_order_does_not_matter(options, random):
    rows = list(range(len(options)))
    random.shuffle(rows)
    columns = ["status", "incremental_ratio"]
    pd.testing.assert_frame_equal(
        frontier(options).iloc[rows][columns], frontier(options.iloc[rows])[columns]
    )


@settings(max_examples=50, deadline=None)
@given(OPTIONS)
def test_another_unit_of_money_changes_the_ratio_by_its_factor_and_no_status(options):
    thousands = options.assign(cost=options["cost"] / 1000)
    one, other = frontier(options), frontier(thousands)
    assert one["status"].to_list() == other["status"].to_list()
    assert (other["incremental_ratio"] * 1000).to_list() == pytest.approx(
        one["incremental_ratio"].to_list(), nan_ok=True
    )


# --- units --------------------------------------------------------------------------------------


def test_options_in_unlike_units_are_compared_after_conversion(registry):
    Q = registry.Quantity
    table = frontier(
        {"cost": [Q(100, "USD"), Q(0.1, "kUSD")], "effect": [Q(50, "km"), Q(60_000, "m")]}
    )
    assert table["status"].to_list() == ["dominated", "efficient"]
    assert table["average_ratio"].iloc[1] == pytest.approx(100 / 60)
    assert set(table["ratio_unit"]) == {"USD / kilometer"}


def test_conversion_noise_makes_no_difference_between_equals(registry):
    Q = registry.Quantity
    costs = [Q(1.1, "MUSD"), Q(1_100_000, "USD"), Q(1100, "kUSD")]
    assert pareto([[c, 1] for c in costs], ["min", "max"])["status"].eq("efficient").all()


def test_money_of_two_kinds_is_refused_and_the_row_named(registry):
    Q = registry.Quantity
    options = pd.DataFrame(
        {"cost": [Q(1, "USD"), Q(1, "EUR")], "effect": [1, 2]}, index=["m777", "caesar"]
    )
    with pytest.raises(MixedPricesError, match="'caesar' is in EUR"):
        frontier(options)


def test_a_bare_number_among_quantities_is_refused(registry):
    with pytest.raises(MixedPricesError, match="bare number"):
        frontier({"cost": [registry.Quantity(1, "USD"), 2], "effect": [1, 2]})


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", [float("nan"), None, pd.NA, float("inf"), "4.2 million"])
@pytest.mark.parametrize("column", ["cost", "effect"])
def test_a_cell_that_is_no_number_is_refused_and_its_row_named(missing, column):
    options = pd.DataFrame({"cost": [1, 2], "effect": [1, 2]}, index=["krab", "k9"], dtype=object)
    options.loc["k9", column] = missing
    with pytest.raises(OutsideEvidenceError, match=f"{column} of row 'k9'"):
        frontier(options)


@pytest.mark.parametrize("given_options", [None, 5, "caesar"])
def test_what_is_no_table_is_refused(given_options):
    with pytest.raises((OutsideEvidenceError, UnknownNameError)):
        frontier(given_options)


def test_negative_effect_is_refused():
    with pytest.raises(OutsideEvidenceError, match="not negative"):
        frontier({"cost": [1, 2], "effect": [1, -2]})


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_options_are_refused(count):
    with pytest.raises(OutsideEvidenceError, match="at least two"):
        frontier({"cost": [1.0] * count, "effect": [1.0] * count})


def test_unknown_column_offers_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'range_max'"):
        frontier({"cost": [1, 2], "range_max": [1, 2]}, effect="range_mx")


def test_a_column_of_the_callers_is_not_overwritten():
    with pytest.raises(OutsideEvidenceError, match="'status' already"):
        frontier({"cost": [1, 2], "effect": [1, 2], "status": ["new", "used"]})


# --- several criteria ---------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(OPTIONS)
def test_pareto_of_cost_and_effect_is_the_frontier_without_extended_dominance(options):
    beaten = frontier(options)["status"] == "dominated"
    table = pareto(options, {"effect": "max", "cost": "min"})
    assert (table["status"] == "dominated").to_list() == beaten.to_list()


def test_pareto_names_who_dominates():
    table = pareto(
        pd.DataFrame(
            {"price": [1, 2, 3], "range": [9, 8, 7], "crew": [5, 5, 2]}, index=list("abc")
        ),
        {"price": "min", "range": "max", "crew": "min"},
    )
    assert table["status"].to_list() == ["efficient", "dominated", "efficient"]
    assert table["dominated_by"].to_list() == [None, "a", None]


@settings(max_examples=50, deadline=None)
@given(OPTIONS)
def test_turning_a_criterion_and_its_sense_round_changes_nothing(options):
    turned = options.assign(cost=-options["cost"])
    assert (
        pareto(options, ["min", "max"])["status"].to_list()
        == pareto(turned, ["max", "max"])["status"].to_list()
    )


@pytest.mark.parametrize(
    ("points", "senses", "error", "words"),
    [
        ([[1, 2], [3, 4]], ["min"], OutsideEvidenceError, "1 senses for 2 criteria"),
        ([[1, 2], [3, 4]], ["min", "maximum"], UnknownNameError, "no sense 'maximum'"),
        ([[1, 2], [3, 4]], "min", OutsideEvidenceError, "give a list"),
        ([[1, 2], [3]], ["min", "max"], OutsideEvidenceError, r"\[2, 1\] cells"),
        ([], ["min", "max"], OutsideEvidenceError, "empty"),
        ([[[1]], [[2]]], ["min"], OutsideEvidenceError, "number"),
    ],
)
def test_pareto_refuses_what_it_cannot_read(points, senses, error, words):
    with pytest.raises(error, match=words):
        pareto(points, senses)


def test_pareto_refuses_senses_for_a_criterion_that_is_not_there():
    points = pd.DataFrame({"price": [1, 2], "range": [1, 2]})
    with pytest.raises(UnknownNameError, match="did you mean 'range'"):
        pareto(points, {"price": "min", "rnge": "max"})
    with pytest.raises(OutsideEvidenceError, match=r"lack \['range'\]"):
        pareto(points, {"price": "min"})

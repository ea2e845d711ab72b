"""Efficiency promises: scores and slacks as published, whatever the units."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armscost.comparison.efficiency import efficiency
from armscost.errors import NotComparableError, OutsideEvidenceError, UnknownNameError

# the eleven units of the Fried, Lovell & Schmidt book, as the Julia package
# DataEnvelopmentAnalysis tests them
X = np.array([[5, 13], [16, 12], [16, 26], [17, 15], [18, 14], [23, 6], [25, 10], [27, 22],
              [37, 14], [42, 25], [5, 17]])  # fmt: skip
Y = np.array([[12], [14], [25], [26], [8], [9], [27], [30], [31], [26], [12]])
PUBLISHED = {  # θ in input orientation, φ in output orientation
    ("constant", "input"): [1, 0.6222896791, 0.8198562444, 1, 0.3103709311, 0.5555555556, 1,
                            0.7576690896, 0.8201058201, 0.4905660377, 1],
    ("constant", "output"): [1, 1.606968641, 1.219726027, 1, 3.221951220, 1.8, 1, 1.319837398,
                             1.219354839, 2.038461538, 1],
    ("variable", "input"): [1, 0.8699861687, 1, 1, 0.7116402116, 1, 1, 1, 1, 0.4931209269, 1],
    ("variable", "output"): [1, 1.507518797, 1, 1, 3.203947368, 1, 1, 1, 1, 1.192307692, 1],
}  # fmt: skip
SLACKS = {  # unit and column of all slacks that are not zero
    ("constant", "input"): {(5, "input_slack: 0"): 4.444444444, (8, "input_slack: 0"): 1.640211640,
                            (10, "input_slack: 1"): 4},
    ("constant", "output"): {(5, "input_slack: 0"): 8, (8, "input_slack: 0"): 2,
                             (10, "input_slack: 1"): 4},
    ("variable", "input"): {(4, "output_slack: 0"): 2.698412698, (10, "input_slack: 1"): 4},
    ("variable", "output"): {(9, "input_slack: 0"): 5, (9, "input_slack: 1"): 11,
                             (10, "input_slack: 1"): 4},
}  # fmt: skip
UNITS = st.lists(st.lists(st.integers(1, 20), min_size=4, max_size=4), min_size=2, max_size=7).map(
    np.array
)
MODELS = st.tuples(st.sampled_from(["constant", "variable"]), st.sampled_from(["input", "output"]))


@pytest.mark.parametrize(("returns", "orientation"), PUBLISHED)
def test_published_scores_and_slacks(returns, orientation):
    table = efficiency(X, Y, returns, orientation)
    expected = np.array(PUBLISHED[returns, orientation])
    assert table["factor"].to_list() == pytest.approx(expected, abs=1e-8)
    score = expected if orientation == "input" else 1 / expected
    assert table["efficiency"].to_list() == pytest.approx(score, abs=1e-8)
    slacks = table.filter(like="slack").stack()
    assert slacks[slacks > 0].to_dict() == pytest.approx(SLACKS[returns, orientation], abs=1e-8)


def test_a_score_of_one_with_slack_left_is_only_weakly_efficient():
    table = efficiency(X, Y, "variable")
    assert table["status"].to_list()[0] == "efficient"
    assert table["status"].to_list()[10] == "weakly_efficient"  # unit 0 does the same with 13
    assert table["status"].to_list()[9] == "inefficient"


def test_one_input_and_one_output_is_the_ratio_to_the_best():
    x, y = [[2], [3], [3], [4], [5], [5], [6], [8]], [[1], [3], [2], [3], [4], [2], [3], [5]]
    expected = [0.5, 1, 2 / 3, 0.75, 0.8, 0.4, 0.5, 0.625]
    assert efficiency(x, y)["efficiency"].to_list() == pytest.approx(expected)


@settings(max_examples=40, deadline=None)
@given(UNITS, MODELS)
def test_peers_reach_the_target_that_factor_and_slacks_name(units, model):
    x, y = units[:, :2], units[:, 2:]
    table = efficiency(x, y, *model)
    for unit, row in table.iterrows():
        weights = np.array([row["peers"].get(k, 0.0) for k in range(len(units))])
        on_x, on_y = (row["factor"], 1) if model[1] == "input" else (1, row["factor"])
        assert weights @ x == pytest.approx(
            on_x * x[unit] - [row["input_slack: 0"], row["input_slack: 1"]], abs=1e-6
        )
        assert weights @ y == pytest.approx(
            on_y * y[unit] + [row["output_slack: 0"], row["output_slack: 1"]], abs=1e-6
        )
        if model[0] == "variable":
            assert weights.sum() == pytest.approx(1)


@settings(max_examples=30, deadline=None)
@given(UNITS)
def test_constant_returns_score_alike_both_ways_and_never_above_variable(units):
    x, y = units[:, :2], units[:, 2:]
    by_input = efficiency(x, y)["efficiency"]
    by_output = efficiency(x, y, orientation="output")["efficiency"]
    variable = efficiency(x, y, returns="variable")["efficiency"]
    assert by_input.to_list() == pytest.approx(by_output.to_list(), abs=1e-7)
    assert (by_input <= variable + 1e-7).all()
    assert by_input.between(0, 1).all()
    assert by_input.max() == pytest.approx(1)


@settings(max_examples=30, deadline=None)
@given(UNITS, MODELS)
def test_another_unit_of_money_changes_nothing_but_that_slack(units, model):
    x, y = units[:, :2].astype(float), units[:, 2:]
    one = efficiency(x, y, *model)
    other = efficiency(x * [1e6, 1], y, *model)
    assert other["efficiency"].to_list() == pytest.approx(one["efficiency"].to_list(), abs=1e-7)
    assert other["status"].to_list() == one["status"].to_list()
    assert (other["input_slack: 0"] / 1e6).to_list() == pytest.approx(
        one["input_slack: 0"].to_list(), abs=1e-5
    )


@settings(max_examples=30, deadline=None)
@given(UNITS)
def test_one_that_does_half_with_the_same_is_half_as_efficient(units):
    x, y = units[:, :2], units[:, 2:]
    table = efficiency(np.vstack([x, x[0]]), np.vstack([y, y[0] / 2]))
    assert table["efficiency"].iloc[-1] == pytest.approx(table["efficiency"].iloc[0] / 2)


def test_index_order_and_column_names_are_the_callers():
    index = ["krab", "archer", "k9"]
    x = pd.DataFrame({"price": [3.0, 1.0, 2.0]}, index=index)
    y = pd.DataFrame({"shells per hour": [3.0, 2.0, 2.0]}, index=index)
    table = efficiency(x, y)
    assert list(table.index) == index
    assert table["efficiency"].to_list() == pytest.approx([0.5, 1, 0.5])
    assert set(table["peers"]["krab"]) == {"archer"}
    assert "output_slack: shells per hour" in table.columns


def test_inputs_in_unlike_units_are_converted():
    registry = pint.UnitRegistry()
    registry.define("USD = [USD]")
    x = [[registry.Quantity(2000, "USD")], [registry.Quantity(1, "kUSD")]]
    assert efficiency(x, [[1], [1]])["efficiency"].to_list() == pytest.approx([0.5, 1])


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"returns": "increasing"}, UnknownNameError, "there are constant, variable"),
        ({"orientation": "outputs"}, UnknownNameError, "did you mean 'output'"),
        ({"inputs": [[1], [-1], [2]]}, OutsideEvidenceError, "input 0 of unit 1 is -1"),
        ({"outputs": [[1], [2], [-1]]}, OutsideEvidenceError, "output 0 of unit 2 is -1"),
        ({"inputs": [[1], [0], [2]]}, OutsideEvidenceError, "every input of unit 1 is zero"),
        ({"outputs": [[0], [1], [2]]}, OutsideEvidenceError, "every output of unit 0 is zero"),
        ({"outputs": [[1], [2]]}, NotComparableError, "3 units have inputs and 2"),
        ({"inputs": [[1], [float("nan")], [2]]}, OutsideEvidenceError, "row 1 is missing"),
        ({"inputs": [[1]], "outputs": [[1]]}, OutsideEvidenceError, "only one"),
        ({"inputs": pd.DataFrame({"x": [1, 2, 3]}, index=list("aba"))}, OutsideEvidenceError,
         "two rows are named 'a'"),
        ({"outputs": pd.DataFrame({"y": [1, 2, 3]}, index=list("abc"))}, NotComparableError,
         "same units in the same order"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_and_told_what_to_do(change, error, words):
    call = {"inputs": [[1], [2], [3]], "outputs": [[1], [2], [2]], **change}
    with pytest.raises(error, match=words):
        efficiency(**call)

"""Ranking promises: scores as published and as pymcdm has them, and its own doubts on show."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pint
import pymcdm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armscost.comparison.ranking import ahp_weights, rank
from armscost.errors import MixedPricesError, OutsideEvidenceError, UnknownNameError

METHODS = {"topsis": pymcdm.methods.TOPSIS, "weighted_sum": pymcdm.methods.WSM}
NORMALISATIONS = {
    "vector": pymcdm.normalizations.vector_normalization,
    "min_max": pymcdm.normalizations.minmax_normalization,
    "sum": pymcdm.normalizations.sum_normalization,
    # pymcdm has no such one; a cost enters with a minus sign, else it would count as a benefit
    "none": lambda x, cost: -x if cost else x,
}
GUNS = pd.DataFrame(
    {"price": [2.3, 5.4, 15.0, 4.4], "range": [40, 40, 56, 41], "crew": [4, 5, 5, 5]},
    index=["bohdan", "caesar", "pzh-2000", "zuzana-2"],
)
SENSES = {"price": "min", "range": "max", "crew": "min"}
WEIGHTS = {"price": 0.5, "range": 0.3, "crew": 0.2}
MATRICES = st.integers(2, 6).flatmap(
    lambda m: st.lists(st.lists(st.integers(1, 50), min_size=m, max_size=m), min_size=3, max_size=7)
)


# --- agreement ----------------------------------------------------------------------------------


@pytest.mark.parametrize("normalisation", NORMALISATIONS)
@pytest.mark.parametrize("method", METHODS)
def test_agrees_with_pymcdm_on_200_random_matrices(method, normalisation):
    rng = np.random.default_rng(20250701)
    theirs = METHODS[method](NORMALISATIONS[normalisation])
    for _ in range(200):
        rows, columns = rng.integers(2, 9), rng.integers(1, 7)
        matrix = rng.uniform(0.1, 100, (rows, columns))
        weights = rng.dirichlet(np.ones(columns))
        types = rng.choice([-1, 1], columns)
        senses = ["max" if t == 1 else "min" for t in types]
        ours = rank(matrix, weights, senses, method, normalisation=normalisation)
        # its validation warns of dominant alternatives, which are no fault
        expected = theirs(matrix, weights, types, validation=False)
        assert ours.scores.to_numpy() == pytest.approx(expected, rel=1e-9, abs=1e-12)
        assert ours.table["rank"].to_list() == theirs.rank(expected).tolist()


def test_published_topsis():  # Tzeng & Huang 2011
    matrix = [[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]]
    result = rank(matrix, [0.3, 0.4, 0.3], ["max"] * 3, normalisation="vector")
    assert result.scores.to_list() == pytest.approx([0.5037, 0.6581, 0.7482, 0.334], abs=1e-4)
    assert result.order == [2, 1, 0, 3]
    assert result.table["rank"].to_list() == [3, 2, 1, 4]


def test_the_normalisation_alone_can_change_the_winner():
    matrix, weights, senses = [[1, 3000], [2, 3750], [5, 4500]], [0.5, 0.5], ["min", "max"]
    assert rank(matrix, weights, senses, normalisation="vector").order[0] == 0
    assert rank(matrix, weights, senses, normalisation="min_max").order[0] == 1


def test_so_it_has_no_default():
    with pytest.raises(TypeError, match="normalisation"):
        rank(GUNS, WEIGHTS, SENSES)


# --- properties ---------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(MATRICES, st.sampled_from(["topsis", "weighted_sum"]), st.integers(2, 1000))
def test_weights_count_only_in_proportion(matrix, method, factor):
    weights, senses = np.arange(1, len(matrix[0]) + 1), ["max"] * len(matrix[0])
    matrix = [*matrix, [51] * len(weights)]  # so that there is a difference to rank
    one = rank(matrix, weights, senses, method, normalisation="vector")
    other = rank(matrix, weights * factor, senses, method, normalisation="vector")
    assert one.scores.to_list() == pytest.approx(other.scores.to_list())
    assert one.weights.sum() == pytest.approx(1)


@settings(max_examples=60, deadline=None)
@given(
    MATRICES,
    st.sampled_from(["topsis", "weighted_sum"]),
    st.sampled_from(["vector", "min_max", "sum", "none"]),
)
def test_an_alternative_better_in_everything_leads(matrix, method, normalisation):
    columns = len(matrix[0])
    matrix = [[0.5] * columns, *matrix]
    senses = ["min"] * columns
    result = rank(matrix, [1] * columns, senses, method, normalisation=normalisation)
    assert result.order[0] == 0
    assert (result.scores.drop(0) < result.scores[0]).all()


@settings(max_examples=60, deadline=None)
@given(MATRICES)
def test_a_weighted_sum_without_normalisation_never_reverses(matrix):
    columns = len(matrix[0])
    matrix = [*matrix, [51] * columns]
    result = rank(matrix, [1] * columns, ["max"] * columns, "weighted_sum", normalisation="none")
    assert result.reversals.empty


@settings(max_examples=60, deadline=None)
@given(MATRICES, st.sampled_from(["topsis", "weighted_sum"]), st.sampled_from(["vector", "sum"]))
def test_each_reversal_shows_when_the_dropped_one_is_really_dropped(matrix, method, normalisation):
    columns = len(matrix[0])
    table = pd.DataFrame([*matrix, [51] * columns])
    weights, senses = [1] * columns, ["max"] * columns
    full = rank(table, weights, senses, method, normalisation=normalisation)
    for row in full.reversals.itertuples():
        rest = rank(
            table.drop(index=row.dropped), weights, senses, method, normalisation=normalisation
        )
        assert row.order_after == rest.order
        assert row.order_before == [a for a in full.order if a != row.dropped]
        for better, worse in row.swapped:
            assert full.scores[better] > full.scores[worse]
            assert rest.scores[better] < rest.scores[worse]


# --- doubts on show -----------------------------------------------------------------------------


def test_published_rank_reversal_by_a_copy():  # Belton & Gear 1983: D is a copy of B
    table = pd.DataFrame(
        {"a": [1, 9, 1, 9], "b": [9, 1, 1, 1], "c": [8, 9, 1, 9]}, index=list("ABCD")
    )
    senses = ["max"] * 3
    result = rank(table, [1, 1, 1], senses, "weighted_sum", normalisation="sum")
    assert result.order == ["A", "B", "D", "C"]
    assert result.reversals["dropped"].to_list() == ["B", "D"]
    assert result.reversals["swapped"].to_list() == [[("A", "D")], [("A", "B")]]
    assert "2 of them turn round" in "\n".join(result.assumptions)
    without = rank(table.drop(index="D"), [1, 1, 1], senses, "weighted_sum", normalisation="sum")
    assert without.scores["B"] == pytest.approx(0.4697, abs=5e-5)
    assert without.order == ["B", "A", "C"]


def test_ties_share_a_rank_and_keep_the_callers_order():
    matrix = [[1, 3], [9, 9], [3, 1], [2, 2]]
    result = rank(matrix, [1, 1], ["max", "max"], "weighted_sum", normalisation="none")
    assert result.table["rank"].to_list() == [2, 1, 2, 2]
    assert result.order == [1, 0, 2, 3]


def test_a_drop_that_cannot_be_scored_is_left_out_with_its_reason():
    result = rank([[1, 5], [1, 7], [2, 6]], [1, 1], ["max", "max"], normalisation="min_max")
    assert result.left_out["figure"].to_list() == ["rank-reversal test without 2"]
    assert "no variance" in result.left_out["reason"].iloc[0]


def test_weight_sensitivity_is_the_crossing_of_two_lines():
    # A leads while 1·w + 5·(1-w) > 2·w + 1·(1-w), that is w < 0.8
    result = rank(
        pd.DataFrame({"x": [1, 2], "y": [5, 1]}, index=["A", "B"]), [0.6, 0.4], ["max", "max"],
        method="weighted_sum", normalisation="none",
    )  # fmt: skip
    x, y = result.weight_sensitivity().to_dict("records")
    assert (x["winner_holds_from"], x["winner_below"]) == (0.0, None)
    assert x["winner_holds_to"] == pytest.approx(0.8)
    assert x["winner_above"] == "B"
    assert y["winner_holds_from"] == pytest.approx(0.2)
    assert y["winner_below"] == "B"


@pytest.mark.parametrize("normalisation", ["vector", "min_max", "sum"])
def test_the_winner_holds_within_its_weights_and_not_beyond(normalisation):
    result = rank(GUNS, WEIGHTS, SENSES, normalisation=normalisation)
    table = result.weight_sensitivity()
    moved = 0
    for row in table.itertuples():
        others = {k: v for k, v in WEIGHTS.items() if k != row.criterion}
        left = sum(others.values())

        def winner(weight, row=row, others=others, left=left):
            weights = {k: v / left * (1 - weight) for k, v in others.items()}
            weights[row.criterion] = weight
            return rank(GUNS, weights, SENSES, normalisation=normalisation).order[0]

        low, high = row.winner_holds_from, row.winner_holds_to
        assert winner(low) == winner(high) == result.order[0]
        if row.winner_above is not None:
            moved += 1
            assert winner(high + 1e-6) == row.winner_above
        if row.winner_below is not None:
            moved += 1
            assert winner(low - 1e-6) == row.winner_below
    assert moved > 0


def test_names_may_come_in_any_order_and_rows_stay_in_the_callers():
    result = rank(GUNS, WEIGHTS, SENSES, normalisation="vector")
    by_place = rank(GUNS, [0.5, 0.3, 0.2], ["min", "max", "min"], normalisation="vector")
    assert result.scores.to_list() == by_place.scores.to_list()
    assert result.table["alternative"].to_list() == list(GUNS.index)
    assert set(result.order) == set(GUNS.index)
    assert "normalisation: vector" in result.to_markdown()


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"weights": [0.5, 0.5]}, OutsideEvidenceError, "2 weights for 3 criteria"),
        ({"weights": 1}, OutsideEvidenceError, "give a list"),
        ({"weights": [0, 0, 0]}, OutsideEvidenceError, "sum to zero"),
        ({"weights": [0.5, -0.1, 0.6]}, OutsideEvidenceError, "'range' is -0.1"),
        ({"weights": [0.5, float("nan"), 0.5]}, OutsideEvidenceError, "'range' is missing"),
        ({"weights": {**WEIGHTS, "cew": 1}}, UnknownNameError, "did you mean 'crew'"),
        ({"weights": {"price": 1}}, OutsideEvidenceError, r"lack \['range', 'crew'\]"),
        ({"senses": ["min", "max"]}, OutsideEvidenceError, "2 senses for 3 criteria"),
        ({"senses": ["min", "max", "mx"]}, UnknownNameError, "did you mean 'max'"),
        ({"method": "weighted product"}, UnknownNameError, "no ranking method"),
        ({"normalisation": ["vector"]}, UnknownNameError, "did you mean 'vector'"),
        ({"method": "topsiss"}, UnknownNameError, "did you mean 'topsis'"),
        ({"normalisation": "minmax"}, UnknownNameError, "did you mean 'min_max'"),
        ({"matrix": GUNS.iloc[:1]}, OutsideEvidenceError, "only one"),
        ({"matrix": GUNS.rename(index={"caesar": "bohdan"})}, OutsideEvidenceError,
         "two rows are named 'bohdan'"),
        ({"matrix": GUNS.iloc[:0]}, OutsideEvidenceError, "empty"),
        ({"matrix": GUNS.assign(crew=5)}, OutsideEvidenceError, "'crew' is 5 throughout"),
        ({"matrix": GUNS.assign(crew=0), "normalisation": "vector"}, OutsideEvidenceError,
         "'crew' is zero"),
        ({"matrix": GUNS.assign(crew=[0, 1, 2, 3]), "normalisation": "sum"}, OutsideEvidenceError,
         "above zero"),
        ({"matrix": GUNS.assign(range=[-1, 1, 2, 3]), "normalisation": "sum"},
         OutsideEvidenceError, "goes down to -1"),
        ({"matrix": GUNS * 0 + 7, "normalisation": "none"}, OutsideEvidenceError, "no order"),
        ({"matrix": GUNS.assign(range=[40, None, 56, 41])}, OutsideEvidenceError,
         "'range' of row 'caesar' is missing"),
        ({"matrix": [1, 2, 3], "weights": [1], "senses": ["max"], "normalisation": "wrong"},
         UnknownNameError, "no normalisation 'wrong'"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_and_told_what_to_do(change, error, words):
    call = {"matrix": GUNS, "weights": WEIGHTS, "senses": SENSES, "method": "topsis",
            "normalisation": "min_max", **change}  # fmt: skip
    with pytest.raises(error, match=words):
        rank(**call)


def test_columns_of_equals_are_carried_where_they_can_be():
    flat = GUNS.assign(crew=5)
    for normalisation in ("vector", "sum", "none"):
        assert np.isfinite(rank(flat, WEIGHTS, SENSES, normalisation=normalisation).scores).all()


def test_money_of_two_kinds_in_a_column_is_refused():
    registry = pint.UnitRegistry()
    registry.define("USD = [USD]")
    registry.define("EUR = [EUR]")
    Q = registry.Quantity
    with pytest.raises(MixedPricesError, match="of row 1 is in EUR"):
        rank([[Q(1, "USD"), 1], [Q(1, "EUR"), 2]], [1, 1], ["min", "max"], normalisation="none")


def test_steps_of_the_sensitivity_must_be_some():
    with pytest.raises(OutsideEvidenceError, match="whole number from 1 on"):
        rank(GUNS, WEIGHTS, SENSES, normalisation="vector").weight_sensitivity(steps=0)


# --- weights from pairwise comparisons ----------------------------------------------------------


def test_published_ahp():
    result = ahp_weights([[1, 1 / 3, 1 / 5], [3, 1, 1 / 4], [5, 4, 1]])
    assert result.weights.to_list() == pytest.approx([0.1007, 0.2255, 0.6738], abs=1e-4)
    assert result.lambda_max == pytest.approx(3.0858, abs=1e-4)
    assert result.consistency_index == pytest.approx(0.0429, abs=1e-4)
    assert result.consistency_ratio == pytest.approx(0.0739, abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.1, 10), min_size=1, max_size=8),
    st.sampled_from(["eigenvector", "geometric_mean"]),
)
def test_consistent_comparisons_give_the_weights_back(weights, method):
    w = np.array(weights)
    result = ahp_weights(w[:, None] / w[None, :], method=method)
    assert result.weights.to_list() == pytest.approx(w / w.sum(), rel=1e-6)
    assert result.consistency_ratio == pytest.approx(0, abs=1e-8)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=6, max_size=6))
def test_the_eigenvector_is_one_and_its_value_is_never_below_n(upper):
    A = np.ones((4, 4))
    A[np.triu_indices(4, 1)] = upper
    A = np.triu(A) + np.tril(1 / A.T, -1)
    result = ahp_weights(A)
    w = result.weights.to_numpy()
    assert A @ w == pytest.approx(result.lambda_max * w)
    assert result.lambda_max >= 4 - 1e-9


def test_contradicting_comparisons_are_told_to_be_revised():
    result = ahp_weights([[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]])
    assert result.consistency_ratio > 0.1
    assert "revise" in "\n".join(result.assumptions)


@pytest.mark.parametrize(
    ("pairwise", "words"),
    [
        ([[1, 3], [0.33, 1]], "not reciprocal: 0 against 1 is 3, so the other way must be 1/3"),
        ([[2, 3], [1 / 3, 1]], "not reciprocal"),
        ([[1, 3, 1], [1 / 3, 1, 1]], "square"),
        ([[1, -3], [-1 / 3, 1]], "above zero"),
        ([[1, 0], [0, 1]], "above zero"),
        ([[1, float("nan")], [1, 1]], "missing"),
        (np.ones((11, 11)), "no random index for 11"),
    ],
)
def test_comparisons_that_are_none_are_refused(pairwise, words):
    with pytest.raises(OutsideEvidenceError, match=words):
        ahp_weights(pairwise)


def test_more_criteria_than_the_table_has_go_with_an_index_of_ones_own():
    assert ahp_weights(np.ones((11, 11)), random_index=1.51).consistency_ratio == pytest.approx(0)


def test_unknown_ahp_method_offers_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'eigenvector'"):
        ahp_weights([[1]], method="eigen_vector")


def test_a_mean_of_rows_is_not_the_eigenvector_where_judgements_conflict():
    # Of three criteria the two agree; of four they need not.
    judged = [[1, 9, 1, 3], [1 / 9, 1, 5, 2], [1, 1 / 5, 1, 7], [1 / 3, 1 / 2, 1 / 7, 1]]
    means = ahp_weights(judged, method="geometric_mean").table["weight"].to_numpy()
    rows = np.prod(judged, axis=1) ** (1 / 4)
    assert means == pytest.approx(rows / rows.sum(), rel=1e-12)
    assert ahp_weights(judged).table["weight"].to_numpy() != pytest.approx(means, rel=1e-2)

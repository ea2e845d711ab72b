"""Estimates: the shapes are the textbook's, draws follow them, and nonsense is refused."""

from __future__ import annotations

import math
import pickle
import subprocess
import sys

import numpy as np
import pint
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy import stats

from armscost.errors import (
    ArmscostError,
    MixedPricesError,
    OutsideEvidenceError,
    UnknownNameError,
)
from armscost.estimates import (
    Estimate,
    cholesky,
    correlation_matrix,
    correlation_understatement,
    draw,
    iman_conover,
    nearest_correlation,
    settle_correlation,
    simulate,
    sobol,
    sum_of_estimates,
    tornado,
)

REGISTRY = pint.UnitRegistry()
REGISTRY.define("euro = [euro]")
REGISTRY.define("keuro = 1000 * euro")
REGISTRY.define("dollar = [dollar]")

CONTRADICTION = [[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]]


@st.composite
def estimates(draw_from, shapes=("triangular", "pert", "lognormal", "normal", "uniform")):
    shape = draw_from(st.sampled_from(shapes))
    only = shape in ("lognormal", "normal")
    bounds = "p10_p90" if only else draw_from(st.sampled_from(("min_max", "p10_p90")))
    low = draw_from(st.floats(0.01, 1e6))
    rise = draw_from(st.floats(0, 3))
    fall = draw_from(st.floats(0, 3))
    best = low * (1 + rise)
    return Estimate(low, best, best * (1 + fall), bounds=bounds, shape=shape)


# --- the shapes -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("estimate", "reference"),
    [
        (
            Estimate(2, 3, 7, bounds="min_max"),
            stats.triang(c=0.2, loc=2, scale=5),
        ),
        (
            Estimate(2, 3, 7, bounds="min_max", shape="pert"),
            stats.beta(1.8, 4.2, loc=2, scale=5),
        ),
        (
            Estimate.from_p10_p90(80, 150),
            stats.lognorm(s=0.2452529716021394, scale=math.exp(4.696330964385068)),
        ),
        (Estimate.normal(10, 3), stats.norm(10, 3)),
        (Estimate.uniform(2, 5), stats.uniform(2, 3)),
        (Estimate(2, 2, 7, bounds="min_max"), stats.triang(c=0, loc=2, scale=5)),
        (Estimate(2, 7, 7, bounds="min_max"), stats.triang(c=1, loc=2, scale=5)),
    ],
    ids=["triangular", "pert", "lognormal", "normal", "uniform", "mode low", "mode high"],
)
def test_shapes_agree_with_scipy(estimate, reference):
    q = np.linspace(0.001, 0.999, 101)
    np.testing.assert_allclose(estimate.quantile(q), reference.ppf(q), rtol=1e-12)
    x = reference.ppf(q)
    np.testing.assert_allclose([estimate.where(v) for v in x], reference.cdf(x), rtol=1e-11)
    assert estimate.mean == pytest.approx(reference.mean(), rel=1e-12)
    assert estimate.sd == pytest.approx(reference.std(), rel=1e-12)
    assert estimate.cv == pytest.approx(reference.std() / reference.mean(), rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(estimates())
def test_the_bounds_mean_what_they_say(estimate):
    assume(estimate.high > estimate.low * (1 + 1e-6))
    ends = (0.0, 1.0) if estimate.bounds == "min_max" else (0.1, 0.9)
    low, high = estimate.quantile(np.array(ends))
    assert low == pytest.approx(estimate.low, rel=1e-8, abs=1e-8 * estimate.high)
    assert high == pytest.approx(estimate.high, rel=1e-8)


@settings(max_examples=40, deadline=None)
@given(estimates(shapes=("triangular", "pert")))
def test_the_best_value_stays_the_most_likely_one(estimate):
    assume(estimate.high > estimate.low * (1 + 1e-6))
    assert estimate.parameters["mode"] == pytest.approx(estimate.best, rel=1e-7)


@settings(max_examples=60, deadline=None)
@given(estimates(), st.lists(st.floats(0.0001, 0.9999), min_size=2, max_size=20))
def test_quantiles_never_fall(estimate, q):
    assert np.all(np.diff(estimate.quantile(np.sort(q))) >= 0)


@settings(max_examples=60, deadline=None)
@given(estimates(), st.floats(0.001, 0.999))
def test_where_undoes_quantile(estimate, q):
    assume(estimate.high > estimate.low * (1 + 1e-6))
    assert estimate.where(estimate.quantile(q)) == pytest.approx(q, abs=1e-7)


def test_best_does_not_bend_a_lognormal_and_where_it_falls_is_told():
    lower = Estimate(80, 90, 150, bounds="p10_p90", shape="lognormal")
    middle = Estimate.from_p10_p90(80, 150)
    assert lower.quantile(0.8) == middle.quantile(0.8)
    assert middle.where(middle.best) == pytest.approx(0.5, abs=1e-12)
    assert lower.where(lower.best) < 0.25


def test_samples_come_from_the_shape_and_from_the_seed():
    estimate = Estimate(2.0, 2.3, 3.8, bounds="p10_p90")
    sample = estimate.sample(20_000, np.random.default_rng(3))
    assert stats.kstest(sample, lambda x: np.array([estimate.where(v) for v in x])).pvalue > 0.001
    assert np.array_equal(estimate.sample(10, 5), estimate.sample(10, 5))
    assert not np.array_equal(estimate.sample(10, 5), estimate.sample(10, 6))


def test_a_known_value_has_no_spread():
    known = Estimate.exact(5.0)
    assert (known.mean, known.sd, known.quantile(0.1), known.where(4.9), known.where(5)) == (
        5.0,
        0.0,
        5.0,
        0.0,
        1.0,
    )
    for shape in ("triangular", "pert", "lognormal", "normal"):
        flat = Estimate(3, 3, 3, bounds="p10_p90", shape=shape)
        assert flat.quantile(0.99) == 3.0


def test_estimates_cross_process_borders():
    estimate = Estimate(2.0, 2.3, 3.8, bounds="p10_p90", shape="pert", source="a-paper-2025")
    assert pickle.loads(pickle.dumps(estimate)) == estimate


# --- units ----------------------------------------------------------------------------------


def test_quantities_in_quantities_out():
    q = REGISTRY.Quantity
    price = Estimate(q(2000, "keuro"), q(2.3e6, "euro"), q(3800, "keuro"), bounds="p10_p90")
    bare = Estimate(2000, 2300, 3800, bounds="p10_p90")
    assert price.mean.to("keuro").magnitude == pytest.approx(bare.mean)
    assert price.quantile(0.8).to("euro").magnitude == pytest.approx(1000 * bare.quantile(0.8))
    assert str(price).startswith("triangular, low 2000, best 2300, high 3800 keuro; ")
    assert price.where(q(2.3e6, "euro")) == pytest.approx(bare.where(2300))
    assert price.sample(5, 1).units == REGISTRY.Unit("keuro")
    total = simulate(lambda price, n: price * n, {"price": price, "n": 10}, draws=256)
    assert total.point.to("euro").magnitude == pytest.approx(2.3e7)
    assert total.samples.units == REGISTRY.Unit("keuro")
    assert total.where(q(1e9, "euro")) == 1.0


def test_two_kinds_of_money_do_not_mix():
    q = REGISTRY.Quantity
    with pytest.raises(MixedPricesError, match=r"dollar.*euro.*rebase"):
        Estimate(q(1, "euro"), q(2, "dollar"), q(3, "euro"), bounds="min_max")
    with pytest.raises(MixedPricesError, match="same unit"):
        Estimate(q(1, "euro"), 2, 3, bounds="min_max")
    euro = Estimate(q(1, "euro"), q(2, "euro"), q(3, "euro"), bounds="min_max")
    dollar = Estimate(q(1, "dollar"), q(2, "dollar"), q(3, "dollar"), bounds="min_max")
    with pytest.raises(MixedPricesError, match="bring them to one unit"):
        sum_of_estimates([euro, dollar], correlation=0)
    with pytest.raises(MixedPricesError, match="same unit, or none"):
        sum_of_estimates([euro, Estimate.exact(1.0)], correlation=0)


# --- refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({}, OutsideEvidenceError, "write bounds='min_max'"),
        ({"bounds": "p5_p95"}, UnknownNameError, "p10_p90"),
        ({"bounds": "min_max", "shape": "triangle"}, UnknownNameError, "'triangular'"),
        ({"bounds": "min_max", "shape": "lognormal"}, OutsideEvidenceError, "no absolute ends"),
        ({"bounds": "min_max", "best": 5}, OutsideEvidenceError, "outside low 1 to high 3"),
        ({"bounds": "min_max", "low": 4}, OutsideEvidenceError, "low <= best <= high"),
        ({"bounds": "min_max", "high": math.nan}, OutsideEvidenceError, "high is nan"),
        ({"bounds": "min_max", "high": math.inf}, OutsideEvidenceError, "finite"),
        (
            {"bounds": "min_max", "low": "about 2"},
            OutsideEvidenceError,
            "'about 2'; write a finite",
        ),
        (
            {"bounds": "p10_p90", "shape": "lognormal", "low": 0},
            OutsideEvidenceError,
            "above zero",
        ),
        (
            {"bounds": "p10_p90", "shape": "lognormal", "low": 1e-12},
            OutsideEvidenceError,
            "check the units",
        ),
    ],
)
def test_an_estimate_that_makes_no_sense_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        Estimate(**{"low": 1, "best": 2, "high": 3, **arguments})


def test_a_probability_of_80_is_refused_with_what_to_write():
    with pytest.raises(OutsideEvidenceError, match=r"write 0\.8"):
        Estimate(1, 2, 3, bounds="min_max").quantile(80)
    with pytest.raises(OutsideEvidenceError, match="not from 0 to 1"):
        Estimate(1, 2, 3, bounds="min_max").quantile([0.5, math.nan])


@pytest.mark.parametrize(("mean", "cv"), [(-1, 0.3), (0, 0.3), (1, -0.1), (1, 30), (1, math.nan)])
def test_a_lognormal_without_a_positive_mean_or_with_an_absurd_cv_is_refused(mean, cv):
    with pytest.raises(OutsideEvidenceError, match=r"written 0\.3|finite number"):
        Estimate.from_mean_cv(mean, cv)


# --- correlation ----------------------------------------------------------------------------


def test_correlations_are_taken_as_one_number_as_pairs_or_as_a_matrix():
    names = ["a", "b", "c"]
    assert np.array_equal(correlation_matrix(None, names), np.eye(3))
    assert correlation_matrix(0.3, names)[0].tolist() == [1, 0.3, 0.3]
    assert correlation_matrix({("c", "a"): -0.2}, names)[0].tolist() == [1, 0, -0.2]
    with pytest.raises(UnknownNameError, match="did you mean"):
        correlation_matrix({("labor", "steel"): 0.3}, ["labour", "steel"])


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[1, 0.5]], "shape"),
        ([[1, 1.2], [1.2, 1]], "-1 to 1"),
        ([[1, math.nan], [math.nan, 1]], "-1 to 1"),
        ([[1, 0.5], [0.4, 1]], "not symmetric"),
        ([[2, 0.5], [0.5, 1]], "-1 to 1"),
        ([[0.5, 0.5], [0.5, 1]], "diagonal"),
    ],
)
def test_what_is_no_correlation_matrix_is_refused(matrix, message):
    with pytest.raises(OutsideEvidenceError, match=message):
        correlation_matrix(matrix, ["a", "b"])


def test_a_contradiction_is_refused_or_repaired_and_the_result_says_so():
    inputs = {name: Estimate.normal(10, 1) for name in "abc"}

    def model(a, b, c):
        return a + b + c

    with pytest.raises(OutsideEvidenceError, match="repair=True"):
        simulate(model, inputs, correlation=CONTRADICTION)
    mended = simulate(model, inputs, draws=64, correlation=CONTRADICTION, repair=True)
    assert "nearest was used" in mended.repaired
    assert mended.repaired in mended.assumptions
    assert np.linalg.eigvalsh(mended.correlation)[0] > -1e-12
    assert (
        "nearest"
        in sum_of_estimates(list(inputs.values()), correlation=CONTRADICTION, repair=True).repaired
    )
    assert simulate(model, inputs, draws=64, correlation=0.5).repaired == ""


def test_the_nearest_correlation_matrix_is_highams():
    near = nearest_correlation([[1, 1, 0], [1, 1, 1], [0, 1, 1]])
    expected = [[1, 0.7607, 0.1573], [0.7607, 1, 0.7607], [0.1573, 0.7607, 1]]
    np.testing.assert_allclose(near, expected, atol=5e-5)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=6, max_size=6))
@example([0.0, 0.0, 1.0, 1.0, 1.0, 1.0])
def test_a_repaired_matrix_holds_and_one_that_holds_is_left_alone(coefficients):
    given_matrix = np.eye(4)
    given_matrix[np.triu_indices(4, 1)] = coefficients
    given_matrix = given_matrix + given_matrix.T - np.eye(4)
    settled, note = settle_correlation(given_matrix, repair=True)
    assert np.linalg.eigvalsh(settled)[0] > -1e-9
    np.testing.assert_allclose(np.diag(settled), 1, atol=1e-12)
    np.testing.assert_allclose(cholesky(settled).T @ cholesky(settled), settled, atol=1e-6)
    assert (note == "") == np.array_equal(settled, given_matrix)


def test_perfect_correlation_is_allowed():
    together = draw(
        {"a": Estimate.normal(0, 1), "b": Estimate.normal(5, 2)}, draws=512, correlation=1.0
    )
    np.testing.assert_allclose(together["b"], 5 + 2 * together["a"], rtol=1e-9, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.1, 100), min_size=2, max_size=8), st.floats(0, 1))
def test_the_closed_form_of_a_sum_is_the_double_sum(sds, rho):
    total = sum_of_estimates([Estimate.normal(1, s) for s in sds], correlation=rho)
    pairs = sum(
        (1 if i == j else rho) * a * b for i, a in enumerate(sds) for j, b in enumerate(sds)
    )
    assert total.sd == pytest.approx(math.sqrt(pairs), rel=1e-9)
    assert total.mean == pytest.approx(len(sds))


def test_ignoring_correlation_hides_spread():
    assert correlation_understatement([1.0] * 30, true=0.2) == pytest.approx(0.3834824944236852)
    with pytest.raises(OutsideEvidenceError, match="cannot all be correlated"):
        correlation_understatement([1, 1, 1], true=-0.9)
    with pytest.raises(OutsideEvidenceError, match="zero"):
        correlation_understatement([0, 0], true=0.5)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(-0.9, 0.9))
def test_iman_conover_reorders_and_changes_no_value(seed, rho):
    x = np.random.default_rng(seed).lognormal(size=(400, 2))
    together = iman_conover(x, [[1, rho], [rho, 1]], seed=seed)
    assert np.array_equal(np.sort(together, axis=0), np.sort(x, axis=0))
    assert stats.spearmanr(*together.T).statistic == pytest.approx(rho, abs=0.06)


def test_iman_conover_refuses_what_it_cannot_order():
    with pytest.raises(OutsideEvidenceError, match="draws, variables"):
        iman_conover([1.0, 2.0], [[1]])
    with pytest.raises(OutsideEvidenceError, match="told apart"):
        iman_conover(np.ones((2, 2)), [[1, 0.5], [0.5, 1]])
    with pytest.raises(OutsideEvidenceError, match="told apart"):
        iman_conover(np.ones((4, 2)), [[1, 0.5], [0.5, 1]], scores=[[1, 1]] * 4)


# --- simulation -----------------------------------------------------------------------------


def add(**parts):
    return sum(parts.values())


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_a_simulated_sum_of_normals_meets_the_closed_form(rho):
    parts = {f"x{i}": Estimate.normal(10 * i, i) for i in range(1, 6)}
    exact = sum_of_estimates(list(parts.values()), correlation=rho)
    n = 20_000
    drawn = simulate(add, parts, draws=n, seed=11, correlation=rho, sampling="random")
    assert abs(drawn.mean - exact.mean) < 4 * exact.sd / math.sqrt(n)
    assert abs(drawn.sd - exact.sd) < 4 * exact.sd / math.sqrt(2 * n)


@pytest.mark.parametrize("sampling", ["sobol", "latin_hypercube"])
def test_spread_out_draws_come_nearer_than_random_ones(sampling):
    parts = {f"x{i}": Estimate(1, 2, 6, bounds="min_max") for i in range(4)}
    misses = {
        kind: np.mean([abs(simulate(add, parts, 1024, s, sampling=kind).mean - 12)
                       for s in range(5)])
        for kind in (sampling, "random")
    }  # fmt: skip
    assert misses[sampling] < misses["random"] / 5


@pytest.mark.parametrize("dependence", ["gaussian_copula", "iman_conover"])
@pytest.mark.parametrize("sampling", ["sobol", "latin_hypercube", "random"])
def test_draws_keep_their_shapes_and_follow_the_correlation(sampling, dependence):
    inputs = {
        "price": Estimate(2.0, 2.3, 3.8, bounds="p10_p90", shape="lognormal"),
        "slope": Estimate(0.8, 0.85, 0.95, bounds="min_max"),
    }
    drawn = draw(
        inputs, 8192, 2, {("price", "slope"): 0.6}, sampling=sampling, dependence=dependence
    )
    for name, estimate in inputs.items():
        middle = np.quantile(drawn[name], [0.1, 0.5, 0.9])
        np.testing.assert_allclose(middle, estimate.quantile([0.1, 0.5, 0.9]), rtol=0.03)
    # A Gaussian copula of 0.6 has a rank correlation of 6/pi asin(0.3).
    rank = stats.spearmanr(drawn["price"], drawn["slope"]).statistic
    assert rank == pytest.approx(6 / math.pi * math.asin(0.3), abs=0.03)


def test_a_shared_driver_is_one_draw():
    inputs = {"rate": Estimate(0.8, 1.0, 1.3, bounds="min_max")}
    gap = simulate(lambda rate: 5 * rate - 2 * rate - 3 * rate, inputs, draws=128)
    assert np.max(np.abs(gap.samples)) < 1e-12


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    inputs = {"a": Estimate(1, 2, 3, bounds="min_max"), "b": Estimate(1, 2, 3, bounds="min_max")}
    first = simulate(add, inputs, seed=4).samples
    assert np.array_equal(first, simulate(add, inputs, seed=4).samples)
    assert not np.array_equal(first, simulate(add, inputs, seed=5).samples)


def test_draws_that_are_no_power_of_two_are_said_not_warned_of():
    inputs = {"a": Estimate(1, 2, 3, bounds="min_max")}
    odd = simulate(add, inputs, draws=10_000)
    assert len(odd.samples) == 10_000
    assert any("8,192 or 16,384" in line for line in odd.assumptions)
    even = simulate(add, inputs, draws=8192)
    assert not any("power of two" in line for line in even.assumptions)


def test_the_result_tells_all_one_needs_to_doubt_it():
    inputs = {
        "price": Estimate(1, 2, 20, bounds="p10_p90", source="re-russia-2025-04"),
        "count": 10,
    }
    answer = simulate(lambda price, count: price * count, inputs, draws=4096)
    assert answer.point == 20
    assert answer.where() == pytest.approx(inputs["price"].where(2), abs=0.002)
    assert answer.sources == ["re-russia-2025-04"]
    text = "\n".join(answer.assumptions)
    assert "10th and 90th percentiles" in text
    assert "lowest draws are negative" in text
    assert "count: 10 (known)" in text
    curve = answer.s_curve()
    assert curve["value"].is_monotonic_increasing
    assert answer.quantile(0.8) == pytest.approx(curve.set_index("probability")["value"][0.8])
    assert answer.table.loc[0, "p90"] == pytest.approx(answer.quantile(0.9))
    assert "| output |" in answer.to_markdown()
    assert repr(answer).startswith("4,096 draws of 1 uncertain inputs\noutput")


def test_independence_is_said():
    inputs = {"a": Estimate(1, 2, 3, bounds="min_max"), "b": Estimate(1, 2, 3, bounds="min_max")}
    assert "too narrow" in simulate(add, inputs, draws=16).assumptions[-1]
    assert "a/b 0.4" in simulate(add, inputs, draws=16, correlation=0.4).assumptions[-1]


def test_several_outputs_are_asked_for_by_name():
    inputs = {"a": Estimate(1, 2, 3, bounds="min_max")}
    both = simulate(lambda a: {"one": a, "two": 2 * a, "fixed": 7.0}, inputs, draws=64)
    assert both["two"].mean == pytest.approx(2 * both["one"].mean)
    assert both["fixed"].sd == 0.0
    assert list(both.samples) == ["one", "two", "fixed"]
    with pytest.raises(OutsideEvidenceError, match=r"result\['one'\]"):
        _ = both.mean
    with pytest.raises(UnknownNameError, match="did you mean"):
        _ = both["tow"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"model": lambda a: a[:5]}, "one value a draw"),
        ({"model": lambda a: np.where(a > 2, np.nan, a)}, "not finite"),
        ({"model": lambda a: {}}, "no outputs"),
        ({"draws": 0}, "whole number"),
        ({"draws": 10.5}, "whole number"),
        ({"sampling": "halton"}, "no sampling"),
        ({"dependence": "vine"}, "no dependence"),
        ({"inputs": {"a": "many"}}, "a is 'many'; write a finite number"),
        ({"inputs": {"a": [1, 2]}}, "write a finite number"),
    ],
)
def test_a_simulation_that_cannot_be_is_refused(arguments, message):
    usual = {"model": lambda a: a, "inputs": {"a": Estimate(1, 2, 3, bounds="min_max")}}
    with pytest.raises(ArmscostError, match=message):
        simulate(**{**usual, **arguments})


# --- what drives it -------------------------------------------------------------------------


def test_a_tornado_is_sorted_by_swing():
    inputs = {
        "small": Estimate(9, 10, 11, bounds="min_max"),
        "large": Estimate(5, 10, 15, bounds="min_max"),
        "falling": Estimate(8, 10, 12, bounds="min_max"),
        "known": 3.0,
    }
    swings = tornado(
        lambda small, large, falling, known: small + large - falling + known,
        inputs,
        at=(0.0, 1.0),
    )
    assert swings.base == 13
    assert swings.table["input"].tolist() == ["large", "falling", "small"]
    assert swings.table["swing"].tolist() == [10, 4, 2]
    falling = swings.table.set_index("input").loc["falling"]
    assert (falling["output_low"], falling["output_high"]) == (15, 11)
    with pytest.raises(OutsideEvidenceError, match="no input is an Estimate"):
        tornado(lambda a: a, {"a": 1.0})
    with pytest.raises(OutsideEvidenceError, match="lower probability first"):
        tornado(lambda a: a, {"a": inputs["small"]}, at=(0.9, 0.1))


def test_sobol_agrees_with_salibs_ishigami():
    from SALib.test_functions import Ishigami

    inputs = {f"x{i}": Estimate.uniform(-math.pi, math.pi) for i in (1, 2, 3)}
    found = sobol(lambda x1, x2, x3: Ishigami.evaluate(np.column_stack([x1, x2, x3])), inputs)
    exact = {"x1": (0.3139, 0.5576), "x2": (0.4424, 0.4424), "x3": (0.0, 0.2437)}
    for name, (alone, total) in exact.items():
        assert found.first_order[name] == pytest.approx(alone, abs=0.02)
        assert found.total[name] == pytest.approx(total, abs=0.02)
    assert found.table["input"].tolist() == ["x1", "x2", "x3"]


def test_sobol_is_repeatable_and_refuses_what_it_cannot_split():
    inputs = {"a": Estimate.normal(0, 1), "b": Estimate(1, 2, 4, bounds="min_max")}
    first, again = (sobol(add, inputs, base_samples=256, seed=0).table for _ in range(2))
    assert first.equals(again)
    with pytest.raises(OutsideEvidenceError, match="power of two"):
        sobol(add, inputs, base_samples=1000)
    with pytest.raises(OutsideEvidenceError, match="does not vary"):
        sobol(lambda a, b: 0 * a, inputs, base_samples=64)
    with pytest.raises(OutsideEvidenceError, match="several outputs"):
        sobol(lambda a, b: {"one": a, "two": b}, inputs, base_samples=64)
    with pytest.raises(UnknownNameError, match="output"):
        sobol(lambda a, b: {"one": a, "two": b}, inputs, base_samples=64, output="three")


def test_without_salib_sobol_says_what_to_install():
    code = (
        "import sys; sys.modules['SALib'] = None\n"
        "from armscost.estimates import Estimate, sobol\n"
        "sobol(lambda a: a, {'a': Estimate.uniform(0.0, 1.0)})\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "MissingExtraError" in run.stderr
    assert "armscost[sensitivity]" in run.stderr


def test_results_draw_their_own_pictures():
    inputs = {
        "hours": Estimate(8_000, 10_000, 15_000, bounds="min_max"),
        "wage": Estimate(18.0, 20.0, 25.0, bounds="min_max"),
    }

    def cost(hours, wage):
        return hours * wage

    curve = simulate(cost, inputs, draws=256).chart().to_json()
    swings = tornado(cost, inputs).chart().to_json()
    assert "200000" in curve.replace(".0", "")
    assert "hours" in swings
    assert "wage" in swings


# --- whatever is given ------------------------------------------------------------------------


EURO, DOLLAR = REGISTRY.Quantity(1.0, "euro"), REGISTRY.Quantity(2.0, "dollar")


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda: Estimate.uniform(None, 1), OutsideEvidenceError),
        (lambda: Estimate.normal(None, 1), OutsideEvidenceError),
        (lambda: Estimate.normal(1, "a"), OutsideEvidenceError),
        (lambda: Estimate.from_mean_cv(None, 0.3), OutsideEvidenceError),
        (lambda: Estimate.from_mean_cv(1, None), OutsideEvidenceError),
        (lambda: Estimate.from_p10_p90(None, 2), OutsideEvidenceError),
        (lambda: Estimate(1, 2, 3, bounds="min_max").quantile("a"), OutsideEvidenceError),
        (lambda: Estimate(1, 2, 3, bounds="min_max").sample(-1, 1), OutsideEvidenceError),
        (lambda: Estimate(1, 2, 3, bounds="min_max").sample(5, None), OutsideEvidenceError),
        (lambda: Estimate(1, 2, 3, bounds=["min_max"]), UnknownNameError),
        (lambda: Estimate(1, 2, 3, bounds="min_max", shape=None), UnknownNameError),
        (lambda: Estimate.from_mean_cv(1, 0.3, shape=["normal"]), UnknownNameError),
        (lambda: simulate(lambda a: a, {"a": 1.0}, correlation="x"), OutsideEvidenceError),
        (lambda: simulate(lambda a: a, {"a": 1.0}, draws=8).where("x"), OutsideEvidenceError),
        (lambda: simulate(lambda a: "x", {"a": 1.0}, draws=8), OutsideEvidenceError),
        (lambda: simulate(None, {"a": 1.0}, draws=8), OutsideEvidenceError),
        (lambda: simulate(lambda a: a, None, draws=8), OutsideEvidenceError),
        (lambda: simulate(lambda a: a, {"a": 1.0}, sampling=["sobol"]), UnknownNameError),
        (lambda: tornado(lambda a: a, {"a": Estimate.uniform(0, 1)}, at=0.5), OutsideEvidenceError),
        (lambda: sobol(lambda a: a, {"a": Estimate.uniform(0, 1)}, seed=None),
         OutsideEvidenceError),
        (lambda: sum_of_estimates([1, 2], correlation=0), OutsideEvidenceError),
        (lambda: sum_of_estimates("ab", correlation=0), OutsideEvidenceError),
        (lambda: Estimate.from_p10_p90(EURO, DOLLAR), MixedPricesError),
        (lambda: Estimate.uniform(EURO, 2.0), MixedPricesError),
        (lambda: Estimate.normal(EURO, DOLLAR), MixedPricesError),
        (lambda: simulate(lambda a: a, {"a": EURO}, draws=8).where(DOLLAR), MixedPricesError),
        (lambda: simulate(lambda a: a, {"a": EURO}, draws=8).where(2.0), MixedPricesError),
    ],
)  # fmt: skip
def test_what_is_no_number_no_name_or_other_money_is_refused_in_our_words(ask, error):
    with pytest.raises(error):
        ask()


def test_a_normal_without_spread_is_its_mean():
    known = Estimate.normal(5.0, 0.0)
    assert (known.mean, known.sd, known.quantile(0.9)) == (5.0, 0.0, 5.0)
    assert type(known.quantile(0.9)) is float

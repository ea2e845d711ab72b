"""Answers to published questions on uncertainty, by the public functions alone."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from armscost.estimates import (
    Estimate,
    cholesky,
    correlation_understatement,
    iman_conover,
    sobol,
    sum_of_estimates,
)

Case = dict[str, Any]


def numbers(estimate: Estimate) -> Case:
    """Everything a published table of a distribution may ask for."""
    answer = {
        **estimate.parameters,
        "mean": estimate.mean,
        "sd": estimate.sd,
        "variance": estimate.sd**2,
        "cv": estimate.cv,
        "median": estimate.quantile(0.5),
        "mode": estimate.best,
    }
    for percent in (5, 10, 20, 25, 50, 75, 80, 90, 95):
        answer[f"p{percent}"] = estimate.quantile(percent / 100)
    return answer


def from_mean_cv(case: Case) -> Case:
    return numbers(Estimate.from_mean_cv(case["mean"], case["cv"]))


def from_p10_p90(case: Case) -> Case:
    return numbers(Estimate.from_p10_p90(case["p10"], case["p90"]))


def three_points(shape: str) -> Callable[[Case], Case]:
    def answer(case: Case) -> Case:
        low = case.get("low", case.get("min", case.get("a")))
        best = case.get("best", case.get("mode", case.get("m", case.get("c"))))
        high = case.get("high", case.get("max", case.get("b")))
        bounds = case.get("bounds", "min_max")
        return numbers(Estimate(low, best, high, bounds=bounds, shape=shape))

    return answer


def sum_sd(case: Case) -> Case:
    given = case.get("correlation", case.get("common_correlation", 0.0))
    means = case.get("mean", [0.0] * len(case["sd"]))
    parts = [Estimate.normal(m, s) for m, s in zip(means, case["sd"], strict=True)]
    total = sum_of_estimates(parts, correlation=given)
    return {"sd_total": total.sd, "variance_total": total.sd**2, "mean_total": total.mean}


def understatement(case: Case) -> Case:
    sds = np.full(int(case["n_elements"]), float(case.get("equal_sd", 1.0)))
    true, assumed = case["true_correlation"], case.get("assumed", 0.0)
    share = correlation_understatement(sds, true=true, assumed=assumed)
    parts = [Estimate.normal(1.0, sd) for sd in sds]
    return {
        "sd_true": sum_of_estimates(parts, correlation=true).sd,
        "sd_assumed": sum_of_estimates(parts, correlation=assumed).sd,
        "fraction_reported": share,
    }


def reorder(case: Case) -> Case:
    together = iman_conover(case["X"], case["target_correlation"], case.get("scores_M"))
    return {"reordered": together.tolist(), "pearson": np.corrcoef(together.T).tolist()}


def upper_cholesky(case: Case) -> Case:
    return {"upper_C": cholesky(case["target_correlation"]).tolist()}


def ishigami_estimate(case: Case) -> Case:
    a, b = case.get("a", 7), case.get("b", 0.1)
    names = ["x1", "x2", "x3"]
    inputs = {name: Estimate.uniform(-math.pi, math.pi) for name in names}

    def model(x1: Any, x2: Any, x3: Any) -> Any:
        return np.sin(x1) + a * np.sin(x2) ** 2 + b * x3**4 * np.sin(x1)

    found = sobol(model, inputs, base_samples=2**14)
    return {
        "S1": [found.first_order[name] for name in names],
        "ST": [found.total[name] for name in names],
    }


def ishigami_exact(case: Case) -> Case:
    a, b = case["a"], case["b"]
    alone_1 = 0.5 * (1 + b * math.pi**4 / 5) ** 2
    alone_2 = a * a / 8
    joint_13 = b * b * math.pi**8 * (1 / 18 - 1 / 50)
    variance = alone_1 + alone_2 + joint_13
    return {
        "mean": a / 2,
        "V": variance,
        "S1": [alone_1 / variance, alone_2 / variance, 0.0],
        "ST": [(alone_1 + joint_13) / variance, alone_2 / variance, joint_13 / variance],
    }


def g_function_exact(case: Case) -> Case:
    alone = [1 / (3 * (1 + a) ** 2) for a in case["a"]]
    together = math.prod(1 + v for v in alone)
    variance = together - 1
    return {
        "V": variance,
        "S1": [v / variance for v in alone],
        "ST": [v * together / (1 + v) / variance for v in alone],
    }


TOPICS: dict[str, Callable[[Case], Case]] = {
    "sobol.ishigami_analytic": ishigami_exact,
    "sobol.ishigami_estimate": ishigami_estimate,
    "sobol.g_function_analytic": g_function_exact,
    "iman_conover.reorder": reorder,
    "iman_conover.cholesky": upper_cholesky,
    "distribution.lognormal_from_mean_cv": from_mean_cv,
    "distribution.lognormal_from_p10_p90": from_p10_p90,
    "distribution.triangular": three_points("triangular"),
    "distribution.pert": three_points("pert"),
    "risk.sum_sd": sum_sd,
    "risk.correlation_understatement": understatement,
}

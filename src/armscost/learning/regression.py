"""The methods by which a learning curve is fitted to lots, and what each makes small."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from scipy.optimize import least_squares

from armscost.errors import OutsideEvidenceError
from armscost.learning.inputs import Floats
from armscost.learning.lot_cost import LotCost

Method = Literal["lot_totals", "log_ols", "mupe", "zmpe"]

#: What each method makes small.
METHODS = {
    "lot_totals": "non-linear least squares on lot totals",
    "log_ols": "least squares on the logs of the costs (predicts a median, below the mean)",
    "mupe": "minimum unbiased percentage error (iteratively reweighted)",
    "zmpe": "least percentage error with a mean percentage error of zero",
}

# How far the exponent may go: slopes from 0.01 to 9.5, and under Wright above 0.5.
EXPONENTS = {"crawford": (-6.6, 3.25), "wright": (-0.9999, 3.25)}


def estimated(model: LotCost) -> Floats:
    """Theta by the model's method, from a straight line in logs as a start."""
    sample = model.sample
    theta = _log_line(model)
    if model.method == "log_ols" and sample.points:
        return theta
    cost = sample.cost

    def logs(t: Floats) -> Floats:
        return np.log(cost) - np.log(np.maximum(model.cost(t), 1e-300))

    if model.method == "log_ols":
        return _least(model, logs, theta)
    if model.method == "lot_totals":
        return _least(model, lambda t: (cost - model.cost(t)) / model.scale, theta)
    if model.method == "mupe":
        for _ in range(200):
            fitted = model.cost(theta)
            new = _least(model, lambda t, f=fitted: (cost - model.cost(t)) / f, theta)
            done = bool(np.allclose(new, theta, rtol=1e-10, atol=1e-12))
            theta = new
            if done:
                return theta
        raise OutsideEvidenceError("mupe does not settle on these lots; use method='zmpe'")
    return _zero_bias(model, theta)


def _zero_bias(model: LotCost, theta: Floats) -> Floats:
    """ZMPE: T1 follows from a mean percentage error of zero, the rest from least squares."""
    cost = model.sample.cost

    def level(t: Floats) -> Floats:
        # The fixed cost is searched as a share of T1, so that one factor scales the whole cost.
        base = np.concatenate([[0.0], t[1:]])
        return np.concatenate([[np.log(np.mean(cost / model.cost(base)))], t[1:]])

    def whole(t: Floats) -> Floats:
        out = level(t)
        if model.fixed:
            out[-1] *= np.exp(out[0])
        return out

    def errors(t: Floats) -> Floats:
        return cost / model.cost(whole(t)) - 1

    start = theta.copy()
    start[0] = 0.0  # carried along, and without effect
    if model.fixed:
        start[-1] *= np.exp(-theta[0])
    return whole(_least(model, errors, start))


def _least(model: LotCost, errors: Any, start: Floats) -> Floats:
    low, high = np.full(start.size, -np.inf), np.full(start.size, np.inf)
    low[1], high[1] = EXPONENTS[model.sample.theory]
    start = np.clip(start, low + 1e-6, high - 1e-6)
    found = least_squares(
        errors, start, bounds=(low, high), x_scale="jac", jac="3-point",
        xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=500,
    )  # fmt: skip
    return np.asarray(found.x)


def _log_line(model: LotCost) -> Floats:
    """Ordinary least squares of log average cost on log midpoint (and log quantity)."""
    sample = model.sample
    columns = [np.ones_like(sample.cost), np.log(sample.experience(0.0))]
    if model.rate:
        columns.append(np.log(sample.check_quantity()))
    line, *_ = np.linalg.lstsq(
        np.column_stack(columns), np.log(sample.cost / sample.quantity), rcond=None
    )
    return np.concatenate([line, [0.0] * model.fixed])


def covariance(jacobian: Floats, scatter: float) -> Floats:
    """scatter**2 * (J'J)**-1 through the singular values, which stand bad scaling better."""
    size = np.sqrt((jacobian**2).sum(axis=0))
    _, values, rows = np.linalg.svd(jacobian / size, full_matrices=False)
    if values[-1] < 1e-12 * values[0]:
        raise OutsideEvidenceError(
            "the lots cannot tell the parameters apart; fit without rate= or fixed_cost="
        )
    half = rows / values[:, None] / size
    return np.asarray(scatter**2 * half.T @ half)

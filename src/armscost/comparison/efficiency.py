"""Data envelopment analysis: how much output for the input, against the best of the others.

Knows no data: tables of inputs and outputs go in, one row a unit comes back.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from armscost.comparison.frontier import Criteria, FloatArray, read_criteria
from armscost.errors import NotComparableError, OutsideEvidenceError, chosen

RETURNS = ("constant", "variable")
ORIENTATIONS = ("input", "output")
# The solver works to 1e-9 here (its tightest is 1e-10); what is smaller is its noise.
NOISE = 1e-9
SOLVER: Any = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


def efficiency(
    inputs: Any, outputs: Any, returns: str = "constant", orientation: str = "input"
) -> pd.DataFrame:
    """Efficiency of each unit against the frontier of all (data envelopment analysis).

    Radial model in two stages, with λ ≥ 0 the weights of the peers, X and Y the inputs and
    outputs, x₀ and y₀ those of the unit in question:

    1. input orientation: min θ with Xλ ≤ θx₀, Yλ ≥ y₀; output orientation: max φ with
       Xλ ≤ x₀, Yλ ≥ φy₀;
    2. with θ or φ held, the largest sum of slacks, each as a share of the column's largest
       value, so that neither scores nor slacks depend on units.

    Constant returns: Charnes, Cooper & Rhodes (1978), CCR. Variable returns add Σλ = 1: Banker,
    Charnes & Cooper (1984), BCC. Solved by HiGHS through ``scipy.optimize.linprog``.

    Args:
        inputs: Units by inputs, a DataFrame or rows of numbers or quantities; not negative, at
            least one above zero a unit; at least two units.
        outputs: The same units, in the same order, by outputs; likewise.
        returns: ``"constant"`` or ``"variable"`` returns to scale.
        orientation: ``"input"`` (same output from less) or ``"output"`` (more from the same).

    Returns:
        A DataFrame with the index and order of ``inputs``: ``efficiency`` (0 to 1; θ, or 1/φ),
        ``factor`` (θ ≤ 1 on all inputs, or φ ≥ 1 on all outputs, that reaches the frontier),
        ``status`` (``efficient``; ``weakly_efficient`` if the score is 1 but slack is left;
        ``inefficient``), ``input_slack: …`` and ``output_slack: …`` a column (in its unit), and
        ``peers`` (unit to λ).

    Raises:
        UnknownNameError: For unknown returns or orientation.
        NotComparableError: If inputs and outputs do not list the same units.
        OutsideEvidenceError: For one unit only, missing or negative values, or a unit whose
            inputs or outputs are all zero.

    Example:
        >>> efficiency([[2], [3], [4]], [[1], [3], [3]])["efficiency"].round(6).to_list()
        [0.5, 1.0, 0.75]
    """
    chosen("returns to scale", returns, RETURNS)
    chosen("orientation", orientation, ORIENTATIONS)
    x = read_criteria(inputs, "inputs", distinct=True)
    y = read_criteria(outputs, "outputs", distinct=True)
    _check(x, y)
    X, Y = x.values, y.values
    # columns in shares of their largest value: euros and kilometres then weigh alike
    x_scale, y_scale = (np.where(m.max(axis=0) > 0, m.max(axis=0), 1.0) for m in (X, Y))
    rows = [
        _solve(X / x_scale, Y / y_scale, unit, returns == "variable", orientation == "input")
        for unit in range(len(X))
    ]
    factor = np.array([r[0] for r in rows])
    x_slack = np.array([r[1] for r in rows])
    y_slack = np.array([r[2] for r in rows])
    score = factor if orientation == "input" else 1 / factor
    on_frontier = score >= 1 - NOISE
    no_slack = (x_slack.max(axis=1) <= NOISE) & (y_slack.max(axis=1) <= NOISE)
    table = pd.DataFrame({"efficiency": score, "factor": factor}, index=x.table.index)
    table["status"] = np.select(
        [on_frontier & no_slack, on_frontier], ["efficient", "weakly_efficient"], "inefficient"
    )
    for j, name in enumerate(x.criteria):
        table[f"input_slack: {name}"] = x_slack[:, j] * x_scale[j]
    for j, name in enumerate(y.criteria):
        table[f"output_slack: {name}"] = y_slack[:, j] * y_scale[j]
    peers = [_peers(r[3], x.options) for r in rows]
    table["peers"] = pd.Series(peers, index=table.index, dtype=object)
    return table


def _check(x: Criteria, y: Criteria) -> None:
    if len(x.options) != len(y.options):
        raise NotComparableError(
            f"{len(x.options)} units have inputs and {len(y.options)} have outputs; give both "
            "for the same units, in the same order"
        )
    if x.options != y.options:
        raise NotComparableError(
            f"inputs list the units {x.options} and outputs {y.options}; give the same units in "
            "the same order"
        )
    if len(x.options) < 2:
        raise OutsideEvidenceError(
            "efficiency is measured against other units, and there is only one; give at least two"
        )
    for read, what in ((x, "input"), (y, "output")):
        for unit, row in zip(read.options, read.values, strict=True):
            if (row < 0).any():
                j = int(np.argmin(row))
                raise OutsideEvidenceError(
                    f"{what} {read.criteria[j]!r} of unit {unit!r} is {row[j]:g}; inputs and "
                    "outputs are not negative"
                )
            if not row.any():
                raise OutsideEvidenceError(
                    f"every {what} of unit {unit!r} is zero; leave the unit out"
                )


def _solve(
    X: FloatArray, Y: FloatArray, unit: int, variable: bool, by_input: bool
) -> tuple[float, FloatArray, FloatArray, FloatArray]:
    """Both stages for one unit: factor, input slacks, output slacks, weights of the peers."""
    n, m, s = len(X), X.shape[1], Y.shape[1]
    x0, y0 = X[unit], Y[unit]
    one = np.ones((int(variable), n))  # the row Σλ = 1, absent under constant returns
    # stage 1, unknowns (λ, factor): Xλ - factor·x0 ≤ 0 and -Yλ ≤ -y0, or the mirror of it
    move_x, move_y = (x0, np.zeros(s)) if by_input else (np.zeros(m), y0)
    still_x, still_y = (np.zeros(m), -y0) if by_input else (x0, np.zeros(s))
    first = _least(
        np.append(np.zeros(n), 1.0 if by_input else -1.0),
        at_most=np.block([[X.T, -move_x[:, None]], [-Y.T, move_y[:, None]]]),
        limit=np.concatenate([still_x, still_y]),
        equal=np.hstack([one, np.zeros((len(one), 1))]),
        target=np.ones(len(one)),
    )
    # λ = the unit itself gives exactly 1, so anything on the wrong side of 1 is solver noise
    factor = min(float(first[-1]), 1.0) if by_input else max(float(first[-1]), 1.0)
    # stage 2, unknowns (λ, input slacks, output slacks), the factor held
    goal_x, goal_y = (factor * x0, y0) if by_input else (x0, factor * y0)
    second = _least(
        np.append(np.zeros(n), -np.ones(m + s)),
        at_most=np.zeros((0, n + m + s)),
        limit=np.zeros(0),
        equal=np.block(
            [
                [X.T, np.eye(m), np.zeros((m, s))],
                [Y.T, np.zeros((s, m)), -np.eye(s)],
                [one, np.zeros((len(one), m + s))],
            ]
        ),
        target=np.concatenate([goal_x, goal_y, np.ones(len(one))]),
    )
    found = np.where(second > NOISE, second, 0.0)
    return factor, found[n : n + m], found[n + m :], found[:n]


def _least(
    objective: FloatArray,
    *,
    at_most: FloatArray,
    limit: FloatArray,
    equal: FloatArray,
    target: FloatArray,
) -> FloatArray:
    """The unknowns, none negative, that make the objective least."""
    # simplex first; interior point solves some of the badly scaled ones that simplex gives up
    for method in ("highs-ds", "highs-ipm"):
        found: Any = linprog(
            objective, at_most, limit, equal, target, method=method, options=SOLVER
        )
        if found.success:
            return np.asarray(found.x, dtype=np.float64)
    # the unit itself is a solution, so only the numbers can be to blame
    raise OutsideEvidenceError(
        f"the solver found no answer ({found.message}); look for inputs or outputs of one column "
        "that are many powers of ten apart"
    )


def _peers(weights: FloatArray, units: list[Hashable]) -> dict[Hashable, float]:
    return {unit: float(w) for unit, w in zip(units, weights, strict=True) if w > 0}

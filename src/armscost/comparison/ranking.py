"""Options ranked under several criteria, and how far the ranking can be trusted.

Weighted sum and TOPSIS, with the normalisation chosen by the caller, since it can change the
winner; the rank-reversal test and the weight sensitivity say how firm the order is. Knows no data.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from armscost.comparison.frontier import (
    Criteria,
    FloatArray,
    Senses,
    by_criterion,
    in_order,
    one_unit,
    read_criteria,
)
from armscost.errors import OutsideEvidenceError, chosen, finite, whole
from armscost.results import Result

METHODS = ("topsis", "weighted_sum")
NORMALISATIONS = {
    "vector": "x / sqrt(sum of x²); cost criteria 1 minus that",
    "min_max": "(x - min) / (max - min); cost criteria (max - x) / (max - min)",
    "sum": "x / sum of x; cost criteria (1/x) / sum of (1/x)",
    "none": "values as they stand; cost criteria with a minus sign",
}
# Scores closer than this tie: it is the noise of the arithmetic, not a preference.
TIE = 1e-12
# Saaty's random consistency index (The Analytic Hierarchy Process, 1980), by number of criteria.
RANDOM_INDEX = {1: 0.0, 2: 0.0, 3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45,
                10: 1.49}  # fmt: skip
CONSISTENT = 0.10


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Ranking(Result):
    """A ranking with its own tests.

    Attributes:
        scores: Score of each alternative, in the caller's order; more is better.
        order: The alternatives, best first; ties keep the caller's order.
        reversals: One row for each alternative whose removal turns round the order of others:
            ``dropped``, ``swapped`` (pairs, the one better before first), ``order_before``,
            ``order_after``. Empty if none does. What could not be tested is in ``left_out``.
        weights: The weights used, scaled to sum 1.
        normalised: The normalised matrix, shape (alternatives, criteria), more is better.
        method: ``topsis`` or ``weighted_sum``.
    """

    scores: pd.Series[float]
    order: list[Hashable]
    reversals: pd.DataFrame
    weights: pd.Series[float]
    normalised: pd.DataFrame
    method: str

    def weight_sensitivity(self, steps: int = 200) -> pd.DataFrame:
        """How far each weight can move, the others in proportion, before the winner changes.

        The weight of one criterion runs down to 0 and up to 1 while the others keep their
        ratios. Changes are looked for at ``steps`` equal intervals each way and then closed in
        on by halving; two changes within one interval go unseen.

        Args:
            steps: Number of intervals each way.

        Returns:
            A DataFrame, one row a criterion: ``criterion``, ``weight``, ``winner_holds_from``,
            ``winner_holds_to`` (weights), ``winner_below``, ``winner_above`` (who then leads;
            None if the winner holds to the end of the range).

        Raises:
            OutsideEvidenceError: If ``steps`` is below 1.

        Example:
            >>> r = rank([[1, 5], [2, 1]], [0.6, 0.4], ["max", "max"], method="weighted_sum",
            ...          normalisation="none")
            >>> r.weight_sensitivity()["winner_holds_to"].round(6).to_list()
            [0.8, 1.0]
        """
        steps = whole("steps", steps, least=1)
        names = list(self.scores.index)
        winner = names.index(self.order[0])
        own = np.asarray(self.weights, dtype=np.float64)
        down = [self._hold(j, winner, np.linspace(w, 0.0, steps + 1)) for j, w in enumerate(own)]
        up = [self._hold(j, winner, np.linspace(w, 1.0, steps + 1)) for j, w in enumerate(own)]

        def leaders(ends: list[tuple[float, int | None]]) -> pd.Series[Any]:
            # as objects, since text columns of pandas turn None into NaN
            return pd.Series([None if i is None else names[i] for _, i in ends], dtype=object)

        return pd.DataFrame(
            {
                "criterion": list(self.weights.index),
                "weight": own,
                "winner_holds_from": [weight for weight, _ in down],
                "winner_holds_to": [weight for weight, _ in up],
                "winner_below": leaders(down),
                "winner_above": leaders(up),
            }
        )

    def _hold(self, j: int, winner: int, path: FloatArray) -> tuple[float, int | None]:
        """The last weight of criterion j along the path at which the winner leads, and who next."""
        normalised = self.normalised.to_numpy()
        own = np.asarray(self.weights, dtype=np.float64)

        def leader(weight: float) -> int:
            scores = _score(normalised, _with_weight(own, j, weight), self.method)
            return winner if scores[winner] >= scores.max() - TIE else int(scores.argmax())

        held = float(path[0])
        for weight in path[1:]:
            if leader(float(weight)) != winner:
                out = float(weight)
                break
            held = float(weight)
        else:
            return held, None
        while abs(out - held) > TIE:
            middle = (held + out) / 2
            held, out = (middle, out) if leader(middle) == winner else (held, middle)
        return held, leader(out)


def rank(
    matrix: Any,
    weights: Sequence[float] | Mapping[Any, float],
    senses: Senses,
    method: str = "topsis",
    *,
    normalisation: str,
) -> Ranking:
    """Rank alternatives under weighted criteria.

    ``weighted_sum``: the sum of weight × normalised value. ``topsis`` (Hwang & Yoon 1981): the
    distance to the worst point over the sum of the distances to the worst and to the best,
    Euclidean, on weighted normalised values; 0 to 1. The normalisation has no default, because
    the winner can depend on it:

    ==========  =====================  ===========================  ===========================
    name        benefit (``max``)      cost (``min``)               refuses
    ==========  =====================  ===========================  ===========================
    vector      x / sqrt(sum x²)       1 - x / sqrt(sum x²)         columns of zeros
    min_max     (x - min)/(max - min)  (max - x)/(max - min)        columns without variance
    sum         x / sum x              (1/x) / sum (1/x)            negatives; zeros where cost
    none        x                      -x                           nothing
    ==========  =====================  ===========================  ===========================

    Args:
        matrix: Alternatives by criteria: a DataFrame (index: alternatives, columns: criteria) or
            rows of numbers; at least two rows. Quantities are brought to one unit a column.
        weights: One a criterion, not negative, in column order or by criterion name; they are
            divided by their sum.
        senses: ``"max"`` (benefit) or ``"min"`` (cost) each, in column order or by name.
        method: ``"topsis"`` or ``"weighted_sum"``.
        normalisation: ``"vector"``, ``"min_max"``, ``"sum"`` or ``"none"``.

    Returns:
        A :class:`Ranking`: ``.scores``, ``.order``, ``.reversals``, ``.table`` (alternative,
        score, rank; the caller's order; ties share a rank) and ``.weight_sensitivity()``.

    Raises:
        UnknownNameError: For an unknown method, normalisation, sense or criterion.
        OutsideEvidenceError: For fewer than two alternatives, alternatives without a
            difference, a missing value, weights of the wrong number, negative or summing to
            zero, or a column the normalisation cannot carry.
        MixedPricesError: Where units of a column do not convert into each other.

    Example:
        >>> guns = [[2.3, 40], [4.2, 40], [6.0, 50]]
        >>> result = rank(guns, [0.5, 0.5], ["min", "max"], normalisation="min_max")
        >>> result.order
        [0, 2, 1]
    """
    chosen("ranking method", method, METHODS)
    chosen("normalisation", normalisation, NORMALISATIONS)
    read = read_criteria(matrix, "the decision matrix", distinct=True)
    if len(read.options) < 2:
        raise OutsideEvidenceError("a ranking compares alternatives, and there is only one; "
                                   "give at least two")  # fmt: skip
    share = _shares(weights, read.criteria)
    cost = np.array([s == "min" for s in by_criterion(senses, read.criteria)])
    normalised = _normalise(read.values, cost, normalisation, read.criteria)
    if not ((np.ptp(normalised, axis=0) > 0) & (share > 0)).any():
        raise OutsideEvidenceError(
            "the alternatives are equal in every criterion with a weight; there is no order"
        )
    scores = _score(normalised, share, method)
    places = _places(scores)
    order = sorted(range(len(scores)), key=lambda i: (places[i], i))
    reversals, untested = _reversals(read, share, cost, method, normalisation, scores)
    names = read.options
    return Ranking(
        title=f"Ranking of {len(names)} alternatives under {len(read.criteria)} criteria",
        table=pd.DataFrame({"alternative": names, "score": scores, "rank": places}),
        assumptions=_assumptions(read, share, cost, method, normalisation, reversals, untested),
        left_out=untested,
        scores=pd.Series(scores, index=read.table.index, name="score"),
        order=[names[i] for i in order],
        reversals=reversals,
        weights=pd.Series(share, index=read.table.columns, name="weight"),
        normalised=pd.DataFrame(normalised, index=read.table.index, columns=read.table.columns),
        method=method,
    )


def _shares(weights: Any, criteria: Sequence[Hashable]) -> FloatArray:
    given, _ = one_unit(in_order(weights, criteria, "weights"), "weight", criteria)
    for criterion, weight in zip(criteria, given, strict=True):
        if weight < 0:
            raise OutsideEvidenceError(
                f"weight of {criterion!r} is {weight:g}: a weight is not negative; to prefer "
                "less of it, give the sense 'min'"
            )
    if not given.sum() > 0:
        raise OutsideEvidenceError("the weights sum to zero; give at least one above zero")
    return np.asarray(given / given.sum(), dtype=np.float64)


def _normalise(
    values: FloatArray, cost: npt.NDArray[np.bool_], how: str, criteria: Sequence[Hashable]
) -> FloatArray:
    columns = []
    for j, name in enumerate(criteria):
        x, is_cost = values[:, j], bool(cost[j])
        if how == "none":
            columns.append(-x if is_cost else x)
        elif how == "vector":
            length = np.sqrt((x**2).sum())
            if length == 0:
                raise _cannot(name, how, "is zero throughout")
            columns.append(1 - x / length if is_cost else x / length)
        elif how == "min_max":
            width = np.ptp(x)
            if width == 0:
                raise _cannot(name, how, f"is {x[0]:g} throughout (no variance)")
            columns.append((x.max() - x if is_cost else x - x.min()) / width)
        else:
            if (x < 0).any() or x.sum() == 0 or (is_cost and (x == 0).any()):
                need = "a cost criterion must be above zero" if is_cost else "no value may be " \
                    "negative nor all be zero"  # fmt: skip
                raise _cannot(name, how, f"goes down to {x.min():g}, and {need}")
            share = 1 / x if is_cost else x
            columns.append(share / share.sum())
    return np.column_stack(columns)


def _cannot(criterion: Hashable, how: str, why: str) -> OutsideEvidenceError:
    others = ", ".join(repr(n) for n in NORMALISATIONS if n != how)
    return OutsideEvidenceError(
        f"criterion {criterion!r} {why}; normalisation {how!r} cannot carry it: leave the "
        f"criterion out, or choose among {others}"
    )


def _score(normalised: FloatArray, weights: FloatArray, method: str) -> FloatArray:
    weighted = normalised * weights
    if method == "weighted_sum":
        return np.asarray(weighted.sum(axis=1), dtype=np.float64)
    to_best = np.sqrt(((weighted - weighted.max(axis=0)) ** 2).sum(axis=1))
    to_worst = np.sqrt(((weighted - weighted.min(axis=0)) ** 2).sum(axis=1))
    # where a weight of 1 meets a column of equals, all alternatives are best and worst at once
    span = to_best + to_worst
    closeness: FloatArray = np.divide(to_worst, span, out=np.full(len(span), 0.5), where=span > 0)
    return closeness


def _with_weight(weights: FloatArray, j: int, weight: float) -> FloatArray:
    """Give criterion j this weight; the others share the rest in their old proportions."""
    others = np.delete(weights, j)
    total = others.sum()
    # a criterion that had all the weight leaves the rest no proportions: they share alike
    shares = others / total if total > 0 else np.full_like(others, 1 / max(len(others), 1))
    return np.insert(shares * (1 - weight), j, weight if len(others) else 1.0)


def _places(scores: FloatArray) -> list[int]:
    """The rank of each score, 1 the best; equals share the better rank."""
    order = np.argsort(-scores, kind="stable")
    places = [1] * len(scores)
    for position, (before, here) in enumerate(itertools.pairwise(order), start=2):
        tie = _gap(scores, int(before), int(here)) == 0
        places[here] = places[before] if tie else position
    return places


def _gap(scores: FloatArray, a: int, b: int) -> float:
    """Score a minus score b, zero where it is only noise."""
    gap = float(scores[a] - scores[b])
    return 0.0 if abs(gap) <= TIE * max(1.0, abs(scores[a]), abs(scores[b])) else gap


def _reversals(
    read: Criteria,
    share: FloatArray,
    cost: npt.NDArray[np.bool_],
    method: str,
    normalisation: str,
    scores: FloatArray,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Drop each alternative, score the rest anew, list the pairs that turn round."""
    found, untested = [], []
    names = read.options
    for gone in range(len(names) if len(names) > 2 else 0):
        rest = [i for i in range(len(names)) if i != gone]
        try:
            normalised = _normalise(read.values[rest], cost, normalisation, read.criteria)
        except OutsideEvidenceError as err:
            untested.append((f"rank-reversal test without {names[gone]!r}", str(err)))
            continue
        anew = _score(normalised, share, method)
        swapped = [
            (names[a], names[b]) if _gap(scores, a, b) > 0 else (names[b], names[a])
            for i, a in enumerate(rest)
            for k, b in enumerate(rest[i + 1 :], start=i + 1)
            if _gap(scores, a, b) * _gap(anew, i, k) < 0
        ]
        if swapped:
            found.append((names[gone], swapped, _best_first(scores[rest], rest, names),
                          _best_first(anew, rest, names)))  # fmt: skip
    columns = ["dropped", "swapped", "order_before", "order_after"]
    return (
        pd.DataFrame(found, columns=columns, dtype=object),
        pd.DataFrame(untested, columns=["figure", "reason"], dtype="str"),
    )


def _best_first(scores: FloatArray, rows: list[int], names: list[Hashable]) -> list[Hashable]:
    places = _places(scores)
    return [names[rows[i]] for i in sorted(range(len(rows)), key=lambda i: (places[i], i))]


def _assumptions(
    read: Criteria,
    share: FloatArray,
    cost: npt.NDArray[np.bool_],
    method: str,
    normalisation: str,
    reversals: pd.DataFrame,
    untested: pd.DataFrame,
) -> list[str]:
    weights = ", ".join(
        f"{name}: {w:.6g} ({'less' if c else 'more'} is better)"
        for name, w, c in zip(read.criteria, share, cost, strict=True)
    )
    units = [f"{n} in {u}" for n, u in zip(read.criteria, read.units, strict=True) if u is not None]
    tested = max(len(read.options) - len(untested), 0) if len(read.options) > 2 else 0
    lines = [
        f"method: {method}",
        f"normalisation: {normalisation} ({NORMALISATIONS[normalisation]})",
        f"weights, scaled to sum 1: {weights}",
        f"rank-reversal test: {tested} of {len(read.options)} alternatives dropped in turn; "
        f"{len(reversals)} of them turn round the order of others",
    ]
    return lines + ([f"units: {', '.join(units)}"] if units else [])


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class AhpWeights(Result):
    """Weights from pairwise comparisons, with their consistency.

    Attributes:
        weights: One a criterion, sum 1.
        lambda_max: The principal eigenvalue of the comparisons.
        consistency_index: (lambda_max - n) / (n - 1).
        consistency_ratio: The index over the random index; above 0.10 the judgements
            contradict each other and should be revised. 0 for one or two criteria.
    """

    weights: pd.Series[float]
    lambda_max: float
    consistency_index: float
    consistency_ratio: float


def ahp_weights(
    pairwise: Any, method: str = "eigenvector", random_index: float | None = None
) -> AhpWeights:
    """Weights out of pairwise comparisons (analytic hierarchy process, Saaty 1980).

    Entry (i, j) says how many times more criterion i matters than j; entry (j, i) is its
    reciprocal. ``lambda_max`` is the mean of (A w)_i / w_i, which is the principal eigenvalue
    for the eigenvector.

    Args:
        pairwise: Square table, positive and reciprocal; a DataFrame names the criteria.
        method: ``"eigenvector"`` (Saaty) or ``"geometric_mean"`` (of the rows; the same up to
            three criteria).
        random_index: The random consistency index; None takes Saaty's for 1 to 10 criteria.

    Returns:
        An :class:`AhpWeights`: ``.weights``, ``.lambda_max``, ``.consistency_index``,
        ``.consistency_ratio``.

    Raises:
        UnknownNameError: For an unknown method.
        OutsideEvidenceError: If the table is not square, positive and reciprocal, or has more
            than 10 criteria and no ``random_index``.

    Example:
        >>> ahp_weights([[1, 3], [1 / 3, 1]]).weights.round(6).to_list()
        [0.75, 0.25]
    """
    chosen("AHP method", method, ("eigenvector", "geometric_mean"))
    read = read_criteria(pairwise, "the pairwise comparisons")
    A, n = read.values, len(read.options)
    _refuse_unreciprocal(A, read.criteria)
    given = None if random_index is None else finite("random_index", random_index)
    index = RANDOM_INDEX.get(n) if given is None else given
    if index is None or index < 0 or (index == 0 and n > 2):
        raise OutsideEvidenceError(
            f"no random index for {n} criteria (Saaty's go to 10) or it is not above zero; "
            "give random_index=…"
        )
    w = np.exp(np.log(A).mean(axis=1))
    if method == "eigenvector" and n > 2:
        values, vectors = np.linalg.eig(A)
        w = np.abs(np.real(vectors[:, np.argmax(values.real)]))
    w = w / w.sum()
    lambda_max = float(((A @ w) / w).mean())
    consistency = (lambda_max - n) / (n - 1) if n > 2 else 0.0
    ratio = consistency / index if n > 2 else 0.0
    verdict = "consistent" if ratio <= CONSISTENT else "revise the judgements"
    return AhpWeights(
        title=f"Weights of {n} criteria from pairwise comparisons",
        table=pd.DataFrame({"criterion": read.criteria, "weight": w}),
        assumptions=[
            f"method: {method}",
            f"random index: {index:g} ({'Saaty 1980' if given is None else 'given'})",
            f"consistency ratio {ratio:.6g}: {verdict} (limit {CONSISTENT:.2f})",
        ],
        weights=pd.Series(w, index=read.table.columns, name="weight"),
        lambda_max=lambda_max,
        consistency_index=consistency,
        consistency_ratio=ratio,
    )


def _refuse_unreciprocal(A: FloatArray, names: Sequence[Hashable]) -> None:
    if A.shape[0] != A.shape[1]:
        raise OutsideEvidenceError(
            f"pairwise comparisons are square, and this is {A.shape[0]} by {A.shape[1]}"
        )
    if (A <= 0).any():
        i, j = np.argwhere(A <= 0)[0]
        raise OutsideEvidenceError(
            f"{names[i]!r} against {names[j]!r} is {A[i, j]:g}: comparisons are above zero "
            "(1 equal, 3 moderately more, 1/3 moderately less)"
        )
    off = np.argwhere(np.abs(A * A.T - 1) > 1e-6)
    if len(off):
        i, j = off[0]
        raise OutsideEvidenceError(
            f"not reciprocal: {names[i]!r} against {names[j]!r} is {A[i, j]:g}, so the other way "
            f"must be 1/{A[i, j]:g}, not {A[j, i]:g}"
        )

"""How estimates move together: correlation matrices, and draws that follow one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from armscost.errors import OutsideEvidenceError, chosen, finite, numbers, whole

Floats: TypeAlias = NDArray[np.float64]
# None, one coefficient for every pair, pairs of names, or a whole matrix.
Correlation: TypeAlias = float | Mapping[tuple[str, str], float] | ArrayLike | None

# Eigenvalues above minus this are rounding, not a contradiction in the matrix.
_ROUNDING = 1e-10


def correlation_matrix(correlation: Correlation, names: Sequence[str]) -> Floats:
    """A correlation given in any of the allowed ways, as a checked matrix.

    Args:
        correlation: None (no correlation), one coefficient shared by every pair, a mapping of
            pairs of names to coefficients (pairs not named have none), or a symmetric matrix
            with ones on its diagonal.
        names: The names, in the order of rows and columns.

    Returns:
        A float array of shape (names, names). It may still contradict itself; see
        :func:`settle_correlation`.

    Raises:
        OutsideEvidenceError: For a matrix of another size, not symmetric, without ones on its
            diagonal, or with coefficients outside -1 to 1.
        UnknownNameError: For a pair with a name that is not there.

    Example:
        >>> correlation_matrix({("labour", "steel"): 0.3}, ["labour", "steel"]).tolist()
        [[1.0, 0.3], [0.3, 1.0]]
    """
    size = len(names)
    if correlation is None:
        return np.eye(size)
    if isinstance(correlation, Mapping):
        return _check(_from_pairs(correlation, list(names)), size)
    given = numbers("correlation", correlation)
    if given.ndim == 0:
        matrix = np.full((size, size), float(given))
        np.fill_diagonal(matrix, 1.0)
        return _check(matrix, size)
    return _check(given, size)


def _from_pairs(pairs: Mapping[tuple[str, str], float], names: list[str]) -> Floats:
    matrix = np.eye(len(names))
    for pair, given in pairs.items():
        coefficient = finite(f"the correlation of {pair}", given)
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise OutsideEvidenceError(f"{pair!r}: write a pair of two inputs")
        i, j = (names.index(chosen("uncertain input", name, names)) for name in pair)
        if i == j:
            raise OutsideEvidenceError(f"{pair}: write a pair of two different inputs")
        if matrix[i, j] not in (0.0, coefficient):
            raise OutsideEvidenceError(f"{pair} is given twice, with different coefficients")
        matrix[i, j] = matrix[j, i] = coefficient
    return matrix


def _check(matrix: Floats, size: int) -> Floats:
    if matrix.shape != (size, size):
        raise OutsideEvidenceError(
            f"the correlation matrix has shape {matrix.shape}; {size} uncertain inputs need "
            f"({size}, {size})"
        )
    if not np.all(np.isfinite(matrix)) or np.any(np.abs(matrix) > 1):
        raise OutsideEvidenceError("correlations must lie from -1 to 1")
    if not np.allclose(matrix, matrix.T, rtol=0, atol=1e-12):
        raise OutsideEvidenceError("the correlation matrix is not symmetric")
    if not np.allclose(np.diag(matrix), 1.0, rtol=0, atol=1e-12):
        raise OutsideEvidenceError("the diagonal of a correlation matrix is all ones")
    return matrix


def settle_correlation(matrix: ArrayLike, *, repair: bool = False) -> tuple[Floats, str]:
    """A correlation matrix that can be drawn from, and what had to be done to it.

    A matrix with a negative eigenvalue contradicts itself: no numbers can be correlated so.
    Perfect correlation (an eigenvalue of zero) is allowed.

    Args:
        matrix: A symmetric matrix with ones on its diagonal.
        repair: Whether to take the nearest matrix that holds together, instead of refusing.

    Returns:
        The matrix, and one printable line on the repair; empty where none was needed.

    Raises:
        OutsideEvidenceError: For a matrix that contradicts itself, where ``repair`` is False.

    Example:
        >>> _, note = settle_correlation([[1, .9, .9], [.9, 1, -.9], [.9, -.9, 1]], repair=True)
        >>> note[:28]
        'the correlations given contr'
    """
    given = numbers("a correlation matrix", matrix)
    given = _check(given, given.shape[0] if given.ndim else 0)
    smallest = float(np.linalg.eigvalsh(given)[0]) if given.size else 0.0
    if smallest >= -_ROUNDING:
        return given, ""
    fault = (
        "the correlations given contradict one another: the matrix is not positive definite "
        f"(smallest eigenvalue {smallest:.4g})"
    )
    if not repair:
        raise OutsideEvidenceError(
            f"{fault}; correct them, or write repair=True to use the nearest matrix that holds"
        )
    nearest = nearest_correlation(given)
    change = float(np.max(np.abs(nearest - given)))
    return nearest, f"{fault}; the nearest was used, largest change {change:.4g}"


def nearest_correlation(matrix: ArrayLike, *, iterations: int = 10_000) -> Floats:
    """The correlation matrix nearest to a symmetric one, in the sum of squared differences.

    Alternating projections with Dykstra's correction: N. J. Higham, "Computing the nearest
    correlation matrix", IMA Journal of Numerical Analysis 22 (2002) 329-343.

    Args:
        matrix: A symmetric matrix.
        iterations: The most rounds to go before giving up.

    Returns:
        A matrix with ones on its diagonal and no negative eigenvalue.

    Raises:
        OutsideEvidenceError: If it is not reached within ``iterations``.

    Example:
        >>> nearest_correlation([[1, 1, 0], [1, 1, 1], [0, 1, 1]]).round(4).tolist()
        [[1.0, 0.7607, 0.1573], [0.7607, 1.0, 0.7607], [0.1573, 0.7607, 1.0]]
    """
    near = numbers("a correlation matrix", matrix)
    if near.ndim != 2 or near.shape[0] != near.shape[1] or not np.all(np.isfinite(near)):
        raise OutsideEvidenceError("a correlation matrix is square, of finite numbers")
    correction = np.zeros_like(near)
    for _ in range(iterations):
        corrected = near - correction
        positive = _without_negative(corrected)
        correction = positive - corrected
        before, near = near, positive.copy()
        np.fill_diagonal(near, 1.0)
        if np.max(np.abs(near - before)) < 1e-12:
            break
    else:
        raise OutsideEvidenceError(f"no nearest correlation matrix after {iterations} rounds")
    # The last step leaves eigenvalues of minus rounding; scaling back keeps the ones exact.
    positive = _without_negative(near)
    scale = np.sqrt(np.diag(positive))
    # A perfect correlation may come out a hair above one, which no matrix of correlations has.
    near = np.asarray(np.clip(positive / np.outer(scale, scale), -1.0, 1.0))
    np.fill_diagonal(near, 1.0)
    return near


def _without_negative(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)


def cholesky(correlation: ArrayLike) -> Floats:
    """The upper triangular C with ``C'C`` equal to the correlation matrix.

    Perfect correlation is allowed: its rows of C are zero where nothing is left to explain.

    Args:
        correlation: A correlation matrix.

    Returns:
        An upper triangular array of the same shape.

    Raises:
        OutsideEvidenceError: For a matrix that contradicts itself.

    Example:
        >>> cholesky([[1, 0.8], [0.8, 1]]).round(4).tolist()
        [[1.0, 0.8], [0.0, 0.6]]
    """
    matrix, _ = settle_correlation(correlation)
    upper = np.zeros_like(matrix)
    for i in range(len(matrix)):
        rest = matrix[i, i:] - upper[:i, i] @ upper[:i, i:]
        if rest[0] > _ROUNDING:
            upper[i, i:] = rest / math.sqrt(rest[0])
    return upper


def correlate_scores(scores: Floats, correlation: Floats) -> Floats:
    """Independent standard normal scores made to correlate: the Gaussian copula.

    Args:
        scores: Independent scores, shape (variables, draws).
        correlation: The correlation matrix of the scores; it holds together.

    Returns:
        Scores of the same shape, each row still standard normal.
    """
    if np.array_equal(correlation, np.eye(len(correlation))):
        return scores
    return np.asarray(cholesky(correlation).T @ scores)


def iman_conover(
    X: ArrayLike, target: ArrayLike, scores: ArrayLike | None = None, *, seed: int = 1
) -> Any:
    """Reorder each column so that the columns correlate; no value is changed.

    The score matrix M, with ``M'M / n = F'F``, is turned into ``T = M F^-1 C``, with
    ``C'C = target``; each column of X is then put in the order of that column of T. The
    correlation of the *scores* is exactly the target; the rank correlation of the values comes
    near to it. R. L. Iman and W. J. Conover, "A distribution-free approach to inducing rank
    correlation among input variables", Communications in Statistics B 11 (1982) 311-334.

    Args:
        X: Draws, shape (draws, variables).
        target: The correlation matrix wanted.
        scores: The score matrix M, of the shape of X. By default van der Waerden scores
            ``z(i / (n + 1))``, shuffled column by column with ``seed``.
        seed: The seed of the shuffle.

    Returns:
        The reordered draws, of the shape and type of X.

    Raises:
        OutsideEvidenceError: For shapes that do not fit, too few draws to tell the columns'
            scores apart, or a target that contradicts itself.

    Example:
        >>> draws = np.random.default_rng(1).random((1000, 2))
        >>> together = iman_conover(draws, [[1, 0.8], [0.8, 1]])
        >>> bool(np.corrcoef(together.T)[0, 1] > 0.7)
        True
    """
    values = np.asarray(X) if np.ndim(X) == 2 else numbers("X", X)
    if values.ndim != 2:
        raise OutsideEvidenceError(f"X has shape {values.shape}; write (draws, variables)")
    draws, variables = values.shape
    wanted = cholesky(_check(numbers("target", target), variables))
    shuffle = whole("seed", seed)
    M = _van_der_waerden(draws, variables, shuffle) if scores is None else numbers("scores", scores)
    if M.shape != values.shape:
        raise OutsideEvidenceError(f"scores have shape {M.shape}; X has {values.shape}")
    covariance = M.T @ M / draws
    if draws <= variables or np.linalg.matrix_rank(covariance) < variables:
        raise OutsideEvidenceError(
            f"{draws} draws of {variables} variables: their scores cannot be told apart; "
            "draw more, or give scores that are not proportional to one another"
        )
    F = np.linalg.cholesky(covariance).T
    T = M @ np.linalg.solve(F, wanted)
    ranks = T.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    return np.take_along_axis(np.sort(values, axis=0), ranks, axis=0)


def _van_der_waerden(draws: int, variables: int, seed: int) -> Floats:
    column = ndtri(np.arange(1, draws + 1) / (draws + 1))
    column /= math.sqrt(float(column @ column) / draws) or 1.0
    columns = np.tile(column, (variables, 1))
    return np.asarray(np.random.default_rng(seed).permuted(columns, axis=1).T)

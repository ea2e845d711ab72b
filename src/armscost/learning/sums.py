"""Sums over the units of a lot, exact for few units and for a thousand million.

All are in multiples of the first unit's cost T1, take whole units as floats and have nothing
to check: :mod:`armscost.learning.inputs` has done it.
"""

from __future__ import annotations

import numpy as np

from armscost.learning.inputs import Floats

# Units before this one are added up one by one, those from it on by the Euler-Maclaurin
# formula, whose error is below 1e-12 there for every slope from 0.01 on.
_CUT = 32

# A single lot of no more units than this is added up as the textbook does it.
_FEW = 1024

# Euler-Maclaurin about the half-unit points: sum f(i) over m..n = integral of f from m-1/2 to
# n+1/2 plus these multiples of f', f''', ... taken between the two ends; they are
# (2**(1-2k) - 1) * B(2k) / (2k)! for k = 1, 2, 3, 4. (Abramowitz and Stegun 25.4.153)
_TERMS = (-1 / 24, 7 / 5760, -31 / 967680, 127 / 154828800)

# A block of this many lots stays in the processor's cache from one step to the next.
_BLOCK = 1 << 14


def power_sum(m: Floats, n: Floats, b: Floats, prior: Floats) -> Floats:
    """Sum of (i + prior)**b for i from m to n: a lot's cost under Crawford's theory."""
    m, n, b, prior = (np.asarray(v, dtype=np.float64) for v in (m, n, b, prior))
    shape = np.broadcast_shapes(m.shape, n.shape, b.shape, prior.shape)
    size = int(np.prod(shape))
    if len(shape) != 1 or size <= _BLOCK:
        return _power_sum(m, n, b, prior)
    out = np.empty(shape)
    for start in range(0, size, _BLOCK):
        part = slice(start, start + _BLOCK)
        out[part] = _power_sum(*(v[part] if v.size == size else v for v in (m, n, b, prior)))
    return out


def _power_sum(m: Floats, n: Floats, b: Floats, prior: Floats) -> Floats:
    count = n - m + 1
    if b.ndim == 0 and b == 0:
        return np.asarray(count + 0 * prior)
    if count.ndim == b.ndim == prior.ndim == 0 and count <= _FEW:
        return np.asarray(((np.arange(float(m), float(n) + 1) + prior) ** b).sum())
    if m.size and m.min() >= _CUT:
        return _far_sum(m, count, b, prior)
    start = np.maximum(m, _CUT)
    far = _far_sum(start, np.maximum(n - start + 1, 0), b, prior)
    if far.ndim == 0 or far.shape != m.shape:
        return far + _near_sum(m, n, b, prior)
    # Of many lots few begin before the cut.
    near = np.flatnonzero(m < _CUT)
    far[near] += _near_sum(*(v[near] if v.shape == m.shape else v for v in (m, n, b, prior)))
    return far


def _near_sum(m: Floats, n: Floats, b: Floats, prior: Floats) -> Floats:
    """The part of the sum before the cut, unit by unit."""
    if b.ndim == 0 and prior.ndim == 0:
        # One table for all lots: entry i holds the sum from i to the cut. Adding from the small
        # end keeps the difference of two entries exact for the steepest slopes.
        table = np.zeros(_CUT + 1)
        table[1:_CUT] = ((np.arange(1, _CUT) + prior) ** b)[::-1].cumsum()[::-1]
        begin, end = np.minimum(m, _CUT), np.minimum(n + 1, _CUT)
        return np.asarray(table[begin.astype(np.intp)] - table[end.astype(np.intp)])
    total = np.zeros(np.broadcast_shapes(m.shape, n.shape, b.shape, prior.shape))
    for i in range(1, _CUT):
        total += np.where((m <= i) & (i <= n), (i + prior) ** b, 0.0)
    return total


def _far_sum(m: Floats, count: Floats, b: Floats, prior: Floats) -> Floats:
    """Euler-Maclaurin for ``count`` units from m on, m at the cut or later; no cancellation."""
    low = m + (prior - 0.5)
    growth = np.log1p(count / low)
    high = low + count
    power = low ** (1 + b)
    gain = np.expm1((1 + b) * growth)  # high**(1+b) / low**(1+b) - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        integral = np.where(1 + b == 0, growth, gain / (1 + b)) if b.ndim else (
            growth if 1 + b == 0 else gain / (1 + b)
        )  # fmt: skip
    return np.asarray(power * (integral + (1 + gain) * _ends(high, b) - _ends(low, b)))


def _ends(x: Floats, b: Floats) -> Floats:
    """The correction terms at one end, in multiples of x**(1+b)."""
    inverse = 1 / (x * x)
    first, second, third, fourth = _derivatives(b)
    return np.asarray(inverse * (first + inverse * (second + inverse * (third + inverse * fourth))))


def _derivatives(b: Floats) -> list[Floats]:
    """The factors of f', f''', ... of x**b, times their Euler-Maclaurin coefficients."""
    factors, product = [], b
    for k, coefficient in enumerate(_TERMS):
        factors.append(coefficient * product)
        product = product * (b - (2 * k + 1)) * (b - (2 * k + 2))
    return factors


def wright_sum(m: Floats, n: Floats, b: Floats, prior: Floats) -> Floats:
    """n(n + prior)**b - (m-1)(m-1 + prior)**b: a lot's cost under Wright's theory."""
    before = np.maximum(m - 1, 1)  # a lot from unit 1 has nothing before it: see below
    count = n - before
    lot = _power_gain(before + prior, count, 1 + b)
    if np.any(prior):
        lot = lot - prior * _power_gain(before + prior, count, b)
    begins = np.asarray(m == 1)
    return np.asarray(np.where(begins, n * (n + prior) ** b, lot) if begins.any() else lot)


def _power_gain(x: Floats, step: Floats, p: Floats) -> Floats:
    """(x + step)**p - x**p without cancellation, for x from 1 on."""
    return np.asarray(x**p * np.expm1(p * np.log1p(step / x)))


def lot_sum(
    theory: str,
    m: Floats,
    n: Floats,
    b: Floats,
    prior: Floats | float = 0.0,
    incompressible: Floats | float = 0.0,
    plateau: Floats | None = None,
) -> Floats:
    """A lot's cost in multiples of T1, with every option of the curve.

    From the plateau on each unit costs what the plateau unit costs, under both theories.
    """
    rule = power_sum if theory == "crawford" else wright_sum
    prior = np.asarray(prior, dtype=np.float64)
    if plateau is None:
        total = rule(m, n, b, prior)
    else:
        end = np.minimum(n, plateau)
        falling = np.where(m <= end, rule(np.minimum(m, end), end, b, prior), 0.0)
        flat = np.maximum(n - np.maximum(m - 1, plateau), 0.0)
        total = falling + flat * rule(plateau, plateau, b, prior)
    if np.any(incompressible):
        total = incompressible * (n - m + 1) + (1 - np.asarray(incompressible)) * total
    return total


def half_unit_sum(m: Floats, n: Floats, b: Floats) -> Floats:
    """The textbook approximation: the integral of x**b from m - 1/2 to n + 1/2."""
    low, count = m - 0.5, n - m + 1
    growth = np.log1p(count / low)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = np.where(1 + b == 0, growth, np.expm1((1 + b) * growth) / (1 + b))
    return np.asarray(low ** (1 + b) * scaled)

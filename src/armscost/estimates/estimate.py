"""What is known of one number: low, best, high, and what the ends mean."""

from __future__ import annotations

import math
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

from armscost.errors import OutsideEvidenceError, chosen, finite, in_units, numbers, whole
from armscost.estimates.distribution import (
    Z90,
    Distribution,
    Lognormal,
    Normal,
    Pert,
    Point,
    Triangular,
    Uniform,
    with_ends_solved,
)

Bounds: TypeAlias = Literal["min_max", "p10_p90"]
Shape: TypeAlias = Literal["triangular", "pert", "lognormal", "normal", "uniform"]

BOUNDS = ("min_max", "p10_p90")
SHAPES = ("triangular", "pert", "lognormal", "normal", "uniform")

# More draws than this fill the memory and move no digit that matters.
MOST_DRAWS = 10_000_000

_MEANING = {"min_max": "absolute ends", "p10_p90": "10th and 90th percentiles"}


@dataclass(frozen=True)
class Estimate:
    """A number that is not known exactly, as a distribution.

    The shapes, from ``low``, ``best`` and ``high``:

    - ``"triangular"`` (the default) and ``"pert"``: ``best`` is the most likely value. With
      ``bounds="min_max"`` the ends are absolute; with ``"p10_p90"`` the absolute ends are solved
      so that one outcome in ten falls below ``low`` and one in ten above ``high``. The solved
      ends lie further out and can be negative; ``parameters`` shows them.
    - ``"lognormal"`` and ``"normal"``: have no absolute ends, so ``bounds="p10_p90"``. The two
      bounds alone fix the curve: ``mu = (ln low + ln high) / 2`` and
      ``sigma = ln(high / low) / (2 z90)``, z90 = 1.2816, without the logarithms for the normal.
      ``best`` does not bend the curve; it stays the point estimate, and ``where(best)`` tells
      how likely an outcome at or below it is.
    - ``"uniform"``: the two bounds alone, as for the normal.

    A normal, and solved ends, do not stop at zero: where the spread is wide some draws are
    negative. Money and rates that cannot be are better told by a lognormal.

    Args:
        low: The low end; a float or a Quantity.
        best: The point estimate, from ``low`` to ``high``, in the same unit.
        high: The high end, in the same unit.
        bounds: What the ends are: ``"min_max"`` (nothing lies outside) or ``"p10_p90"`` (one
            outcome in ten lies below, one in ten above). Required: experts' "lowest and highest"
            are rarely the absolute ends, and only the asker knows which was meant.
        shape: The shape, as above.
        source: The id of the source behind it, carried into results.

    Raises:
        OutsideEvidenceError: For ``best`` outside the ends, numbers that are not finite, values
            at or below zero in a lognormal, and bounds that are missing or do not fit the shape.
        UnknownNameError: For a shape or bounds of another name.
        MixedPricesError: For ends in units that do not convert into one another.

    Example:
        >>> price = Estimate(low=2.0, best=2.3, high=3.8, bounds="p10_p90", shape="lognormal")
        >>> round(price.mean, 3), round(price.quantile(0.8), 3)
        (2.845, 3.404)
        >>> round(price.where(2.3), 2)
        0.23
    """

    low: Any
    best: Any
    high: Any
    _: KW_ONLY
    bounds: Bounds = ""  # type: ignore[assignment] # required; empty so that our message is shown
    shape: Shape = "triangular"
    source: str = ""
    distribution: Distribution = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _check_names(self.bounds, self.shape)
        low, best, high = (self._number(getattr(self, name), name) for name in _ENDS)
        if not low <= best <= high:
            raise OutsideEvidenceError(
                f"best is {best:g}, outside low {low:g} to high {high:g}; "
                "write low <= best <= high, or correct the ends"
            )
        made = _distribution(low, best, high, self.bounds, self.shape)
        object.__setattr__(self, "distribution", made)

    @classmethod
    def exact(cls, value: Any, *, source: str = "") -> Estimate:
        """A known value, as an estimate without spread.

        Example:
            >>> Estimate.exact(5.0).sd
            0.0
        """
        return cls(low=value, best=value, high=value, bounds="min_max", source=source)

    @classmethod
    def uniform(cls, low: Any, high: Any, *, source: str = "") -> Estimate:
        """Every value from ``low`` to ``high`` equally likely; the middle is the point estimate.

        Example:
            >>> Estimate.uniform(0.80, 0.95).quantile(0.5)
            0.875
        """
        best = _between(low, high)
        return cls(low=low, best=best, high=high, bounds="min_max", shape="uniform", source=source)

    @classmethod
    def normal(cls, mean: Any, sd: Any, *, source: str = "") -> Estimate:
        """A normal from its mean, the point estimate, and its standard deviation.

        Raises:
            OutsideEvidenceError: For a standard deviation below zero.

        Example:
            >>> round(Estimate.normal(100.0, 10.0).quantile(0.9), 3)
            112.816
        """
        units = getattr(mean, "units", None)
        middle, spread = _bare("mean", mean, units), _bare("sd", sd, units)
        if spread < 0:
            raise OutsideEvidenceError(f"sd is {sd}; write zero or above")
        low, high = (_in(units, middle + z * spread) for z in (-Z90, Z90))
        return cls(low=low, best=mean, high=high, bounds="p10_p90", shape="normal", source=source)

    @classmethod
    def from_mean_cv(
        cls, mean: Any, cv: float, *, shape: Shape = "lognormal", source: str = ""
    ) -> Estimate:
        """A lognormal or normal from its mean and its coefficient of variation.

        For the lognormal ``sigma^2 = ln(1 + cv^2)`` and ``mu = ln(mean) - sigma^2 / 2``; the
        mean is the point estimate and ``low``, ``high`` are the 10th and 90th percentiles.

        Args:
            mean: The expected value; a float or a Quantity, above zero.
            cv: Standard deviation over mean, as a share: 0.3 for 30 %.
            shape: ``"lognormal"`` or ``"normal"``.
            source: The id of the source.

        Raises:
            OutsideEvidenceError: For a cv below zero; in a lognormal, for a mean at or below zero
                or a cv so large that the mean lies above the 90th percentile.
            UnknownNameError: For another shape.

        Example:
            >>> round(Estimate.from_mean_cv(100.0, 0.3).quantile(0.8), 4)
            122.6271
        """
        value = finite("mean", getattr(mean, "magnitude", mean))
        cv = finite("cv", cv)
        if chosen("shape with a mean and a cv", shape, ["lognormal", "normal"]) == "normal":
            return cls.normal(mean, mean * cv, source=source)
        if not (value > 0 and 0 <= cv < 5):
            raise OutsideEvidenceError(
                f"mean {value:g} with cv {cv:g}; the mean must be above zero and the cv from 0 to "
                "below 5 (a cv of 30 % is written 0.3)"
            )
        sigma = math.sqrt(math.log1p(cv * cv))
        low, high = (math.exp(-(sigma**2) / 2 + z * sigma) for z in (-Z90, Z90))
        return cls(
            low=mean * low,
            best=mean,
            high=mean * high,
            bounds="p10_p90",
            shape=shape,
            source=source,
        )

    @classmethod
    def from_p10_p90(
        cls, p10: Any, p90: Any, *, shape: Shape = "lognormal", source: str = ""
    ) -> Estimate:
        """A lognormal, normal or uniform from two percentiles; the median is the point estimate.

        Raises:
            OutsideEvidenceError: For percentiles in the wrong order, or not above zero in a
                lognormal.
            UnknownNameError: For a shape that two percentiles do not fix.
            MixedPricesError: For percentiles in units that do not convert into one another.

        Example:
            >>> round(Estimate.from_p10_p90(80, 150).best, 4)
            109.5445
        """
        chosen("shape fixed by p10 and p90 alone", shape, ["lognormal", "normal", "uniform"])
        middle = _between(p10, p90)
        ends = cls(low=p10, best=middle, high=p90, bounds="p10_p90", shape=shape, source=source)
        best = ends.quantile(0.5)
        return cls(low=p10, best=best, high=p90, bounds="p10_p90", shape=shape, source=source)

    @property
    def units(self) -> Any:
        """The unit of the ends where they are Quantities, else None."""
        return getattr(self.low, "units", None)

    @property
    def best_value(self) -> float:
        """The point estimate as a bare number, in the unit of ``low``."""
        return self._number(self.best, "best")

    @property
    def mean(self) -> Any:
        """The expected value, in the unit of ``low``."""
        return self._with_unit(self.distribution.mean)

    @property
    def sd(self) -> Any:
        """The standard deviation, in the unit of ``low``."""
        return self._with_unit(self.distribution.sd)

    @property
    def cv(self) -> float:
        """Standard deviation over mean.

        Raises:
            OutsideEvidenceError: Where the mean is zero.
        """
        return coefficient_of_variation(self.distribution.mean, self.distribution.sd)

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters of the distribution under their textbook names, in the unit of ``low``."""
        return self.distribution.parameters

    def quantile(self, q: Any) -> Any:
        """The value that is not exceeded with probability ``q``.

        Args:
            q: A probability from 0 to 1, or an array of them.

        Returns:
            A float or Quantity; an array where ``q`` is one.

        Raises:
            OutsideEvidenceError: For a probability outside 0 to 1.
        """
        p = probabilities(q)
        values = self.distribution.quantile(p)
        return self._with_unit(float(values) if p.ndim == 0 else values)

    def sample(self, n: int, rng: np.random.Generator | int) -> Any:
        """Independent random draws.

        Args:
            n: How many.
            rng: A numpy Generator, or a seed.

        Returns:
            An array of ``n`` values, in the unit of ``low``.

        Raises:
            OutsideEvidenceError: For a count that is no whole number from 0 to 10 million, or a
                seed that is none from 0 on.
        """
        drawn = whole("n", n, most=MOST_DRAWS)
        seed = rng if isinstance(rng, np.random.Generator) else whole("rng", rng)
        # Down to 2**-54 in place of 0, which a shape without ends would turn into infinity.
        u = np.maximum(np.random.default_rng(seed).random(drawn), 2.0**-54)
        return self._with_unit(self.distribution.quantile(u))

    def where(self, point: Any) -> float:
        """Where a value falls: the probability of an outcome at or below it, from 0 to 1."""
        value = self._number(point, "point")
        return float(self.distribution.cdf(np.asarray(value)))

    def __str__(self) -> str:
        unit = "" if self.units is None else f" {self.units}"
        low, best, high = (f"{self._number(getattr(self, end), end):g}" for end in _ENDS)
        if isinstance(self.distribution, Point):
            return f"{best}{unit} exactly"
        ends = f"low {low}, best {best}, high {high}{unit}"
        return f"{self.shape}, {ends}; the ends are {_MEANING[self.bounds]}"

    def _with_unit(self, value: Any) -> Any:
        return _in(self.units, value)

    def _number(self, value: Any, name: str) -> float:
        """The value as a float in the unit of ``low``."""
        return _bare(name, value, self.units)


_ENDS = ("low", "best", "high")


def _bare(name: str, value: Any, units: Any) -> float:
    return finite(name, in_units(name, value, units))


def _in(units: Any, value: Any) -> Any:
    return value if units is None else value * units


def _between(low: Any, high: Any) -> Any:
    """The middle of two ends, in the unit of the first."""
    units = getattr(low, "units", None)
    ends = _bare("the low end", low, units), _bare("the high end", high, units)
    return _in(units, ends[0] + (ends[1] - ends[0]) / 2)


def _check_names(bounds: str, shape: str) -> None:
    if bounds == "":
        raise OutsideEvidenceError(
            "bounds is missing: write bounds='min_max' if nothing can lie outside low and high, "
            "or bounds='p10_p90' if one outcome in ten lies below low and one in ten above high"
        )
    chosen("bounds", bounds, BOUNDS, where="'min_max' or 'p10_p90'")
    chosen("shape", shape, SHAPES, where=", ".join(SHAPES))
    if bounds == "min_max" and shape in ("lognormal", "normal"):
        raise OutsideEvidenceError(
            f"a {shape} has no absolute ends: write bounds='p10_p90', or shape='pert' to keep "
            "the ends absolute"
        )


def _distribution(low: float, best: float, high: float, bounds: str, shape: str) -> Distribution:
    if shape == "lognormal" and low <= 0:
        raise OutsideEvidenceError(
            f"low is {low:g}; a lognormal takes only values above zero: use shape='triangular' "
            "or 'pert'"
        )
    if low == high:
        return Point(low)
    if shape == "lognormal":
        return _lognormal(low, high)
    if shape == "normal":
        return Normal(low / 2 + high / 2, (high - low) / (2 * Z90))
    if shape == "uniform":
        beyond = (high - low) / 8 if bounds == "p10_p90" else 0.0
        return Uniform(low - beyond, high + beyond)
    bounded = Triangular if shape == "triangular" else Pert
    if bounds == "min_max":
        return bounded(low, best, high)
    return with_ends_solved(bounded, low, best, high)


def _lognormal(low: float, high: float) -> Distribution:
    logs = math.log(low), math.log(high)
    sigma = (logs[1] - logs[0]) / (2 * Z90)
    if sigma > 10:
        raise OutsideEvidenceError(
            f"high {high:g} is more than 10^11 times low {low:g}; check the units of both"
        )
    # Neighbouring floats can share one logarithm; there is no spread left to speak of.
    return Lognormal(sum(logs) / 2, sigma) if sigma > 0 else Point(low)


def probabilities(q: Any) -> Any:
    """The probabilities as a float array, refused outside 0 to 1.

    Raises:
        OutsideEvidenceError: For a probability outside 0 to 1, with what to write instead.
    """
    p = numbers("a probability", q)
    if not np.all((p >= 0) & (p <= 1)):
        worst = float(p[~((p >= 0) & (p <= 1))].flat[0]) if p.ndim else float(p)
        hint = f"; write {worst / 100:g}" if 1 < worst <= 100 else ""
        raise OutsideEvidenceError(f"a probability of {worst:g} is not from 0 to 1{hint}")
    return p


def coefficient_of_variation(mean: float, sd: float) -> float:
    """Standard deviation over mean.

    Raises:
        OutsideEvidenceError: Where the mean is zero.
    """
    if mean == 0:
        raise OutsideEvidenceError("the mean is zero, so there is no coefficient of variation")
    return sd / mean

"""The learning curve: cost of a unit, of a lot, and what a budget buys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from armscost.errors import OutsideEvidenceError, chosen, in_units, numbers
from armscost.learning.inputs import (
    Amount,
    Floats,
    Theory,
    check_amount,
    check_slope,
    check_theory,
    is_quantity,
    plain,
    shown,
    together,
    whole_lots,
    whole_units,
)
from armscost.learning.search import buy_falling, buy_rising, solve_exponent
from armscost.learning.slopes import exponent_of_slope
from armscost.learning.sums import half_unit_sum, lot_sum

#: A budget that falls short by no more than this share still buys the last unit, so that the
#: total of n units buys n units whatever the last digit of a float says.
BOUNDARY = 1e-12


@dataclass(frozen=True, kw_only=True, eq=False)
class LearningCurve:
    """How cost falls as units are built, in whatever money or hours ``first_unit`` is in.

    With T1 = ``first_unit`` and b = log2(``slope``), the height of the curve at unit x is
    Y(x) = T1 * x**b. Under Crawford's (unit) theory Y is the cost of unit x; under Wright's
    (cumulative average) theory it is the average cost of units 1 to x, so that the total of the
    first n is T1 * n**(1+b). One slope under the two theories gives different money, so the
    theory has no default.

    The three options are absent unless given, and change Y to
    T1 * (M + (1-M) * (min(x, Xp) + B)**b):

    * ``prior_units`` B: experience brought along, in equivalent units (Stanford-B);
    * ``incompressible`` M: the share of the cost that no experience lowers (DeJong);
    * ``plateau_at`` Xp: the unit from which on every unit costs the same, under both theories.

    ``first_unit`` is then the formula's T1 and not the cost of unit 1.

    Costs come out as ``first_unit`` went in: a float, an array (a curve an element) or a
    Quantity, whose unit is kept. Unit numbers and slopes may be arrays too; all go together by
    numpy's rules. The money must be of one price year: a curve through then-year prices bends
    with inflation.

    Attributes:
        first_unit: T1, above 0.
        slope: The share of the cost left after a doubling, above 0; 0.85 and not 85. Above 1
            cost rises with experience. Wright's theory needs 0.5 or more.
        theory: ``"crawford"`` or ``"wright"``.
        prior_units: B, 0 or more, or None.
        incompressible: M, from 0 to below 1, or None.
        plateau_at: Xp, a whole number of units, or None.

    Raises:
        OutsideEvidenceError: For a slope, cost or option that is not allowed.
        UnknownNameError: For a theory of another name.

    Sources: T. P. Wright, "Factors Affecting the Cost of Airplanes", 1936; J. R. Crawford,
    "Learning Curve, Ship Curve, Ratios, Related Data", 1944; GAO, Cost Estimating and
    Assessment Guide, GAO-20-195G.

    Example:
        >>> curve = LearningCurve(first_unit=100.0, slope=0.85, theory="crawford")
        >>> round(curve.unit(125), 5), round(curve.total(1, 125), 3)
        (32.23647, 5201.085)
        >>> curve.affordable(5_000)
        118
    """

    first_unit: Amount
    slope: Amount
    theory: Theory
    prior_units: Amount | None = None
    incompressible: Amount | None = None
    plateau_at: Amount | None = None

    def __post_init__(self) -> None:
        check_theory(self.theory)
        first_unit = check_amount("first_unit", self.first_unit)
        slope = check_slope(self.slope, self.theory)
        self._keep(first_unit=first_unit, slope=self.slope if is_quantity(self.slope) else slope)
        if self.prior_units is not None:
            prior = numbers("prior_units", self.prior_units)
            wrong = ~(np.isfinite(prior) & (prior >= 0))
            if wrong.any():
                raise OutsideEvidenceError(
                    f"prior_units must be 0 or more, got {shown(prior, wrong)}"
                )
            self._keep(prior_units=prior)
        if self.incompressible is not None:
            share = numbers("incompressible", self.incompressible)
            wrong = ~((share >= 0) & (share < 1))
            if wrong.any():
                raise OutsideEvidenceError(
                    "incompressible is a share of the cost from 0 to below 1 (write 0.25 for "
                    f"25 %), got {shown(share, wrong)}"
                )
            self._keep(incompressible=share)
        if self.plateau_at is not None:
            self._keep(plateau_at=whole_units("plateau_at", self.plateau_at))
        money = first_unit.magnitude if is_quantity(first_unit) else first_unit
        together(first_unit=np.asarray(money), **self._shape())

    def _keep(self, **values: Any) -> None:
        """Store what was checked; an array becomes the curve's own and cannot be written to."""
        for name, value in values.items():
            if not is_quantity(value):
                value = plain(value)
            if isinstance(value, np.ndarray):
                value = value.copy()
                value.setflags(write=False)
            object.__setattr__(self, name, value)

    @property
    def exponent(self) -> Amount:
        """The exponent b = log2(slope), a float or an array; negative where cost falls."""
        return exponent_of_slope(self.slope)

    # -- curves through what is known -----------------------------------------------------

    @classmethod
    def from_unit(
        cls,
        unit: Amount,
        cost: Amount,
        *,
        slope: Amount,
        theory: Theory,
        prior_units: Amount | None = None,
        incompressible: Amount | None = None,
        plateau_at: Amount | None = None,
    ) -> LearningCurve:
        """The curve of a given slope on which one unit costs what it is known to cost.

        Args:
            unit: The number of the known unit.
            cost: What that unit alone costs, under either theory.
            slope: The slope.
            theory: ``"crawford"`` or ``"wright"``.
            prior_units: As in :class:`LearningCurve`.
            incompressible: As in :class:`LearningCurve`.
            plateau_at: As in :class:`LearningCurve`.

        Returns:
            The curve; its ``first_unit`` is of the kind of ``cost``.

        Raises:
            OutsideEvidenceError: For a value that is not allowed, or under Wright's theory with
                a slope of 0.5, where all units but the first cost nothing.

        Example:
            >>> curve = LearningCurve.from_unit(5, 225, slope=0.75, theory="wright")
            >>> round(curve.unit(5), 6)
            225.0
        """
        line = cls(
            first_unit=1.0, slope=slope, theory=theory, prior_units=prior_units,
            incompressible=incompressible, plateau_at=plateau_at,
        )  # fmt: skip
        return line._through(line._unit_share(whole_units("unit", unit)), cost)

    @classmethod
    def from_average(
        cls,
        units: Amount,
        average: Amount,
        *,
        theory: Theory,
        slope: Amount | None = None,
        first_unit: Amount | None = None,
        prior_units: Amount | None = None,
        incompressible: Amount | None = None,
        plateau_at: Amount | None = None,
    ) -> LearningCurve:
        """The curve on which the first ``units`` cost a known average.

        With ``slope`` it finds the first unit; with ``first_unit`` it solves for the slope.

        Args:
            units: How many units the average is of, from unit 1 on.
            average: Their average cost.
            theory: ``"crawford"`` or ``"wright"``.
            slope: The slope, where T1 is sought.
            first_unit: T1, where the slope is sought.
            prior_units: As in :class:`LearningCurve`.
            incompressible: As in :class:`LearningCurve`.
            plateau_at: As in :class:`LearningCurve`.

        Returns:
            The curve; its ``first_unit`` is of the kind of ``average``.

        Raises:
            OutsideEvidenceError: For a value that is not allowed, unless just one of ``slope``
                and ``first_unit`` is given, and where no slope gives the average.
            MixedPricesError: Where ``average`` and ``first_unit`` are of two moneys.

        Example:
            >>> curve = LearningCurve.from_average(4, 8.1, slope=0.9, theory="wright")
            >>> round(curve.average(8), 9)
            7.29
            >>> curve = LearningCurve.from_average(4, 8.1, first_unit=10.0, theory="wright")
            >>> round(curve.slope, 9)
            0.9
        """
        if (slope is None) == (first_unit is None):
            raise OutsideEvidenceError("give slope= to find the first unit, or first_unit= to "
                                       "find the slope")  # fmt: skip
        count = whole_units("units", units)
        amount = check_amount("average", average)
        if slope is None:
            return cls.from_total(
                first_unit=first_unit, total=amount * plain(count), units=units, theory=theory,
                prior_units=prior_units, incompressible=incompressible, plateau_at=plateau_at,
            )  # fmt: skip
        line = cls(
            first_unit=1.0, slope=slope, theory=theory, prior_units=prior_units,
            incompressible=incompressible, plateau_at=plateau_at,
        )  # fmt: skip
        return line._through(line._lot_share(np.ones_like(count), count) / count, amount)

    @classmethod
    def from_total(
        cls,
        *,
        first_unit: Amount,
        total: Amount,
        units: Amount,
        theory: Theory,
        prior_units: Amount | None = None,
        incompressible: Amount | None = None,
        plateau_at: Amount | None = None,
    ) -> LearningCurve:
        """The curve on which the first ``units`` cost ``total``: solves for the slope.

        Args:
            first_unit: T1.
            total: What units 1 to ``units`` cost together, in the money of ``first_unit``.
            units: How many, at least 2.
            theory: ``"crawford"`` or ``"wright"``.
            prior_units: As in :class:`LearningCurve`.
            incompressible: As in :class:`LearningCurve`.
            plateau_at: As in :class:`LearningCurve`.

        Returns:
            The curve; the slope is right to the last digits of a float.

        Raises:
            OutsideEvidenceError: Where no slope from 0 (0.5 under Wright) to 2 gives the total.
            MixedPricesError: Where ``total`` and ``first_unit`` are of two moneys.

        Example:
            >>> curve = LearningCurve.from_total(first_unit=80, total=8250, units=250,
            ...                                  theory="wright")
            >>> round(curve.slope, 7)
            0.8947908
        """
        line = cls(
            first_unit=first_unit, slope=1.0, theory=theory, prior_units=prior_units,
            incompressible=incompressible, plateau_at=plateau_at,
        )  # fmt: skip
        wanted = line._in_first_units("total", check_amount("total", total))
        count = whole_units("units", units, least=2)
        shape = together(total=wanted, units=count, **line._shape())
        wanted, count = np.broadcast_to(wanted, shape), np.broadcast_to(count, shape)
        least = -1.0 if theory == "wright" else -60.0
        exponent = solve_exponent(
            wanted, lambda b: line._lot_share(np.ones_like(count), count, b), least
        )
        return line._with(slope=np.exp2(exponent))

    # -- what units and lots cost ---------------------------------------------------------

    def unit(self, n: Amount) -> Amount:
        """The cost of unit n alone: T1 * n**b (Crawford), T1 * (n**(1+b) - (n-1)**(1+b)) (Wright).

        Args:
            n: The number of the unit, whole, from 1; a number or an array.

        Returns:
            The cost, in the money of ``first_unit``.

        Raises:
            OutsideEvidenceError: For a unit that is not a whole number from 1.

        Example:
            >>> round(LearningCurve(first_unit=100, slope=0.85, theory="wright").unit(125), 5)
            24.70136
        """
        return self._priced(self._unit_share(whole_units("unit", n)))

    def total(self, m: Amount, n: Amount) -> Amount:
        """The cost of a lot, units m to n, both counted.

        Under Crawford the sum of i**b: unit by unit at first, by the Euler-Maclaurin formula
        further out; the relative error is below 1e-10 for lots of any length. Under Wright
        T1 * (n**(1+b) - (m-1)**(1+b)).

        Args:
            m: The first unit of the lot; a number or an array.
            n: The last unit of the lot.

        Returns:
            The cost, in the money of ``first_unit``.

        Raises:
            OutsideEvidenceError: For units that are not whole numbers from 1, or n below m.

        Example:
            >>> round(LearningCurve(first_unit=100, slope=0.8, theory="wright").total(1, 8), 6)
            409.6
        """
        return self._priced(self._lot_share(*whole_lots(m, n)))

    def average(self, n: Amount) -> Amount:
        """The cumulative average: what units 1 to n cost each.

        Args:
            n: The last unit; a number or an array.

        Returns:
            The average cost, in the money of ``first_unit``.

        Raises:
            OutsideEvidenceError: For a unit that is not a whole number from 1.

        Example:
            >>> round(LearningCurve(first_unit=1000, slope=0.8, theory="crawford").average(10), 1)
            631.5
        """
        count = whole_units("unit", n)
        return self._priced(self._lot_share(np.ones_like(count), count) / count)

    def lot_average(self, m: Amount, n: Amount) -> Amount:
        """What the units of a lot, m to n, cost each.

        Args:
            m: The first unit of the lot.
            n: The last unit of the lot.

        Returns:
            The average cost, in the money of ``first_unit``.

        Raises:
            OutsideEvidenceError: As :meth:`total`.

        Example:
            >>> LearningCurve(first_unit=8.0, slope=0.5, theory="crawford").lot_average(1, 1)
            8.0
        """
        first, last = whole_lots(m, n)
        return self._priced(self._lot_share(first, last) / (last - first + 1))

    def at(self, x: Amount) -> Amount:
        """The height of the line at any point, whole or not: Y(x) of the class's formula.

        Under Crawford the cost of unit x, for example at a lot midpoint; under Wright the
        cumulative average of the first x units.

        Args:
            x: A number above 0, or an array of such.

        Returns:
            The height, in the money of ``first_unit``.

        Raises:
            OutsideEvidenceError: For points that are not above 0, and beyond the plateau of a
                curve under Wright, where the average leaves the formula.

        Example:
            >>> LearningCurve(first_unit=8.0, slope=0.5, theory="crawford").at(2.5)
            3.2
        """
        point = numbers("x", x)
        wrong = ~(np.isfinite(point) & (point > 0))
        if wrong.any():
            raise OutsideEvidenceError(f"x must be above 0, got {shown(point, wrong)}")
        if self.plateau_at is not None:
            if self.theory == "wright" and np.any(point > self.plateau_at):
                raise OutsideEvidenceError(
                    "beyond the plateau the cumulative average leaves the line; use average(n)"
                )
            point = np.minimum(point, self.plateau_at)
        together(x=point, **self._shape())
        height = (point + self._given("prior_units")) ** self._exponent()
        share = self._given("incompressible")
        return self._priced(np.asarray(share + (1 - share) * height))

    def midpoint(self, m: Amount, n: Amount) -> Amount:
        """The exact lot midpoint: the point whose unit cost is the average cost of the lot.

        (sum of (i+B)**b / N)**(1/b) - B, and for a slope of 1 its limit, the geometric mean.
        On a plateau every unit costs the same, and the answer is the plateau unit.

        Args:
            m: The first unit of the lot.
            n: The last unit of the lot.

        Returns:
            The midpoint, a float or an array, seldom a whole number.

        Raises:
            OutsideEvidenceError: Under Wright's theory, which plots the cumulative average at
                the last unit and knows no midpoint; and as :meth:`total`.

        Example:
            >>> curve = LearningCurve(first_unit=1, slope=0.85, theory="crawford")
            >>> round(curve.midpoint(1, 10), 5)
            4.26777
        """
        self._only_crawford("a lot midpoint")
        first, last = whole_lots(m, n)
        if self.plateau_at is not None:
            # Past the plateau unit all experience counts alike: measure the lot by that part.
            share = self._with(incompressible=None)._lot_share(first, last)
        else:
            together(first_unit=first, last_unit=last, **self._shape())
            share = lot_sum("crawford", first, last, self._exponent(), self._given("prior_units"))
        return plain(self._point_of(share / (last - first + 1), first, last))

    def midpoint_approximate(
        self, m: Amount, n: Amount, *, rule: Literal["half_unit", "rule_of_thumb"] = "half_unit"
    ) -> Amount:
        """A textbook approximation of the lot midpoint; :meth:`midpoint` is exact.

        ``"half_unit"``: (((n+1/2)**(1+b) - (m-1/2)**(1+b)) / ((1+b) * N))**(1/b), some percent
        low on a first lot. ``"rule_of_thumb"``: (m + n + 2 * sqrt(m * n)) / 4, whatever the
        slope.

        Args:
            m: The first unit of the lot.
            n: The last unit of the lot.
            rule: Which of the two.

        Returns:
            The approximate midpoint, a float or an array.

        Raises:
            OutsideEvidenceError: Under Wright's theory, and for curves with options.
            UnknownNameError: For another rule.

        Example:
            >>> curve = LearningCurve(first_unit=1, slope=0.75, theory="crawford")
            >>> round(curve.midpoint_approximate(201, 500), 4)
            334.6103
        """
        self._only_plain("the approximate lot midpoint")
        first, last = whole_lots(m, n)
        if chosen("midpoint rule", rule, ["half_unit", "rule_of_thumb"]) == "rule_of_thumb":
            return plain((first + last + 2 * np.sqrt(first * last)) / 4)
        together(first_unit=first, last_unit=last, **self._shape())
        b, count = self._exponent(), last - first + 1
        low, high = first - 0.5, last + 0.5
        flat = np.exp((high * np.log(high) - low * np.log(low)) / count - 1)
        with np.errstate(divide="ignore"):
            point = (half_unit_sum(first, last, b) / count) ** (1 / b)
        return plain(np.where(np.abs(b) < 1e-8, flat, point))

    def total_approximate(self, m: Amount, n: Amount) -> Amount:
        """The textbook's half-unit approximation of a lot's cost; :meth:`total` is exact.

        T1 / (1+b) * ((n+1/2)**(1+b) - (m-1/2)**(1+b)), too high on a first lot: by 0.04 % for
        125 units at a slope of 0.85, by 87 % at 0.1.

        Args:
            m: The first unit of the lot.
            n: The last unit of the lot.

        Returns:
            The approximate cost, in the money of ``first_unit``.

        Raises:
            OutsideEvidenceError: Under Wright's theory, whose total is exact without it, and
                for curves with options.

        Example:
            >>> curve = LearningCurve(first_unit=100, slope=0.85, theory="crawford")
            >>> round(curve.total_approximate(1, 125), 3)
            5202.988
        """
        self._only_plain("the approximate lot cost")
        first, last = whole_lots(m, n)
        together(first_unit=first, last_unit=last, **self._shape())
        return self._priced(half_unit_sum(first, last, self._exponent()))

    # -- what a budget buys ---------------------------------------------------------------

    def affordable(self, budget: Amount, built: Amount = 0) -> Any:
        """How many whole units a budget buys after ``built`` units: the largest n whose
        units built+1 to built+n cost no more than it.

        A budget that falls short by one part in 10**12 or less counts as enough, so that
        ``affordable(total(1, n))`` is n up to about 10**12 units.

        Args:
            budget: The money, of the kind and unit of ``first_unit``; 0 or more.
            built: Units built before; 0 or more.

        Returns:
            An int, or an array of int64 where any input is an array.

        Raises:
            OutsideEvidenceError: For a negative or missing budget, and where the units become
                so cheap that it buys more of them than can be counted.
            MixedPricesError: Where budget and ``first_unit`` are of two moneys, or only one of
                them carries a unit.

        Example:
            >>> curve = LearningCurve(first_unit=100, slope=0.85, theory="crawford")
            >>> curve.affordable(5_000, built=125)
            174
        """  # noqa: D205 - the summary needs two lines
        money = self._in_first_units("budget", check_amount("budget", budget, zero=True))
        before = whole_units("built", built, least=0)
        shape = together(budget=money, built=before, **self._shape())
        limit = np.broadcast_to(money * (1 + BOUNDARY), shape)
        before = np.broadcast_to(before, shape)
        b = self._exponent()
        if np.any(b > 0) and np.any(b < 0):
            raise OutsideEvidenceError("ask for slopes above and below 1 with separate curves")
        count = (buy_rising if np.any(b > 0) else buy_falling)(limit, before, self._lot_share)
        return int(count) if count.ndim == 0 else count.astype(np.int64)

    def affordable_real(self, budget: Amount, built: Amount = 0) -> Amount:
        """How many units a budget buys if units could be split: Wright's closed form.

        (budget/T1 + k**(1+b))**(1/(1+b)) - k, with k units built before. Its whole part is
        :meth:`affordable`.

        Args:
            budget: The money, of the kind and unit of ``first_unit``; 0 or more.
            built: Units built before; 0 or more.

        Returns:
            A float or an array.

        Raises:
            OutsideEvidenceError: Under Crawford's theory, which counts whole units, and for a
                curve with options or a slope of 0.5.

        Example:
            >>> curve = LearningCurve(first_unit=100, slope=0.85, theory="wright")
            >>> round(curve.affordable_real(5_000), 4)
            165.7008
        """
        b = self._exponent()
        if self.theory != "wright" or self._options() or np.any(b <= -1):
            raise OutsideEvidenceError(
                "a fraction of a unit can be bought only under theory='wright' without options "
                "and with a slope above 0.5; use affordable(), which counts whole units"
            )
        money = self._in_first_units("budget", check_amount("budget", budget, zero=True))
        before = whole_units("built", built, least=0)
        together(budget=money, built=before, **self._shape())
        return plain((money + before ** (1 + b)) ** (1 / (1 + b)) - before)

    # -- inside -----------------------------------------------------------------------------

    def _exponent(self) -> Floats:
        return np.asarray(np.log2(numbers("slope", self.slope)))

    def _given(self, option: str) -> Floats:
        """An option's value, 0 where it is absent."""
        value = getattr(self, option)
        return np.asarray(0.0 if value is None else value)

    def _options(self) -> dict[str, Any]:
        names = ("prior_units", "incompressible", "plateau_at")
        return {k: getattr(self, k) for k in names if getattr(self, k) is not None}

    def _shape(self) -> dict[str, Floats]:
        """The parts of the curve without money, for their lengths."""
        return {"slope": self._exponent(), **{k: np.asarray(v) for k, v in self._options().items()}}

    def _with(self, **changes: Any) -> LearningCurve:
        parts = {"first_unit": self.first_unit, "slope": self.slope, "theory": self.theory}
        return LearningCurve(**{**parts, **self._options(), **changes})

    def _through(self, share: Floats, cost: Amount) -> LearningCurve:
        """This line moved up or down so that ``share`` of T1 is ``cost``."""
        cost = check_amount("cost", cost)
        if np.any(share <= 0):
            raise OutsideEvidenceError(
                "at a slope of 0.5 under Wright's theory every unit but the first costs nothing; "
                "no curve passes through a cost above 0"
            )
        together(cost=np.asarray(getattr(cost, "magnitude", cost)), units=share)
        return self._with(first_unit=cost / plain(share))

    def _lot_share(self, m: Floats, n: Floats, b: Floats | None = None) -> Floats:
        together(first_unit=m, last_unit=n, **self._shape())
        plateau = None if self.plateau_at is None else np.asarray(self.plateau_at)
        return lot_sum(
            self.theory, m, n, self._exponent() if b is None else b,
            self._given("prior_units"), self._given("incompressible"), plateau,
        )  # fmt: skip

    def _unit_share(self, n: Floats) -> Floats:
        if self.theory == "wright":
            return self._lot_share(n, n)
        together(unit=n, **self._shape())
        n = n if self.plateau_at is None else np.minimum(n, self.plateau_at)
        height = (n + self._given("prior_units")) ** self._exponent()
        share = self._given("incompressible")
        return np.asarray(share + (1 - share) * height)

    def _priced(self, share: Floats) -> Amount:
        money = self.first_unit.magnitude if is_quantity(self.first_unit) else self.first_unit
        together(first_unit=np.asarray(money), units=share)
        return self.first_unit * plain(share)

    def _point_of(self, share: Floats, first: Floats, last: Floats) -> Floats:
        """The point of the line whose height is ``share`` of T1, without options M."""
        from scipy.special import gammaln

        b, prior = self._exponent(), self._given("prior_units")
        with np.errstate(divide="ignore", over="ignore"):
            point = share ** (1 / b)
        if np.any(np.abs(b) < 1e-8):
            logs = gammaln(last + prior + 1) - gammaln(first + prior)
            point = np.where(np.abs(b) < 1e-8, np.exp(logs / (last - first + 1)), point)
        return np.asarray(point - prior)

    def _only_crawford(self, what: str) -> None:
        if self.theory != "crawford":
            raise OutsideEvidenceError(
                f"{what} belongs to theory='crawford'; under Wright's theory the cumulative "
                "average is plotted at the last unit, and total(m, n) is exact"
            )

    def _only_plain(self, what: str) -> None:
        self._only_crawford(what)
        if self._options():
            raise OutsideEvidenceError(
                f"{what} is for a curve without {', '.join(self._options())}; "
                "use the exact total() and midpoint()"
            )

    def _in_first_units(self, name: str, amount: Amount) -> Floats:
        """An amount in multiples of T1."""
        units = getattr(self.first_unit, "units", None)
        money, first_unit = (
            np.asarray(in_units(what, value, units), np.float64)
            for what, value in ((name, amount), ("first_unit", self.first_unit))
        )
        together(**{name: money, "first_unit": first_unit})
        return np.asarray(money / first_unit)

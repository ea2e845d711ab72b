"""The cost of lots as a function of a curve's parameters, and its derivatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from armscost.learning.inputs import Floats
from armscost.learning.lots import Sample


@dataclass(frozen=True, kw_only=True, eq=False)
class LotCost:
    """The cost of lots as a function of theta.

    Theta is ln T1 and b, then, where they are asked, c and the fixed cost over ``scale``.
    """

    sample: Sample
    method: str
    rate: bool
    fixed: bool

    @property
    def names(self) -> list[str]:
        """The parameters, in the order in which theta holds them."""
        return ["log_first_unit", "exponent", *["rate_exponent"] * self.rate,
                *["fixed_cost"] * self.fixed]  # fmt: skip

    @property
    def scale(self) -> float:
        """The mean cost of the lots, in which the fixed cost is counted."""
        return float(self.sample.cost.mean())

    def variable(
        self, theta: Floats, m: Floats | None = None, n: Floats | None = None,
        rate: Floats | None = None,
    ) -> Floats:  # fmt: skip
        """The cost without its fixed part."""
        cost = np.exp(theta[0]) * self.sample.shape(float(theta[1]), m, n)
        if self.rate:
            quantity = self.sample.check_quantity() if rate is None else rate
            cost = cost * quantity ** theta[2]
        return np.asarray(cost)

    def cost(
        self, theta: Floats, m: Floats | None = None, n: Floats | None = None,
        rate: Floats | None = None,
    ) -> Floats:  # fmt: skip
        """The cost of the lots of the sample, or of units m to n."""
        cost = self.variable(theta, m, n, rate)
        return cost + theta[-1] * self.scale if self.fixed else cost

    def gradient(
        self, theta: Floats, m: Floats | None = None, n: Floats | None = None,
        rate: Floats | None = None,
    ) -> Floats:  # fmt: skip
        """The cost's derivatives by theta, one row a lot."""
        variable = self.variable(theta, m, n, rate)
        step = np.zeros_like(theta)
        step[1] = 1e-5
        by_b = (
            self.variable(theta + step, m, n, rate) - self.variable(theta - step, m, n, rate)
        ) / (2 * step[1])
        columns = [variable, by_b]
        if self.rate:
            quantity = self.sample.check_quantity() if rate is None else rate
            columns.append(variable * np.log(quantity))
        if self.fixed:
            columns.append(np.full_like(variable, self.scale))
        return np.column_stack(columns)

"""What speaks against a fitted learning curve."""

from __future__ import annotations

import numpy as np

from armscost.learning.inputs import Floats
from armscost.learning.lots import Sample

# With fewer degrees of freedom Student's t is wide and one odd lot decides the slope.
_FEW = 4
# A slope is cost per doubling: fewer doublings and it is an extrapolation of the lots' scatter.
_DOUBLINGS = 2.0
# Above this the standard errors of experience and rate are more than doubled (O'Brien, 2007).
_INFLATION = 5.0
# Within 4 of the better model's AICc the other keeps considerable support (Burnham, Anderson).
_SUPPORT = 4.0


def doubts_about(
    sample: Sample,
    slope: float,
    interval: tuple[float, float],
    level: float,
    parameters: int,
    rate: bool,
    fixed: float | None,
) -> list[str]:
    """Every reason to doubt the fit, one line each; empty where there is none."""
    lines = []
    freedom = sample.cost.size - parameters
    if freedom < _FEW:
        lines.append(
            f"few lots: {sample.cost.size} for {parameters} parameters leave {freedom} "
            f"degree{'s' if freedom != 1 else ''} of freedom"
        )
    experience = sample.experience(0.0)
    doublings = float(np.log2(experience.max() / experience.min()))
    if doublings < _DOUBLINGS:
        lines.append(
            f"little new experience: from the first lot to the last it grows by {doublings:.1f} "
            "doublings, and a slope is the cost of one"
        )
    if slope >= 1:
        lines.append(f"no learning: a slope of {slope:.3g} says that cost does not fall")
    elif interval[0] <= 1 <= interval[1]:
        lines.append(
            f"no learning shown: the {level:.0%} interval of the slope, {interval[0]:.3g} to "
            f"{interval[1]:.3g}, holds 1"
        )
    if fixed is not None and fixed < 0:
        lines.append(f"the fixed cost came out below 0 ({fixed:.4g}); fit without fixed_cost")
    lines += _about_quantity(sample, slope, rate)
    return lines


def _about_quantity(sample: Sample, slope: float, rate: bool) -> list[str]:
    """Whether it is the quantity and not the experience that moves the cost."""
    name = "annual quantity" if sample.rate is not None else "lot size"
    quantity = np.log(sample.check_quantity())
    if np.ptp(quantity) == 0:
        return []
    lines = []
    inflation = variance_inflation(sample, float(np.log2(slope)))
    if inflation is not None and inflation > _INFLATION:
        lines.append(
            f"{name} and experience rise together (VIF {inflation:.3g}): "
            + ("their two slopes are" if rate else "the slope may be the rate's, and is")
            + " not told apart by these lots"
        )
    average = np.log(sample.cost / sample.quantity)
    experience = np.log(sample.experience(float(np.log2(slope))))
    by_experience, learning = _line(experience, average)
    by_quantity, economy = _line(quantity, average)
    # Both models have two parameters, so the difference of their AICc is that of the fit alone.
    lead = average.size * np.log(by_quantity / by_experience)
    scores = f"AICc of {name} alone less that of experience alone: {lead:+.1f}"
    if economy < 0 and (learning >= 0 or (lead <= -_SUPPORT and not lines)):
        lines.append(
            f"cost follows {name} rather than experience ({scores}); do not read the slope as "
            "learning"
        )
    elif economy < 0 and lead < _SUPPORT:
        verdict = "better than" if lead < 0 else "about as well as"
        lines.append(
            f"{name} alone explains the cost {verdict} experience ({scores}; experience is "
            f"clearly ahead from {_SUPPORT:+.0f})"
        )
    return lines


def variance_inflation(sample: Sample, b: float) -> float | None:
    """1 / (1 - r**2) of log experience and log quantity; None where the quantity is constant."""
    quantity, experience = np.log(sample.check_quantity()), np.log(sample.experience(b))
    if np.ptp(quantity) == 0 or np.ptp(experience) == 0:
        return None
    r = float(np.corrcoef(quantity, experience)[0, 1])
    return 1 / max(1 - r * r, 1e-15)


def _line(x: Floats, y: Floats) -> tuple[float, float]:
    """Squared errors and slope of a straight line; the errors never quite nothing."""
    x, y = x - x.mean(), y - y.mean()
    slope = float(x @ y / (x @ x))
    errors = y - slope * x
    return max(float(errors @ errors), 1e-24), slope

"""The cost exchange: what the defender spends to stop what the attacker spends.

Knows no data: two costs, a kill probability and a firing rule go in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import pandas as pd

from armscost.comparison.frontier import finite, one_unit
from armscost.errors import NotComparableError, OutsideEvidenceError, chosen, numbers
from armscost.results import Result

RULES = {
    "fixed_salvo": "all shots are fired at each target",
    "shoot_look_shoot": "one shot at a time, until the target is killed or the shots are used up",
    "expected": "one shot at a time, until the target is killed, however many it takes",
}
DIRECTION = "defender's cost per kill / attacker's cost"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CostExchange(Result):
    """What stopping one attacker costs, beside what the attacker costs.

    Attributes:
        ratio: Defender's cost per kill over the attacker's cost; above 1 the defender spends
            more than the attacker.
        direction: What is divided by what, in words.
        cost_per_kill: What the defender spends for each target killed, in the kind and unit of
            ``defender``.
        shots_fired: Expected shots at each target.
        kill_probability: Of the whole engagement, all its shots together.
        value_ratio: Defended value over cost per kill: what one unit of the defender's money
            saves. None if no value was given.
    """

    ratio: float
    direction: str
    cost_per_kill: Any
    shots_fired: float
    kill_probability: float
    value_ratio: float | None


def cost_exchange(
    attacker: Any,
    defender: Any,
    kill_probability: float,
    shots: int = 1,
    *,
    rule: str = "fixed_salvo",
    defended_value: Any = None,
    attacker_basis: str | None = None,
    defender_basis: str | None = None,
    pool: bool = False,
) -> CostExchange:
    """The cost-exchange ratio: defender's cost per kill over attacker's cost.

    With p the kill probability of one shot (shots independent), n the shots and c the cost of a
    shot, the engagement kills with P = 1 - (1 - p)ⁿ and fires on average N shots::

        fixed_salvo        N = n          all n at once; c·n / P a kill
        shoot_look_shoot   N = P / p      stops at a kill, at most n; c / p a kill
        expected           N = 1 / p      until the kill, P = 1; c / p a kill

        cost per kill = c · N / P         ratio = cost per kill / attacker

    Args:
        attacker: Cost of one attacking weapon; a number or a quantity.
        defender: Cost of one shot of the defender; the same currency and price year.
        kill_probability: Of one shot, above 0 and at most 1.
        shots: Shots at each target: all of them in a salvo, the most in shoot-look-shoot.
        rule: ``"fixed_salvo"``, ``"shoot_look_shoot"`` or ``"expected"``; with one shot they
            give the same cost per kill.
        defended_value: What one attacker would destroy if it were not killed.
        attacker_basis: Cost basis of the attacker (``"flyaway"``, ``"contract_price"``, …).
        defender_basis: Cost basis of the defender's shot.
        pool: True to compare unlike cost bases all the same.

    Returns:
        A :class:`CostExchange`: ``.ratio`` (direction in ``.direction``), ``.cost_per_kill``,
        ``.shots_fired``, ``.kill_probability``, ``.value_ratio`` and ``.table`` (one row).

    Raises:
        MixedPricesError: Where currencies or price years differ, or only one has a unit.
        NotComparableError: Where the cost bases given differ or are ``unknown``, unless
            ``pool=True``.
        OutsideEvidenceError: For costs not above zero, a probability outside (0, 1], or shots
            that are no whole number.
        UnknownNameError: For an unknown rule.

    Example:
        >>> result = cost_exchange(50_000, 2_000_000, kill_probability=0.7, shots=2)
        >>> round(result.cost_per_kill), round(result.ratio, 2), result.direction
        (4395604, 87.91, "defender's cost per kill / attacker's cost")
    """
    p, n = _probability(kill_probability), _shots(shots, rule)
    bases = _bases(attacker_basis, defender_basis, pool)
    parts = {"defender": defender, "attacker": attacker}
    if defended_value is not None:
        parts["defended_value"] = defended_value
    money, unit = one_unit(parts.values(), "cost", list(parts))
    for name, value in zip(parts, money, strict=True):
        if value <= 0:
            raise OutsideEvidenceError(f"{name} is {value:g}; give an amount above zero")
    # 1 - (1 - p)^n loses its digits for small p in this form, and log1p has none at p = 1
    killed = 1.0 if rule == "expected" or p == 1 else -math.expm1(n * math.log1p(-p))
    fired = float(n) if rule == "fixed_salvo" else killed / p
    per_kill = float(money[0]) * (fired / killed)
    ratio = per_kill / float(money[1])
    value_ratio = float(money[2]) / per_kill if len(money) > 2 else None
    row = {
        "attacker_cost": float(money[1]), "defender_cost_per_shot": float(money[0]),
        "unit": None if unit is None else str(unit), "kill_probability_per_shot": p,
        "rule": rule, "shots": n, "kill_probability": killed, "shots_fired": fired,
        "cost_per_kill": per_kill, "ratio": ratio, "direction": DIRECTION,
        "defended_value": float(money[2]) if len(money) > 2 else None, "value_ratio": value_ratio,
    }  # fmt: skip
    return CostExchange(
        title=f"Cost exchange: the defender spends {ratio:.6g} for each 1 of the attacker's cost",
        table=pd.DataFrame([row]),
        assumptions=[
            f"ratio: {DIRECTION}; above 1 the defender spends more",
            f"rule: {rule} ({RULES[rule]}); shots: {n}",
            f"kill probability {p:g} a shot, the same for each and independent",
            *bases,
            "defended value: not given" if value_ratio is None
            else "value ratio: defended value / defender's cost per kill",
        ],
        ratio=ratio,
        direction=DIRECTION,
        cost_per_kill=defender * (fired / killed),
        shots_fired=fired,
        kill_probability=killed,
        value_ratio=value_ratio,
    )  # fmt: skip


def _probability(given: Any) -> float:
    # a probability in per cent may come as a quantity
    p = finite(numbers("kill_probability", given) if hasattr(given, "to") else given,
               "kill_probability")  # fmt: skip
    if p > 1:
        hint = f"; write {p / 100:g} for {p:g} per cent" if p <= 100 else ""
        raise OutsideEvidenceError(f"kill_probability={p:g}: it is at most 1{hint}")
    if p <= 0:
        raise OutsideEvidenceError(
            f"kill_probability={p:g}: it must be above 0; what never kills has no cost per kill"
        )
    return p


def _shots(shots: Any, rule: str) -> int:
    chosen("firing rule", rule, RULES)
    if isinstance(shots, bool) or not isinstance(shots, Integral) or shots < 1:
        raise OutsideEvidenceError(f"shots={shots!r}: give a whole number from 1 up")
    if rule == "expected" and shots != 1:
        raise OutsideEvidenceError(
            f"shots={shots}: the rule 'expected' fires until the kill, without a limit; leave "
            "shots out, or take 'shoot_look_shoot'"
        )
    return int(shots)


def _bases(attacker: str | None, defender: str | None, pool: bool) -> list[str]:
    alike = attacker == defender and attacker != "unknown"
    said = f"cost basis: attacker {attacker or 'not stated'}, defender {defender or 'not stated'}"
    if alike:
        return [said]
    if not pool:
        raise NotComparableError(
            f"{said}; these are unlike: give both on one basis, or pool=True to compare them "
            "all the same"
        )
    return [f"{said}; unlike, compared because of pool=True"]

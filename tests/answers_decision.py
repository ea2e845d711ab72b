"""Published cases on decisions, answered by the public functions alone.

``TOPICS`` gives for each topic a function from a case's inputs to its answers by name;
``NOT_OFFERED`` the topics there is no function for, and why.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pint

from armscost.comparison.efficiency import efficiency
from armscost.comparison.exchange import cost_exchange
from armscost.comparison.frontier import frontier, pareto
from armscost.comparison.ranking import Ranking, ahp_weights, rank
from armscost.errors import ArmscostError

Inputs = dict[str, Any]
Answers = dict[str, Any]


def topsis(inputs: Inputs) -> Answers:
    result = ranked(inputs, "topsis", otherwise="vector")
    return {"closeness": result.scores.to_list(), "rank": result.table["rank"].to_list()}


def weighted_sum(inputs: Inputs) -> Answers:
    result = ranked(inputs, "weighted_sum", otherwise="none")
    return {"score": result.scores.to_list(), "rank": result.table["rank"].to_list()}


def ranked(inputs: Inputs, method: str, otherwise: str) -> Ranking:
    how = normalisation(str(inputs.get("normalisation", otherwise)))
    return rank(inputs["matrix"], inputs["weights"], inputs["sense"], method, normalisation=how)


def normalisation(words: str) -> str:
    """Our name for a normalisation that a case describes in words."""
    plain = words.lower().replace("-", "_").replace(" ", "_")
    names = {"vector": "vector", "min_max": "min_max", "minmax": "min_max", "sum": "sum",
             "none": "none", "raw": "none", "identity": "none"}  # fmt: skip
    return next((ours for word, ours in names.items() if word in plain), plain)


def decision_errors(inputs: Inputs) -> Answers:
    method = str(inputs["method"]).lower().replace(" ", "_").replace("-", "_")
    if "pairwise" in inputs:
        return raises(lambda: ahp_weights(comparisons(inputs)))
    return raises(lambda: ranked(inputs, method, otherwise="min_max"))


def raises(call: Callable[[], object]) -> Answers:
    try:
        call()
    except ArmscostError:
        return {"raises": True}
    return {"raises": False}


def ahp(inputs: Inputs) -> Answers:
    result = ahp_weights(comparisons(inputs), random_index=inputs.get("RI"))
    return {
        "weights": result.weights.to_list(),
        "lambda_max": result.lambda_max,
        "CI": result.consistency_index,
        "CR": result.consistency_ratio,
    }


def comparisons(inputs: Inputs) -> list[list[float]]:
    """Pairwise comparisons, written as text such as 1/3."""
    return [[float(Fraction(str(cell))) for cell in row] for row in inputs["pairwise"]]


def envelopment(returns: str, orientation: str) -> Callable[[Inputs], Answers]:
    def answer(inputs: Inputs) -> Answers:
        table = efficiency(
            inputs["inputs"],
            inputs["outputs"],
            returns=inputs.get("returns_to_scale", returns),
            orientation=inputs.get("orientation", orientation),
        )
        # publications print φ ≥ 1 as the output score, where ours is 1/φ
        score = "efficiency" if orientation == "input" else "factor"
        return {"efficiency": table[score].to_list()}

    return answer


def cost_effectiveness(inputs: Inputs) -> Answers:
    """Ratios in the caller's order, options by status, and the ratio of each step by name."""
    table = frontier({k: inputs[k] for k in ("option", "cost", "effect")})
    by_status = table.groupby("status")["option"].agg(list)
    stepped = table.dropna(subset="compared_with")
    before = table["option"].reindex(stepped["compared_with"])
    steps = {
        f"icer_{option}_vs_{previous}": float(ratio)
        for option, previous, ratio in zip(
            stepped["option"], before, stepped["incremental_ratio"], strict=True
        )
    }
    return {
        "icer": blank(table["incremental_ratio"]),
        "average_ratio": blank(table["average_ratio"]),
        "status": table["status"].to_list(),
        "frontier": table[table["status"] == "efficient"].sort_values("effect")["option"].to_list(),
        "dominated": by_status.get("dominated", []),
        "extended_dominated": by_status.get("extended_dominated", []),
        **steps,
    }


def blank(numbers: Any) -> list[float | None]:
    return [None if math.isnan(number) else float(number) for number in numbers]


def pareto_with_units(inputs: Inputs) -> Answers:
    registry = currencies_of(inputs["points"])
    points = [[registry.Quantity(cell) for cell in row] for row in inputs["points"]]
    try:
        table = pareto(points, inputs["sense"])
    except ArmscostError:
        return {"raises": True}
    return {"efficient_index": table.index[table["status"] == "efficient"].to_list()}


def currencies_of(points: list[list[str]]) -> pint.UnitRegistry[Any]:
    """A registry in which each currency named is a dimension of its own, without any rate."""
    registry: pint.UnitRegistry[Any] = pint.UnitRegistry()
    for currency in set(re.findall(r"[A-Z]{3}\b", str(points))):
        registry.define(f"{currency} = [{currency}]")
    return registry


def cost_per_effect(inputs: Inputs) -> Answers:
    rule = str(inputs["rule"]).lower().replace(" ", "_").replace("-", "_")
    shots = next((inputs[k] for k in ("salvo", "shots", "max_shots") if k in inputs), 1)
    result = cost_exchange(
        inputs.get("target_cost", inputs["unit_cost"]),
        inputs["unit_cost"],
        inputs["pk"],
        shots=1 if rule == "expected" else shots,
        rule=rule,
    )
    return {
        "cost_per_kill": result.cost_per_kill,
        "expected_shots": result.shots_fired,
        "kill_probability": result.kill_probability,
        "ratio": result.ratio,
    }


TOPICS: dict[str, Callable[[Inputs], Answers]] = {
    "mcda.topsis": topsis,
    "mcda.weighted_sum": weighted_sum,
    "mcda.ahp_consistency": ahp,
    "mcda.errors": decision_errors,
    "dea.ccr_input": envelopment("constant", "input"),
    "dea.ccr_output": envelopment("constant", "output"),
    "dea.bcc_input": envelopment("variable", "input"),
    "dea.bcc_output": envelopment("variable", "output"),
    "cea.icer_frontier": cost_effectiveness,
    "cea.extended_dominance": cost_effectiveness,
    "pareto.with_units": pareto_with_units,
    "cost_per_effect": cost_per_effect,
}

NOT_OFFERED: dict[str, str] = {
    "mcda.vikor": "its compromise parameter v is one more hidden weight; TOPSIS answers the same",
    "mcda.promethee_ii": "needs a preference function for each criterion that no source states",
    "mcda.critic_weights": "weights out of the data's spread are nobody's judgement of worth",
    "mcda.entropy_weights": "weights out of the data's spread are nobody's judgement of worth",
    "mcda.weighted_product": "multiplies unlike units and breaks at zero; use the weighted sum",
}

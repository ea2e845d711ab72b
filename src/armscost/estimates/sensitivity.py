"""Which input drives the answer: one at a time (tornado), and all at once (Sobol indices)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from armscost.errors import MissingExtraError, OutsideEvidenceError, chosen, whole
from armscost.estimates.correlation import Floats
from armscost.estimates.estimate import MOST_DRAWS, probabilities
from armscost.estimates.simulation import Inputs, Model, evaluate, in_unit, input_lines, uncertain
from armscost.results import Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Tornado(Result):
    """The swing of a model's result, input by input; the table has the widest first.

    Attributes:
        base: The result with every input at its best value, without unit.
    """

    base: float

    def chart(self) -> Any:
        """The swings as bars, the widest on top."""
        from armscost import charts

        unit = str(self.table["output_unit"].iloc[0]) or "result"
        return charts.tornado(self.table, unit, base=self.base)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SobolIndices(Result):
    """The share of a result's variance that each input explains; largest total first.

    Attributes:
        first_order: Input to the share that it explains alone.
        total: Input to the share that it has a part in, alone or with others.
    """

    first_order: dict[str, float]
    total: dict[str, float]


def tornado(
    model: Model,
    inputs: Inputs,
    *,
    at: tuple[float, float] = (0.1, 0.9),
    output: str | None = None,
) -> Tornado:
    """Move one input at a time from its low to its high, the others at their best values.

    Args:
        model: As for :func:`simulate`; called once, on arrays of 2 x inputs + 1 values.
        inputs: As for :func:`simulate`.
        at: The two probabilities between which each input is moved; the same for all, so that
            the swings compare.
        output: Which output, where the model gives several.

    Returns:
        A :class:`Tornado`; ``.table`` has a row an input: ``input``, ``input_low``,
        ``input_high``, ``output_low`` (the result at the input's low), ``output_high``,
        ``swing`` (their distance), sorted by swing.

    Raises:
        OutsideEvidenceError: For no uncertain inputs, or probabilities not in order.
        UnknownNameError: For an output that the model does not give.

    Example:
        >>> from armscost.estimates import Estimate
        >>> hours = Estimate(8_000, 10_000, 15_000, bounds="min_max")
        >>> wage = Estimate(18.0, 20.0, 25.0, bounds="min_max")
        >>> swings = tornado(lambda hours, wage: hours * wage, {"wage": wage, "hours": hours})
        >>> swings.table["input"].tolist(), swings.base
        (['hours', 'wage'], 200000.0)
    """
    import pandas as pd

    names = _some_uncertain(inputs)
    ends = probabilities(at)
    if ends.shape != (2,) or ends[0] >= ends[1]:
        raise OutsideEvidenceError(f"at={at}; write two, the lower probability first")
    low, high = ends
    size = 2 * len(names) + 1
    arguments, moved = dict(inputs), []
    for i, name in enumerate(names):
        values = np.full(size, inputs[name].best_value)
        values[2 * i + 1 : 2 * i + 3] = inputs[name].distribution.quantile(np.array([low, high]))
        moved.append(values[2 * i + 1 : 2 * i + 3])
        arguments[name] = in_unit(inputs[name], values)
    results, unit = _one_output(model, arguments, size, output)
    table = pd.DataFrame(
        {
            "input": names,
            "input_low": [e[0] for e in moved],
            "input_high": [e[1] for e in moved],
            "input_unit": [_unit_text(inputs[name].units) for name in names],
            "output_low": results[1::2],
            "output_high": results[2::2],
            "output_unit": unit,
            "swing": np.abs(results[2::2] - results[1::2]),
        }
    )
    order = f"each input moved from its {low:.0%} to its {high:.0%} quantile, the others at best"
    return Tornado(
        title="Swing of the result, one input at a time",
        table=table.sort_values("swing", ascending=False, kind="stable", ignore_index=True),
        assumptions=[*input_lines(inputs), order],
        sources=_sources(inputs),
        base=float(results[0]),
    )


def sobol(
    model: Model,
    inputs: Inputs,
    *,
    base_samples: int = 4096,
    seed: int = 1,
    output: str | None = None,
) -> SobolIndices:
    """Split the variance of a result among its inputs (extra ``sensitivity``: SALib).

    First-order and total indices by Saltelli's sampling on a scrambled Sobol sequence: A.
    Saltelli et al., "Variance based sensitivity analysis of model output", Computer Physics
    Communications 181 (2010) 259-270. The inputs count as independent.

    Args:
        model: As for :func:`simulate`; called once, with base_samples x (inputs + 2) draws.
        inputs: As for :func:`simulate`.
        base_samples: A power of two.
        seed: The same seed gives the same indices.
        output: Which output, where the model gives several.

    Returns:
        A :class:`SobolIndices`; ``.table`` has a row an input: ``input``, ``first_order``,
        ``first_order_interval``, ``total``, ``total_interval`` (half-widths at 95 %).

    Raises:
        MissingExtraError: Where SALib is not installed.
        OutsideEvidenceError: For base samples that are no power of two, no uncertain inputs,
            or a result that does not vary.
        UnknownNameError: For an output that the model does not give.

    Example:
        >>> from armscost.estimates import Estimate
        >>> inputs = {"a": Estimate.uniform(0.0, 1.0), "b": Estimate.uniform(0.0, 3.0)}
        >>> shares = sobol(lambda a, b: a + b, inputs)
        >>> {name: round(share, 2) for name, share in shares.first_order.items()}
        {'b': 0.9, 'a': 0.1}
    """
    try:
        from SALib.analyze import sobol as analyse
        from SALib.sample import sobol as saltelli
    except ImportError as error:
        raise MissingExtraError("sobol", "sensitivity") from error
    names = _some_uncertain(inputs)
    base_samples = whole("base_samples", base_samples, least=2, most=MOST_DRAWS)
    seed = whole("seed", seed)
    if base_samples & (base_samples - 1):
        raise OutsideEvidenceError(f"base_samples is {base_samples}; write a power of two (4096)")
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    points = saltelli.sample(problem, base_samples, calc_second_order=False, seed=seed)
    uniforms = np.clip(points.T, 2.0**-53, 1 - 2.0**-53)
    arguments = dict(inputs)
    for name, u in zip(names, uniforms, strict=True):
        arguments[name] = in_unit(inputs[name], inputs[name].distribution.quantile(u))
    results, _ = _one_output(model, arguments, len(points), output)
    if not np.ptp(results):
        raise OutsideEvidenceError("the result does not vary with any input; nothing to split")
    # SALib takes a seed of 0 for none, and would then draw from numpy's global state.
    found = analyse.analyze(problem, np.array(results), calc_second_order=False, seed=seed + 1)
    table = _indices_table(names, found)
    return SobolIndices(
        title="Share of the result's variance, input by input",
        table=table,
        assumptions=[
            *input_lines(inputs),
            f"inputs independent; {base_samples:,} base samples, seed {seed}",
        ],
        sources=_sources(inputs),
        first_order=dict(zip(table["input"], map(float, table["first_order"]), strict=True)),
        total=dict(zip(table["input"], map(float, table["total"]), strict=True)),
    )


def _indices_table(names: list[str], found: Any) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(
        {
            "input": names,
            "first_order": found["S1"],
            "first_order_interval": found["S1_conf"],
            "total": found["ST"],
            "total_interval": found["ST_conf"],
        }
    )
    return table.sort_values("total", ascending=False, kind="stable", ignore_index=True)


def _some_uncertain(inputs: Inputs) -> list[str]:
    names = uncertain(inputs)
    if not names:
        raise OutsideEvidenceError("no input is an Estimate; there is no uncertainty to trace")
    return names


def _one_output(
    model: Model, arguments: dict[str, Any], size: int, output: str | None
) -> tuple[Floats, str]:
    outputs, units = evaluate(model, arguments, size)
    if output is None and len(outputs) > 1:
        raise OutsideEvidenceError(
            f"the model has several outputs ({', '.join(outputs)}); "
            f"name one, as in output={next(iter(outputs))!r}"
        )
    name = next(iter(outputs)) if output is None else output
    chosen("output of this model", name, outputs)
    return outputs[name], _unit_text(units[name])


def _unit_text(unit: Any) -> str:
    return "" if unit is None else str(unit)


def _sources(inputs: Inputs) -> list[str]:
    return sorted({inputs[name].source for name in uncertain(inputs)} - {""})

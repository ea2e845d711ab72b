"""Draws of uncertain inputs, and what a model makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from scipy.special import ndtri

from armscost.errors import OutsideEvidenceError, chosen, finite, in_units, numbers, whole
from armscost.estimates.correlation import (
    Correlation,
    Floats,
    correlate_scores,
    correlation_matrix,
    iman_conover,
    settle_correlation,
)
from armscost.estimates.distribution import Point
from armscost.estimates.estimate import MOST_DRAWS, Estimate, probabilities
from armscost.results import Result

if TYPE_CHECKING:
    import pandas as pd

Inputs: TypeAlias = Mapping[str, Any]
Model: TypeAlias = Callable[..., Any]
Sampling: TypeAlias = Literal["sobol", "latin_hypercube", "random"]
Dependence: TypeAlias = Literal["gaussian_copula", "iman_conover"]

SAMPLINGS = ("sobol", "latin_hypercube", "random")
DEPENDENCES = ("gaussian_copula", "iman_conover")

# A uniform draw of exactly 0 or 1 would be infinite in a shape without ends.
_EDGE = 2.0**-53


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Simulation(Result):
    """What a model gives when its inputs are drawn.

    A model with several named outputs has its numbers under ``simulation["name"]``.

    Attributes:
        outputs: The drawn values of each output, without unit; ``"result"`` where the model
            returns one array.
        points: Each output with all inputs at their best values.
        units: The unit of each output; None for bare numbers.
        correlation: The correlation matrix used, in the order of the uncertain inputs.
        repaired: What had to be done to the matrix, in one line; empty where nothing was.
    """

    outputs: dict[str, Floats]
    points: dict[str, float]
    units: dict[str, Any]
    correlation: Floats
    repaired: str

    def __getitem__(self, name: str) -> Simulation:
        chosen("output of this model", name, self.outputs)
        return Simulation(
            title=f"{self.title}: {name}",
            table=self.table[self.table["output"] == name].reset_index(drop=True),
            assumptions=self.assumptions,
            sources=self.sources,
            outputs={name: self.outputs[name]},
            points={name: self.points[name]},
            units={name: self.units[name]},
            correlation=self.correlation,
            repaired=self.repaired,
        )

    @property
    def samples(self) -> Any:
        """The drawn results, one a draw, with their unit; a dictionary for several outputs."""
        values = {name: self._with_unit(name, drawn) for name, drawn in self.outputs.items()}
        return next(iter(values.values())) if len(values) == 1 else values

    @property
    def point(self) -> Any:
        """The result with every input at its best value."""
        return self._with_unit(self._only, self.points[self._only])

    @property
    def mean(self) -> Any:
        """The mean of the draws."""
        return self._with_unit(self._only, float(np.mean(self.outputs[self._only])))

    @property
    def sd(self) -> Any:
        """The standard deviation of the draws."""
        return self._with_unit(self._only, _sd(self.outputs[self._only]))

    @property
    def cv(self) -> float:
        """Standard deviation over mean; NaN where the mean is zero."""
        return _cv(self.outputs[self._only])

    def quantile(self, q: Any) -> Any:
        """The value that is not exceeded with probability ``q``; arrays in, arrays out.

        Raises:
            OutsideEvidenceError: For a probability outside 0 to 1, or several outputs.
        """
        values = np.quantile(self.outputs[self._only], probabilities(q))
        return self._with_unit(self._only, values if np.ndim(values) else float(values))

    def where(self, value: Any = None) -> float:
        """The share of draws at or below a value; by default at or below the point estimate.

        Raises:
            OutsideEvidenceError: For a value that is no finite number, or several outputs.
            MixedPricesError: For a value that is not in the unit of the output.
        """
        name = self._only
        if value is None:
            limit = self.points[name]
        else:
            limit = finite("value", in_units("value", value, self.units[name]))
        return float(np.mean(self.outputs[name] <= limit))

    def s_curve(self, steps: Any = None) -> pd.DataFrame:
        """The cumulative curve: columns ``probability`` and ``value``.

        Args:
            steps: Probabilities; by default 0.01 to 0.99.
        """
        import pandas as pd

        p = probabilities(np.arange(1, 100) / 100 if steps is None else steps)
        return pd.DataFrame({"probability": p, "value": np.quantile(self.outputs[self._only], p)})

    def chart(self) -> Any:
        """The S-curve of the one output, with its point estimate."""
        from armscost import charts

        name = self._only
        unit = "" if self.units[name] is None else str(self.units[name])
        return charts.s_curve(self.s_curve(), unit or name, point=self.points[name])

    @property
    def _only(self) -> str:
        if len(self.outputs) > 1:
            names = ", ".join(self.outputs)
            first = next(iter(self.outputs))
            raise OutsideEvidenceError(
                f"the model has several outputs ({names}); take one, as in result[{first!r}].mean"
            )
        return next(iter(self.outputs))

    def _with_unit(self, name: str, value: Any) -> Any:
        unit = self.units[name]
        return value if unit is None else value * unit


def simulate(
    model: Model,
    inputs: Inputs,
    draws: int = 10_000,
    seed: int = 1,
    correlation: Correlation = None,
    *,
    sampling: Sampling = "sobol",
    dependence: Dependence = "gaussian_copula",
    repair: bool = False,
) -> Simulation:
    """Run a model on drawn inputs.

    An input is drawn once however many parts of the model use it: drivers that several parts
    share (an index, a rate, a slope) belong under one name.

    Args:
        model: A function of keyword arrays, called once with all draws; it returns one array,
            or a dictionary of named arrays, one value a draw. Quantities in, Quantities out.
        inputs: Name to :class:`Estimate`, or to a number or Quantity that is known.
        draws: How many. The Sobol sequence is best balanced at a power of two.
        seed: The same seed gives the same draws.
        correlation: See :func:`correlation_matrix`, over the inputs that are estimates; None
            draws them independently, and the assumptions say so.
        sampling: ``"sobol"`` (scrambled), ``"latin_hypercube"`` or ``"random"``.
        dependence: ``"gaussian_copula"`` or ``"iman_conover"`` (reorders the draws and keeps
            each input's stratification). Both take the coefficients as those of normal scores.
        repair: Whether correlations that contradict one another are replaced by the nearest
            that hold; the result then says so.

    Returns:
        A :class:`Simulation`: ``.quantile(0.8)``, ``.mean``, ``.sd``, ``.cv``, ``.samples``,
        ``.point``, ``.where()``, ``.s_curve()``, ``.table``, ``.assumptions``.

    Raises:
        OutsideEvidenceError: For no or too few draws, correlations that contradict one another,
            or a model whose values are not finite or not one a draw.
        UnknownNameError: For a sampling or dependence of another name.

    Example:
        >>> from armscost.estimates import Estimate
        >>> hours = Estimate(8_000, 10_000, 15_000, bounds="min_max")
        >>> wage = Estimate(18.0, 20.0, 25.0, bounds="min_max")
        >>> cost = simulate(lambda hours, wage: hours * wage, {"hours": hours, "wage": wage})
        >>> cost.point, round(cost.mean, -2), round(cost.where(), 2)
        (200000.0, 231000.0, 0.2)
    """
    drawn, matrix, lines, repaired = _draw(
        inputs, draws, seed, correlation, sampling=sampling, dependence=dependence, repair=repair
    )
    outputs, units = evaluate(model, drawn, draws)
    at_best, _ = evaluate(model, at_best_values(inputs), 1)
    points = {name: float(value[0]) for name, value in at_best.items()}
    estimates = [e for e in inputs.values() if isinstance(e, Estimate)]
    return Simulation(
        title=f"{draws:,} draws of {len(estimates)} uncertain inputs",
        table=_summary(outputs, points, units),
        assumptions=[*input_lines(inputs), *lines],
        sources=sorted({e.source for e in estimates if e.source}),
        outputs=outputs,
        points=points,
        units=units,
        correlation=matrix,
        repaired=repaired,
    )


def draw(
    inputs: Inputs,
    draws: int = 10_000,
    seed: int = 1,
    correlation: Correlation = None,
    *,
    sampling: Sampling = "sobol",
    dependence: Dependence = "gaussian_copula",
    repair: bool = False,
) -> dict[str, Any]:
    """The draws that :func:`simulate` would hand to its model.

    Args:
        inputs: Name to :class:`Estimate`, or to a number or Quantity that is known.
        draws: How many.
        seed: The same seed gives the same draws.
        correlation: As for :func:`simulate`.
        sampling: As for :func:`simulate`.
        dependence: As for :func:`simulate`.
        repair: As for :func:`simulate`.

    Returns:
        Name to an array of ``draws`` values, with the estimate's unit; known values as given.

    Raises:
        OutsideEvidenceError: As for :func:`simulate`.
        UnknownNameError: As for :func:`simulate`.

    Example:
        >>> from armscost.estimates import Estimate
        >>> slope = Estimate.uniform(0.80, 0.95)
        >>> draw({"slope": slope, "budget": 5_000}, draws=4)["slope"].shape
        (4,)
    """
    drawn, *_ = _draw(
        inputs, draws, seed, correlation, sampling=sampling, dependence=dependence, repair=repair
    )
    return drawn


def _draw(
    inputs: Inputs,
    draws: int,
    seed: int,
    correlation: Correlation,
    *,
    sampling: str,
    dependence: str,
    repair: bool,
) -> tuple[dict[str, Any], Floats, list[str], str]:
    """The draws, the correlation matrix behind them, printable lines on both, any repair."""
    chosen("sampling", sampling, SAMPLINGS)
    chosen("dependence", dependence, DEPENDENCES)
    draws, seed = whole("draws", draws, least=2, most=MOST_DRAWS), whole("seed", seed)
    names = uncertain(inputs)
    matrix, repaired = settle_correlation(correlation_matrix(correlation, names), repair=repair)
    estimates: list[Estimate] = [inputs[name] for name in names]
    independent = np.array_equal(matrix, np.eye(len(names)))
    rng = np.random.default_rng(seed)
    if independent or dependence == "iman_conover":
        uniforms = _uniforms(sampling, len(names), draws, rng)
        values = [e.distribution.quantile(u) for e, u in zip(estimates, uniforms, strict=True)]
        if not independent:
            together = iman_conover(np.column_stack(values), matrix, seed=seed)
            values = [np.ascontiguousarray(column) for column in together.T]
    else:
        scores = correlate_scores(_scores(sampling, len(names), draws, rng), matrix)
        values = [e.distribution.from_scores(z) for e, z in zip(estimates, scores, strict=True)]
    drawn = dict(inputs)
    for name, estimate, value in zip(names, estimates, values, strict=True):
        drawn[name] = value if estimate.units is None else value * estimate.units
    lines = [_sampling_line(sampling, draws, seed)]
    if len(names) > 1:
        lines.append(_correlation_line(matrix, names, "" if independent else dependence))
    if repaired:
        lines.append(repaired)
    return drawn, matrix, lines, repaired


def _uniforms(sampling: str, variables: int, draws: int, rng: np.random.Generator) -> Floats:
    """Draws between 0 and 1, both excluded, of shape (variables, draws)."""
    if sampling == "random" or not variables:
        return np.maximum(rng.random((variables, draws)), _EDGE)
    from scipy.stats import qmc

    if sampling == "latin_hypercube":
        points = qmc.LatinHypercube(variables, rng=rng).random(draws)
    else:
        # Whole powers of two only, so the sequence is balanced; the surplus is cut off after.
        power = (draws - 1).bit_length()
        points = qmc.Sobol(variables, rng=rng).random_base2(power)[:draws]
    return np.clip(np.ascontiguousarray(points.T), _EDGE, 1 - _EDGE)


def _scores(sampling: str, variables: int, draws: int, rng: np.random.Generator) -> Floats:
    """Independent standard normal scores, of shape (variables, draws)."""
    if sampling == "random":
        return rng.standard_normal((variables, draws))
    return np.asarray(ndtri(_uniforms(sampling, variables, draws, rng)))


def _sampling_line(sampling: str, draws: int, seed: int) -> str:
    text = f"{draws:,} draws, {sampling.replace('_', ' ')} sampling, seed {seed}"
    if sampling == "sobol" and draws & (draws - 1):
        below = 1 << (draws.bit_length() - 1)
        text += f" (not a power of two: {below:,} or {2 * below:,} would be balanced better)"
    return text


def _correlation_line(matrix: Floats, names: list[str], dependence: str) -> str:
    if not dependence:
        return (
            "the inputs are drawn independently; where they move together in truth, "
            "the spread shown is too narrow"
        )
    pairs = [
        f"{names[i]}/{names[j]} {matrix[i, j]:.3g}"
        for i, j in zip(*np.triu_indices(len(names), 1), strict=True)
        if matrix[i, j]
    ]
    shown = ", ".join(pairs[:10]) + (f" and {len(pairs) - 10} more" if len(pairs) > 10 else "")
    return f"the inputs are correlated ({dependence.replace('_', ' ')} of normal scores): {shown}"


def uncertain(inputs: Inputs) -> list[str]:
    """The names of the inputs that are estimates; the others are checked to be numbers.

    Raises:
        OutsideEvidenceError: For an input that is neither an estimate nor one finite number.
    """
    if not isinstance(inputs, Mapping):
        raise OutsideEvidenceError(f"inputs are names and their values, got {inputs!r}")
    for name, value in inputs.items():
        if not isinstance(value, Estimate):
            finite(name, getattr(value, "magnitude", value))
    return [name for name, value in inputs.items() if isinstance(value, Estimate)]


def at_best_values(inputs: Inputs) -> dict[str, Any]:
    """Every estimate at its best value, as an array of one."""
    best = dict(inputs)
    for name in uncertain(inputs):
        best[name] = in_unit(inputs[name], np.array([inputs[name].best_value]))
    return best


def in_unit(estimate: Estimate, values: Floats) -> Any:
    """Bare values with the unit of an estimate."""
    return values if estimate.units is None else values * estimate.units


def input_lines(inputs: Inputs) -> list[str]:
    """One printable line an input: what was assumed of it, and where its solved end is odd."""
    lines = []
    for name, value in inputs.items():
        line = f"{name}: {value}" if isinstance(value, Estimate) else f"{name}: {value} (known)"
        if isinstance(value, Estimate) and not isinstance(value.distribution, Point):
            end = value.parameters.get("minimum", 0.0)
            if end < 0 < float(getattr(value.low, "magnitude", value.low)):
                line += f"; its lowest draws are negative, down to {end:.3g}"
            if value.source:
                line += f" [{value.source}]"
        lines.append(line)
    return lines


def evaluate(
    model: Model, arguments: Mapping[str, Any], draws: int
) -> tuple[dict[str, Floats], dict[str, Any]]:
    """The model's outputs as float arrays of ``draws`` values, and the unit of each.

    Raises:
        OutsideEvidenceError: For values that are not finite, or not one a draw.
    """
    if not callable(model):
        raise OutsideEvidenceError(f"the model is a function of keyword arrays, got {model!r}")
    answer = model(**arguments)
    named = answer if isinstance(answer, Mapping) else {"result": answer}
    outputs, units = {}, {}
    for name, value in named.items():
        units[name] = getattr(value, "units", None)
        array = np.asarray(getattr(value, "magnitude", value))
        array = numbers(name, array.astype(float) if array.dtype.kind == "b" else array)
        if array.shape not in ((), (draws,)):
            raise OutsideEvidenceError(
                f"the model gave {name} in shape {array.shape} for {draws} draws; it must give "
                "one value a draw: write it with numpy functions that work on whole arrays"
            )
        bad = int(np.count_nonzero(~np.isfinite(array)))
        if bad:
            raise OutsideEvidenceError(
                f"the model gave {bad} values of {name} that are not finite (of {array.size}); "
                "narrow the inputs, or let the model handle them"
            )
        outputs[name] = np.broadcast_to(array, (draws,))
    if not outputs:
        raise OutsideEvidenceError("the model gave no outputs; return an array or a dictionary")
    return outputs, units


def _sd(values: Floats) -> float:
    return float(np.std(values, ddof=1)) if np.ptp(values) else 0.0


def _cv(values: Floats) -> float:
    mean = float(np.mean(values))
    return _sd(values) / mean if mean else float("nan")


def _summary(
    outputs: dict[str, Floats], points: dict[str, float], units: dict[str, Any]
) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for name, values in outputs.items():
        p10, p50, p80, p90 = np.quantile(values, [0.1, 0.5, 0.8, 0.9])
        row = {
            "output": name,
            "unit": "" if units[name] is None else str(units[name]),
            "point": points[name],
            "point_falls_at": float(np.mean(values <= points[name])),
            "mean": float(np.mean(values)),
            "sd": _sd(values),
            "cv": _cv(values),
        }
        rows.append({**row, "p10": p10, "p50": p50, "p80": p80, "p90": p90})
    return pd.DataFrame(rows)

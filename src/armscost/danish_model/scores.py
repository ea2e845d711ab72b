"""How wrong forecasts were: errors beside naive rivals, and how often the band held the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from armscost.danish_model.outlook import P90, Beliefs, band_scale
from armscost.errors import OutsideEvidenceError
from armscost.results import Result

# Fewer scored points say nothing of a method.
ENOUGH = 5


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class BackTest(Result):
    """Forecasts made from what was known, against what was later said.

    Attributes:
        errors: A row a scored point: what was forecast from when, ``truth``, ``p10``, ``p50``,
            ``p90``, ``error``, ``relative_error``, ``log_error``, ``inside``, and each rival
            forecast with its ``…_error``, relative too.
        coverage: The share of truths inside p10 to p90; should be 0.8. NaN without any.
        coverage_of: What ``coverage`` counts: the points asked for, or, where these are fewer
            than five, the points of all series.
        n_scored: The number of scored points. One truth is scored once from each origin, so
            points are not independent; ``n_truths`` counts the truths.
        n_truths: The number of different truths among them.
        scorable: Whether there are five points or more.
        verdict: What the errors say, in one line; ``"not scorable"`` under five points.
        drawn: What the chart shows: figures and forecast; empty for many series.
    """

    errors: pd.DataFrame
    coverage: float
    coverage_of: str
    n_scored: int
    n_truths: int
    scorable: bool
    verdict: str
    drawn: dict[str, pd.DataFrame]
    measure: str

    def chart(self) -> Any:
        """Every published figure, and the forecast with its band.

        Raises:
            OutsideEvidenceError: For an answer over many series.
        """
        if not self.drawn:
            raise OutsideEvidenceError("a chart shows one series; name a system, not 'all'")
        from armscost import charts

        return charts.ramp(
            self.drawn["figures"], self.measure, title=self.title, fitted=self.drawn["forecast"]
        )


def with_bands(points: pd.DataFrame, beliefs: Beliefs) -> pd.DataFrame:
    """Scale the bands by past errors, and score every point.

    Args:
        points: A row a point: ``origin``, ``known_from`` (of the truth), ``truth``, ``mean`` and
            ``sd`` of the log, and rival forecasts.
        beliefs: How much past errors count.

    Returns:
        The points with ``p10``, ``p50``, ``p90``, ``error``, ``relative_error``, ``log_error``,
        ``inside``. A band uses only errors whose truth was known at its origin.
    """
    out = points.copy()
    mean, sd = out["mean"].to_numpy(float), out["sd"].to_numpy(float)
    truth = out["truth"].to_numpy(float)
    scores = (np.log(truth) - mean) / sd
    known, origin = out["known_from"].to_numpy(), out["origin"].to_numpy()
    scale = np.array([band_scale(scores[known <= day], beliefs) for day in origin], dtype=float)
    out["p10"] = np.exp(mean - P90 * scale * sd)
    out["p50"] = np.exp(mean)
    out["p90"] = np.exp(mean + P90 * scale * sd)
    out["error"] = out["p50"] - truth
    out["relative_error"] = out["p50"] / truth - 1
    out["log_error"] = np.log(out["p50"] / truth)
    out["inside"] = (out["p10"] <= truth) & (truth <= out["p90"])
    return out


def score_table(
    errors: pd.DataFrame, by: str, rivals: Sequence[str], truth_of: Sequence[str]
) -> pd.DataFrame:
    """A row a group and one of all: points, coverage, median absolute error of each forecast.

    Args:
        errors: Scored points, each rival with its column ``…_error``.
        by: The column to group by.
        rivals: The other forecasts.
        truth_of: Columns that name one truth.

    Returns:
        Columns ``by``, ``n_scored``, ``n_truths``, ``coverage``, ``median_error`` (of the
        model, absolute and relative), ``<rival>_median_error``, ``verdict``.
    """
    groups = [(str(name), rows) for name, rows in errors.groupby(by)]
    if len(groups) != 1:
        groups.append(("all", errors))
    rows = []
    for name, points in groups:
        row: dict[str, Any] = {
            by: name,
            "n_scored": len(points),
            "n_truths": len(points.drop_duplicates(list(truth_of))),
            "coverage": share_inside(points),
            "median_error": middle_error(points["relative_error"]),
        }
        row |= {f"{r}_median_error": middle_error(points[f"{r}_error"]) for r in rivals}
        rows.append(row | {"verdict": verdict(points, rivals)})
    names = [by, "n_scored", "n_truths", "coverage", "median_error"]
    columns = [*names, *(f"{r}_median_error" for r in rivals), "verdict"]
    return pd.DataFrame(rows, columns=columns)


def verdict(points: pd.DataFrame, rivals: Sequence[str]) -> str:
    """Against which rivals the model is better, and against which worse, on the same points."""
    if len(points) < ENOUGH:
        return f"not scorable: {len(points)} point(s), {ENOUGH} needed"
    words = {"better than": [], "worse than": [], "as good as": []}  # type: dict[str, list[str]]
    for rival in rivals:
        both = points[points[f"{rival}_error"].notna()]
        if both.empty:
            continue
        ours = middle_error(both["relative_error"])
        theirs = middle_error(both[f"{rival}_error"])
        word = "as good as" if ours == theirs else "better than" if ours < theirs else "worse than"
        on = "" if len(both) == len(points) else f", {len(both)} points"
        words[word].append(f"{rival.replace('_', ' ')} ({ours:.1%} against {theirs:.1%}{on})")
    return "; ".join(f"{word} {', '.join(names)}" for word, names in words.items() if names)


def share_inside(points: pd.DataFrame) -> float:
    """The share of truths inside the band; NaN without points."""
    return float(points["inside"].mean()) if len(points) else float("nan")


def middle_error(errors: pd.Series[float]) -> float:
    """The median of the absolute errors; NaN without any."""
    return float(errors.abs().median()) if errors.notna().any() else float("nan")

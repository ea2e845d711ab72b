"""What forecasts of output would have said, and how wrong they were."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from armscost import datasets
from armscost.danish_model.history import observations, series_of
from armscost.danish_model.outlook import BELIEFS, Beliefs, Floats, last_growth, no_change, outlook
from armscost.danish_model.scores import (
    ENOUGH,
    BackTest,
    score_table,
    share_inside,
    verdict,
    with_bands,
)
from armscost.errors import OutsideEvidenceError
from armscost.records import span_of
from armscost.results import rows_of

RIVALS = ("no_change", "last_growth")
TRUTH = ("series", "fact_id")
_EPOCH = dt.date(2000, 1, 1)
_DAYS_A_MONTH = 365.25 / 12

ERRORS = [
    "series", "system_id", "origin", "n_known", "period", "stated_on", "months_ahead", "truth",
    "p10", "p50", "p90", "error", "relative_error", "log_error", "inside", "no_change",
    "no_change_error", "last_growth", "last_growth_error", "qualifier", "status", "statement",
    "fact_id", "source_id",
]  # fmt: skip


def backtest(
    system: str,
    until: str | None = None,
    *,
    beliefs: Beliefs = BELIEFS,
    outputs: pd.DataFrame | None = None,
) -> BackTest:
    """Forecast output from what was stated up to a date, and score what was stated later.

    A forecast uses the figures of units produced or delivered that were published by its
    origin; goals, plans and capacities are no truths and are not used. A scored truth was
    stated after the origin, about a time after the origin. The forecast is
    :func:`armscost.danish_model.outlook.outlook`: growth that was seen, fading; the same few
    round beliefs for every series. Its band is scaled by the errors of all series that could be
    seen at the origin. Beside it stand two naive forecasts: no change (the latest figure) and
    last growth (the latest figure, grown on as it last grew over three months or more; no
    change where there is no such growth).

    Args:
        system: A system, a series of output by its name, or ``"all"``.
        until: One origin: ``"2024"``, ``"2024-06"`` or a day; what was stated by its end is
            known. By default the test walks forward: every day on which a figure was stated is
            an origin.
        beliefs: What is believed of any line before its figures are seen.
        outputs: Figures of your own, in the columns of the table ``outputs``.

    Returns:
        A :class:`BackTest`; ``.table`` has a row a series, ``.errors`` a row a scored point in
        units a month.

    Raises:
        UnknownNameError: For a system or series that is not there.
        OutsideEvidenceError: For a date that is none, a system without output, or an origin at
            which fewer than two dated figures were known (it says from when on there are).

    Example:
        >>> test = backtest("bohdan", until="2024-12")
        >>> test.n_scored >= 2 and test.errors["inside"].notna().all()
        np.True_
        >>> backtest("pac-3-mse").verdict
        'not scorable: 0 point(s), 5 needed'
    """
    if not isinstance(beliefs, Beliefs):
        raise OutsideEvidenceError(f"beliefs is {beliefs!r}; write Beliefs(growth=2.0, ...)")
    found, unread = observations(outputs)
    asked = found if isinstance(system, str) and system == "all" else series_of(found, system)
    origin = span_of(until)[1] if until is not None else None
    points = walk(found, origin, beliefs)
    pooled = with_bands(points, beliefs)
    mine = pooled[pooled["series"].isin(asked["series"].unique())]
    mine = mine if origin is None else mine[mine["origin"] == origin]
    if origin is not None and mine.empty:
        _check_origin(asked, system, origin)
    everything = pooled if origin is None else pooled[pooled["origin"] == origin]
    errors = mine[ERRORS].reset_index(drop=True)
    enough = len(errors) >= ENOUGH
    counted = errors if enough else everything
    own = "the points asked for" if enough else f"all series ({len(everything)} points)"
    when = "walking forward" if origin is None else f"from what was stated by {origin}"
    return BackTest(
        title=f"Forecasts of output against what was later stated: {system}, {when}",
        table=score_table(errors, "series", RIVALS, TRUTH),
        assumptions=_assumptions(beliefs, origin),
        sources=sorted(set(asked["source_id"])),
        left_out=pd.concat([_not_scored(asked, errors), unread], ignore_index=True),
        trace=asked.assign(middle=asked["middle"].astype(str)).reset_index(drop=True),
        errors=errors,
        coverage=share_inside(counted),
        coverage_of=own,
        n_scored=len(errors),
        n_truths=len(errors.drop_duplicates(list(TRUTH))),
        scorable=enough,
        verdict=verdict(errors, RIVALS),
        drawn={} if system == "all" else _drawn(asked, pooled, origin, beliefs),
        measure="Units a month",
    )


def backtest_all(until: str | None = None, **options: Any) -> BackTest:
    """The back-test over all series, pooled; see :func:`backtest`.

    Example:
        >>> pooled = backtest_all()
        >>> pooled.n_scored >= 50 and 0 <= pooled.coverage <= 1
        True
    """
    return backtest("all", until, **options)


def walk(found: pd.DataFrame, also: dt.date | None, beliefs: Beliefs) -> pd.DataFrame:
    """Every forecast of every series from every origin, with the truth it is held against.

    Args:
        found: Observations, as :func:`~armscost.danish_model.history.observations` gives them.
        also: One more origin, for all series.
        beliefs: What is believed of any line.

    Returns:
        A row a point, with ``mean`` and ``sd`` of the log, and the two naive forecasts.
    """
    columns = [*(c for c in ERRORS if c not in ("p10", "p50", "p90", "error", "relative_error",
               "log_error", "inside")), "mean", "sd", "known_from"]  # fmt: skip
    rows: list[dict[str, Any]] = []
    for _, series in found.groupby("series"):
        origins = sorted({*series["known_from"], *([also] if also else [])})
        for origin in origins:
            rows += _from_origin(series, origin, beliefs)
    return pd.DataFrame(rows, columns=columns)


def _from_origin(series: pd.DataFrame, origin: dt.date, beliefs: Beliefs) -> list[dict[str, Any]]:
    known = series[series["known_from"] <= origin]
    later = series[(series["said_after"] > origin) & (series["middle"] > origin)]
    if known["middle"].nunique() < 2 or later.empty:
        return []
    seen, rates, ahead = _months(known), known["rate"].to_numpy(float), _months(later)
    mean, sd = outlook(seen, rates, ahead, beliefs)
    rows = []
    for i, truth in enumerate(rows_of(later)):
        steady, growing = no_change(seen, rates), last_growth(seen, rates, float(ahead[i]))
        rows.append(
            truth._asdict()
            | {
                "origin": origin,
                "n_known": len(known),
                "months_ahead": float(ahead[i] - _months_of(origin)),
                "truth": truth.rate,
                "mean": mean[i],
                "sd": sd[i],
                "no_change": steady,
                "no_change_error": steady / truth.rate - 1,
                "last_growth": growing,
                "last_growth_error": growing / truth.rate - 1,
            }
        )
    return rows


def _months_of(day: dt.date) -> float:
    return (day - _EPOCH).days / _DAYS_A_MONTH


def _months(rows: pd.DataFrame) -> Floats:
    return np.array([_months_of(day) for day in rows["middle"]], dtype=float)


def _check_origin(asked: pd.DataFrame, system: str, origin: dt.date) -> None:
    """Refuse an origin from which nothing can be forecast, and say from when on it can."""
    for _, series in asked.groupby("series"):
        if series.loc[series["known_from"] <= origin, "middle"].nunique() >= 2:
            return
    starts = []
    for _, series in asked.groupby("series"):
        first = series.sort_values("known_from").drop_duplicates("middle")["known_from"]
        starts += [first.iloc[1]] if len(first) > 1 else []
    when = f"two are known from {min(starts)} on" if starts else "there never are two"
    raise OutsideEvidenceError(
        f"until {origin}: a forecast of {system} needs dated figures of two times; {when}"
    )


def _not_scored(asked: pd.DataFrame, errors: pd.DataFrame) -> pd.DataFrame:
    """Each figure that was no truth, with the reason."""
    scored = set(zip(errors["series"], errors["fact_id"], strict=True))
    reason = "never a truth: nothing to forecast it from, or said after the time it is of"
    rows = [
        {"figure": row.fact_id, "reason": f"{row.series}: {reason}"}
        for row in rows_of(asked)
        if (row.series, row.fact_id) not in scored
    ]
    return pd.DataFrame(rows, columns=["figure", "reason"], dtype="str")


def _assumptions(beliefs: Beliefs, origin: dt.date | None) -> list[str]:
    walked = "every day on which a figure was stated is an origin, and every later figure is "
    return [
        "figures of units produced or delivered; goals, plans and capacities are no truths",
        "one value a fact, as first printed; units a month by armscost; a range is its middle; "
        "'at least' and 'about' are read as printed",
        "a statement dated by month or year counts as known at its end, and as later said from "
        "its start",
        (walked + "scored from it: points share truths and are not independent")
        if origin is None
        else f"one origin, {origin}; bands know the errors of all series up to it",
        "a truth is of a time after the origin, and was stated after it",
        *beliefs.lines(),
        f"data version {datasets.data_version()}",
    ]


def _drawn(
    asked: pd.DataFrame, pooled: pd.DataFrame, origin: dt.date | None, beliefs: Beliefs
) -> dict[str, pd.DataFrame]:
    """The figures, and the forecast from one origin: that given, else the last that is scored."""
    mine = pooled[pooled["series"].isin(asked["series"].unique())]
    mine = mine if origin is None else mine[mine["origin"] == origin]
    if mine.empty:
        return {}
    start = mine["origin"].max() if origin else mine["origin"].min()
    known = asked[asked["known_from"] <= start]
    last = max(asked["middle"])
    days = pd.date_range(min(known["middle"]), last, periods=40).date
    ahead = np.array([_months_of(day) for day in days], dtype=float)
    mean, sd = outlook(_months(known), known["rate"].to_numpy(float), ahead, beliefs)
    width = np.log(mine.loc[mine["origin"] == start, "p90"] / mine.loc[
        mine["origin"] == start, "p50"]) / mine.loc[mine["origin"] == start, "sd"]  # fmt: skip
    reach = float(width.iloc[0]) * sd
    figures = pd.DataFrame(
        {
            "date": [str(day) for day in asked["middle"]],
            "value": asked["rate"].to_numpy(float),
            "status": asked["status"].to_numpy(),
            "low": np.where(asked["low"] < asked["high"], asked["low"], np.nan),
            "high": np.where(asked["low"] < asked["high"], asked["high"], np.nan),
            "source": asked["source_id"].to_numpy(),
            "stated_on": asked["stated_on"].to_numpy(),
            "printed": asked["statement"].to_numpy(),
        }
    )
    forecast = pd.DataFrame(
        {"date": [str(day) for day in days], "value": np.exp(mean),
         "low": np.exp(mean - reach), "high": np.exp(mean + reach)}
    )  # fmt: skip
    return {"figures": figures, "forecast": forecast}

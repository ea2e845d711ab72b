"""What forecasts of the next lots' unit cost would have said, beside the budget books' own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from armscost import datasets, prices
from armscost.danish_model.history import with_columns
from armscost.danish_model.lot_outlook import LOT_BELIEFS, LotBeliefs, Lots, lot_outlook
from armscost.danish_model.outlook import Beliefs, Floats
from armscost.danish_model.scores import (
    ENOUGH,
    BackTest,
    score_table,
    share_inside,
    verdict,
    with_bands,
)
from armscost.errors import NoRateError, OutsideEvidenceError, chosen, each_chosen
from armscost.learning import LearningCurve, fit_learning_curve
from armscost.prices.economies import economy_of
from armscost.records import span_of
from armscost.results import records

RIVALS = ("last_price", "learning_curve", "book")
TRUTH = ("series", "fiscal_year")
KNOWLEDGE = ("printed", "next_year")
# The exponent of the lot midpoint, at the middle of the believed slopes; it matters little.
_MIDPOINT_SLOPE = 0.875

ERRORS = [
    "series", "fiscal_year", "origin", "edition", "years_ahead", "n_lots", "quantity", "truth",
    "p10", "p50", "p90", "error", "relative_error", "log_error", "inside", "last_price",
    "last_price_error", "learning_curve", "learning_curve_error", "book", "book_error", "source_id",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class LotBackTest(BackTest):
    """The back-test of unit costs.

    Attributes:
        books: The error of the budget books' own forecasts wherever an outcome is known, also
            where nothing was known to forecast from: ``years_ahead``, ``n``, ``median_error``.
    """

    books: pd.DataFrame


def backtest_lots(
    series: str | Sequence[str] | None = None,
    *,
    knowledge: str = "printed",
    index: str = "defence",
    beliefs: LotBeliefs = LOT_BELIEFS,
    lots: pd.DataFrame | None = None,
) -> LotBackTest:
    """Forecast each next lot's unit cost from the lots known then, and score it.

    Every budget book is an origin, and so is every day on which a lot's outcome became known.
    From it all lots are forecast whose fiscal year begins later. Four forecasts stand side by
    side: ours (:func:`~armscost.danish_model.lot_outlook.lot_outlook`), the learning curve alone
    (:func:`armscost.fit_learning_curve`, where three lots with unit numbers allow it), the last
    known price as it stands, and the budget book's own. Errors are in then-year money.

    A lot is an outcome where its source was published in its fiscal year or later; a request or
    a plan is no truth and teaches nothing. Quantities ahead are those the latest book planned,
    else the last known lot's. Lots are brought to one price year by the index; the forecast goes
    back to then-year money by the index's mean growth over the three years before the origin,
    since what came later was not known.

    Args:
        series: Names of series; all of them by default.
        knowledge: When a lot's outcome is known. ``"printed"``: from the day its source was
            published; strict, since the table holds the latest print only. ``"next_year"``: from
            the start of February after its fiscal year, when the book with it as prior year
            comes out; more points, but the figure may have been revised since.
        index: Which price index: ``"defence"`` (by fiscal year, for US money), ``"consumer"`` or
            a series; see :func:`armscost.rebase`.
        beliefs: What is believed of any series.
        lots: Lots of your own, in the columns of ``learning_lots``, and ``published`` where
            their ``source_id`` is not ours.

    Returns:
        A :class:`LotBackTest`; ``.table`` has a row for each number of years ahead (0: the year
        the book asks money for) and for each series; ``.errors`` a row a scored point.

    Raises:
        UnknownNameError: For a series or way of knowing that is not there.

    Example:
        >>> test = backtest_lots()
        >>> test.n_scored > 20 and 0 < test.coverage < 1
        True
    """
    chosen("way of knowing", knowledge, KNOWLEDGE)
    if not isinstance(beliefs, LotBeliefs):
        raise OutsideEvidenceError(f"beliefs is {beliefs!r}; write LotBeliefs(slope=(0.8, 0.95))")
    table, left = _read(lots, knowledge, index)
    names = table["series"].unique().tolist()
    wanted = (
        names
        if series is None
        else each_chosen("series of lots", series, names, where="learning_lots")
    )
    if not wanted:
        raise OutsideEvidenceError("no series of lots named; leave series out to ask for all")
    points = pd.DataFrame(
        [row for name in names for row in _walk(table[table["series"] == name], index, beliefs)],
        columns=[*ERRORS[:8], *ERRORS[15:], "mean", "sd", "known_from"],
    )
    pooled = with_bands(points, Beliefs(worth=beliefs.worth))
    errors = pooled.loc[pooled["series"].isin(wanted), ERRORS].reset_index(drop=True)
    enough = len(errors) >= ENOUGH
    return LotBackTest(
        title="Forecasts of the unit cost of the next lots against what they cost"
        + ("" if series is None else f": {', '.join(wanted)}"),
        table=_table(errors),
        assumptions=_assumptions(knowledge, index, beliefs),
        sources=sorted(set(table.loc[table["series"].isin(wanted), "source_id"])),
        left_out=left,
        trace=table[table["series"].isin(wanted)].reset_index(drop=True),
        errors=errors,
        coverage=share_inside(errors if enough else pooled),
        coverage_of="the points asked for" if enough else f"all series ({len(pooled)} points)",
        n_scored=len(errors),
        n_truths=len(errors.drop_duplicates(list(TRUTH))),
        scorable=enough,
        verdict=verdict(errors, RIVALS),
        drawn={},
        measure="Unit cost",
        books=book_errors(table[table["series"].isin(wanted)]),
    )


def book_errors(table: pd.DataFrame) -> pd.DataFrame:
    """How wrong the budget books were, by years ahead; no forecast of ours is involved."""
    outcomes = table[table["edition"] == ""]
    books = table[table["edition"] != ""]
    both = books.merge(outcomes, on=["series", "fiscal_year"], suffixes=("", "_truth"))
    # A book that prints a lot as outcome and as forecast is not held against itself.
    both = both[both["known_from"] < both["known_from_truth"]]
    both["years_ahead"] = [
        year - day.year - 1
        for year, day in zip(both["fiscal_year"], both["known_from"], strict=True)
    ]
    both["error"] = (both["unit_cost"] / both["unit_cost_truth"] - 1).abs()
    found = both.groupby("years_ahead")["error"].agg(n="size", median_error="median")
    return found.reset_index()


def _table(errors: pd.DataFrame) -> pd.DataFrame:
    """By years ahead, then by series; one row of all."""
    by_year = score_table(errors, "years_ahead", RIVALS, TRUTH)
    by_year.insert(0, "group", [f"{name} year(s) ahead" if name != "all" else "all"
                                for name in by_year["years_ahead"]])  # fmt: skip
    by_series = score_table(errors, "series", RIVALS, TRUTH)
    by_series.insert(0, "group", by_series["series"])
    both = pd.concat([by_year, by_series[by_series["series"] != "all"]], ignore_index=True)
    return both.drop(columns=["years_ahead", "series"])


# --------------------------------------------------------------------------------------
# Lots
# --------------------------------------------------------------------------------------


READ = ["lot_id", "series_id", "fiscal_year", "quantity", "currency", "price_basis", "source_id"]


def _read(
    lots: pd.DataFrame | None, knowledge: str, index: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every lot and forecast with the day it was known and its level of prices."""
    table = datasets.shared_table("learning_lots") if lots is None else with_columns(lots, READ)
    published = datasets.shared_table("sources").set_index("source_id")["published"]
    rows, left = [], []
    for row in records(table):
        read = _lot(row, published, knowledge, index)
        if isinstance(read, str):
            left.append({"figure": row["lot_id"], "reason": read})
        else:
            rows.append(read)
    columns = ["series", "edition", "fiscal_year", "quantity", "first_unit", "last_unit",
               "unit_cost", "level", "known_from", "currency", "source_id", "lot_id"]  # fmt: skip
    found = pd.DataFrame(rows, columns=columns)
    order = ["series", "fiscal_year", "edition", "lot_id"]
    found = found.sort_values(order, ignore_index=True)
    return found, pd.DataFrame(left, columns=["figure", "reason"], dtype="str")


def _lot(
    row: dict[str, Any], published: pd.Series[str], knowledge: str, index: str
) -> dict[str, Any] | str:
    """One lot or one forecast of it, or why it cannot be used."""
    if "fiscal_year" not in row or "quantity" not in row:
        return "no fiscal year or quantity"
    year, edition = int(row["fiscal_year"]), str(row.get("edition", ""))
    cost = row.get("unit_cost", row.get("total_cost", np.nan) / row["quantity"])
    if not cost > 0:
        return "no cost"
    if row["price_basis"] != "then_year":
        return "constant-year money: the years cannot be told apart from escalation"
    day = row.get("published", published.get(row["source_id"]))
    if not isinstance(day, str):
        return "its source has no date: when it was known is not known"
    said = span_of(day)
    outcome = said[0].year >= year
    if not edition and not outcome:
        return "a request or plan, not an outcome: published before its fiscal year"
    known = said[1]
    if not edition and knowledge == "next_year":
        known = dt.date(year + 1, 2, 1)
    try:
        level = _level(row["currency"], year, index)
    except NoRateError as error:
        return f"{error}"
    return {
        "series": row["series_id"],
        "edition": edition,
        "fiscal_year": year,
        "quantity": float(row["quantity"]),
        "first_unit": row.get("first_unit", np.nan),
        "last_unit": row.get("last_unit", np.nan),
        "unit_cost": float(cost),
        "level": level,
        "known_from": known,
        "currency": row["currency"],
        "source_id": row["source_id"],
        "lot_id": row["lot_id"],
    }


# Levels are relative to one year that every index of ours covers; any year gives one forecast.
_BASE_YEAR = 2015


def _level(currency: str, year: int, index: str) -> float:
    """Prices of a year in those of the base year, by the index of the money's own economy."""
    found = prices.factor(currency, _BASE_YEAR, currency, year, index=index,
                          area=economy_of(currency))  # fmt: skip
    return found.value


def _escalation(currency: str, origin: dt.date, index: str) -> float:
    """Mean growth of the index over three years before the origin, or as many as there are."""
    last = origin.year - 1
    for back in (3, 2, 1):
        try:
            now, then = (_level(currency, year, index) for year in (last, last - back))
        except NoRateError:
            continue
        return float((now / then) ** (1 / back))
    return 1.0


# --------------------------------------------------------------------------------------
# Forecasts
# --------------------------------------------------------------------------------------


def _begins(fiscal_year: int) -> dt.date:
    """The first day of a US fiscal year."""
    return dt.date(fiscal_year - 1, 10, 1)


def _walk(series: pd.DataFrame, index: str, beliefs: LotBeliefs) -> list[dict[str, Any]]:
    """Every forecast of one series."""
    rows: list[dict[str, Any]] = []
    outcomes, books = series[series["edition"] == ""], series[series["edition"] != ""]
    for origin in sorted(set(series["known_from"])):
        known = outcomes[outcomes["known_from"] <= origin]
        begins = np.array([_begins(year) for year in outcomes["fiscal_year"]], dtype=object)
        later = outcomes[(outcomes["known_from"] > origin) & (begins > origin)]
        if known.empty:
            continue
        plan = books[books["known_from"] <= origin]
        for target in records(later):
            rows.append(_point(known, plan, target, origin, index, beliefs))
    return rows


def _point(
    known: pd.DataFrame,
    books: pd.DataFrame,
    target: dict[str, Any],
    origin: dt.date,
    index: str,
    beliefs: LotBeliefs,
) -> dict[str, Any]:
    """Ours and the rivals' forecasts of one lot from one origin."""
    known = known.sort_values("fiscal_year", kind="stable")
    last, year = known.iloc[-1], int(target["fiscal_year"])
    planned = books.sort_values("known_from", kind="stable").drop_duplicates(
        "fiscal_year", keep="last"
    )
    planned = planned.set_index("fiscal_year")
    quantity = float(planned["quantity"].get(year, last["quantity"]))
    between = [
        float(planned["quantity"].get(y, last["quantity"]))
        for y in range(int(last["fiscal_year"]) + 1, year)
    ]
    constant = (known["unit_cost"] / known["level"] * last["level"]).to_numpy(float)
    numbered = bool(known["last_unit"].notna().all())
    first = float(last["last_unit"]) + sum(between) + 1 if numbered else 1.0
    units = (first, first + quantity - 1)
    escalation = _escalation(target["currency"], origin, index) ** (year - last["fiscal_year"])
    mean, sd = lot_outlook(
        _lots(known, numbered), constant, _ahead(year, units, quantity, numbered), beliefs
    )
    curve = _curve(known, constant, units) * escalation if numbered else np.nan
    # The book of the origin itself; an earlier book's view is not its maker's latest.
    own = planned[planned["known_from"] == origin]
    book = float(own["unit_cost"].get(year, np.nan))
    truth = target["unit_cost"]
    rivals = {"last_price": float(last["unit_cost"]), "learning_curve": curve, "book": book}
    return {
        "series": target["series"],
        "fiscal_year": year,
        "origin": origin,
        "edition": str(own["edition"].get(year, "")),
        "years_ahead": year - origin.year - 1,
        "n_lots": len(known),
        "quantity": quantity,
        "truth": truth,
        "mean": float(mean[0]) + float(np.log(escalation)),
        "sd": float(sd[0]),
        "known_from": target["known_from"],
        "source_id": target["source_id"],
        **rivals,
        **{f"{name}_error": value / truth - 1 for name, value in rivals.items()},
    }


def _midpoint(first: float, last: float) -> float:
    curve = LearningCurve(first_unit=1.0, slope=_MIDPOINT_SLOPE, theory="crawford")
    return float(curve.midpoint(int(first), int(last)))


def _lots(known: pd.DataFrame, numbered: bool) -> Lots:
    pairs = zip(known["first_unit"], known["last_unit"], strict=True)
    middles = [_midpoint(*pair) for pair in pairs] if numbered else [1.0] * len(known)
    return Lots(
        known["fiscal_year"].to_numpy(float), np.array(middles), known["quantity"].to_numpy(float)
    )


def _ahead(year: int, units: tuple[float, float], quantity: float, numbered: bool) -> Lots:
    middle = _midpoint(*units) if numbered else 1.0
    return Lots(np.array([float(year)]), np.array([middle]), np.array([quantity]))


def _curve(known: pd.DataFrame, constant: Floats, units: tuple[float, float]) -> float:
    """The learning curve alone; NaN where the lots do not allow one."""
    lots = pd.DataFrame(
        {
            "first_unit": known["first_unit"].astype(int),
            "last_unit": known["last_unit"].astype(int),
            "total_cost": constant * known["quantity"].to_numpy(float),
        }
    )
    try:
        with np.errstate(over="ignore"):
            fit = fit_learning_curve(lots, theory="crawford", method="mupe")
            return float(np.asarray(fit.predict(int(units[0]), int(units[1])).average))
    except OutsideEvidenceError:
        return float("nan")


def _assumptions(knowledge: str, index: str, beliefs: LotBeliefs) -> list[str]:
    known = {
        "printed": "a lot's outcome is known from the day the source with its latest figure was "
        "published",
        "next_year": "a lot's outcome is known from February after its fiscal year; its latest "
        "figure is used, which may have been revised since",
    }
    return [
        known[knowledge],
        "an outcome was published in its fiscal year or later; requests and plans are no truths",
        "quantities ahead: as the latest book by then planned them, else the last known lot's",
        f"money brought to one price year by index {index}; then-year forecasts by its mean "
        "growth over the three years before the origin (assumed); the index as it is known today",
        "learning_curve: Crawford, least percentage error, three lots or more with unit numbers; "
        "last_price: the last known lot's, then-year, as it stands; book: the budget book of "
        "the origin",
        "one truth is forecast from each origin: points are not independent",
        *beliefs.lines(),
        f"data version {datasets.data_version()}",
    ]

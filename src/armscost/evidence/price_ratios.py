"""Stated cost ratios: which published prices stand on either side."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from armscost import prices, units
from armscost.comparison.unit_price import (
    GROUP,
    compare,
    count_facts_once,
    rebased,
    unit_prices,
)
from armscost.errors import NoRateError, OutsideEvidenceError
from armscost.evidence.ratios import LIKE, LOOSE, Side, Test, untestable
from armscost.evidence.tables import plain
from armscost.results import records

_KIND = GROUP[1:]
# The order in which the references are told: the source's own price first.
OWN, BEST, LATEST = "the source's own price", "best graded price", "latest contract"


class PricedFigures:
    """The prices of systems and deals in one money, each looked up once.

    Args:
        to: Currency and price year.
        method: Order, index, rate and book; see :func:`armscost.compare`.
    """

    def __init__(self, to: str, method: dict[str, Any]) -> None:
        self.to, self.method = to, method
        self.factors: list[prices.Factor] = []
        self.failures: list[str] = []
        self.left_out: list[pd.DataFrame] = []
        self._costs = plain("costs").set_index("cost_id")
        self._found: dict[str, pd.DataFrame] = {}

    def of(self, name: str) -> pd.DataFrame:
        """The prices of a system, or of one deal by its ``fact_id``; empty where none.

        A plan is no price of a system; but where a claim names the plan itself, it is what the
        claim speaks of.
        """
        deal = self._costs[self._costs["fact_id"] == name]
        if deal.empty:
            return self._of_system(name)
        figures = self._of_system(str(deal["system_id"].iloc[0]))
        mine = figures[figures["fact_id"] == name] if len(figures) else figures
        return mine if len(mine) else self._goals(deal.reset_index())

    def _of_system(self, system: str) -> pd.DataFrame:
        if system not in self._found:
            self._found[system] = self._looked_up(system)
        return self._found[system]

    def _looked_up(self, system: str) -> pd.DataFrame:
        if not (self._costs["system_id"] == system).any():
            return pd.DataFrame()
        try:
            found = compare([system], self.to, **self.method)
        except OutsideEvidenceError as error:
            self.failures.append(str(error))
            self.left_out.append(pd.DataFrame([{"figure": system, "reason": str(error)}]))
            return pd.DataFrame()
        self.left_out.append(found.left_out)
        return self._with_nominal(found.trace.reset_index(drop=True))

    def _goals(self, deal: pd.DataFrame) -> pd.DataFrame:
        usable, _ = unit_prices(deal, goals=True)
        found, _, _ = rebased(usable, *units.price_unit(self.to), self.method)
        return self._with_nominal(count_facts_once(found)) if len(found) else found

    def _with_nominal(self, figures: pd.DataFrame) -> pd.DataFrame:
        """The figures and what takes each to money of its own year."""
        currencies = figures["cost_id"].map(self._costs["currency"].astype("str"))
        figures["to_nominal"] = [
            self._to_nominal(currency, int(year))
            for currency, year in zip(currencies, figures["price_year"], strict=True)
        ]
        return figures

    def _to_nominal(self, currency: str, year: int) -> float:
        """From the rebased amount to money of its own year at that year's rate."""
        to_currency, to_year = units.price_unit(self.to)
        way = prices.factor(currency, year, to_currency, to_year, **self.method)
        self.factors.append(way)
        try:
            plain = prices.factor(currency, year, to_currency, year, **self.method)
        except NoRateError:
            return math.nan
        return plain.value / way.value


def cost_tests(claim: dict[str, Any], priced: PricedFigures) -> list[Test]:
    """Hold a stated cost ratio against the published prices, strictly and figure by figure.

    Args:
        claim: A row of the table ``claims`` with the relation ``cost``.
        priced: Where the prices come from.

    Returns:
        The strict test of each kind of price that both sides have (or one that says why there
        is none), then the loose ones: each kind of price of the subject against the price that
        the claim's own source prints for the object, against the best graded price and
        against the latest contract.
    """
    subjects, objects = (priced.of(claim[name]) for name in ("subject_id", "object_id"))
    missing = [
        claim[name]
        for name, figures in (("subject_id", subjects), ("object_id", objects))
        if figures.empty
    ]
    if missing:
        return [untestable(f"no usable price of {' or of '.join(missing)}")]
    strict = _like_groups(subjects, objects)
    return [*strict, *_figure_by_figure(subjects, objects, str(claim["source_id"]))]


def _like_groups(subjects: pd.DataFrame, objects: pd.DataFrame) -> list[Test]:
    tests = []
    for key, group in subjects.groupby(_KIND, sort=False, dropna=True):
        kind = dict(zip(_KIND, key, strict=True))
        if kind["scope"] == "unknown":
            continue
        same = objects[(objects[_KIND] == pd.Series(kind)).all(axis=1)]
        if len(same):
            name = kind_of(kind)
            tests.append(Test(LIKE, _sides(group), _sides(same), name, name))
    return tests or [
        untestable("no kind of price that both sides have and that is known: see the readings")
    ]


def _figure_by_figure(subjects: pd.DataFrame, objects: pd.DataFrame, source: str) -> list[Test]:
    tests = []
    for reference, chosen in _references(objects, source):
        sides = _sides(chosen)
        kinds = list(dict.fromkeys(side.kind for side in sides))
        for _, group in subjects.groupby(_KIND, sort=False, dropna=False):
            kind = kind_of(records(group)[0])
            note = "scopes differ or are unknown: a reading, no verdict"
            tests.append(Test(LOOSE, _sides(group), sides, kind, "; ".join(kinds), reference, note))
    return tests


def _references(objects: pd.DataFrame, source: str) -> list[tuple[str, pd.DataFrame]]:
    """The prices of the object that a claim is read against, by name."""
    counted = objects[objects["counted"]]
    own = objects[objects["source_id"] == source].assign(counted=True)
    grade = counted["grade"].str[1] + counted["grade"].str[0]
    best = counted[grade == grade.min()]
    orders = counted[counted["cost_basis"] == "contract_price"]
    dates = orders["price_date"].fillna(orders["price_year"].astype("Int64").astype("str"))
    latest = orders[dates == dates.max()]
    found = [(OWN, own), (BEST, best), (LATEST, latest)]
    return [(name, figures) for name, figures in found if len(figures)]


def kind_of(row: dict[str, Any]) -> str:
    """The kind of a price in words: basis, scope, condition and what one item is."""
    scope = "scope unknown" if row["scope"] == "unknown" else row["scope"]
    words = [row["cost_basis"], scope, row.get("condition") or "condition unknown"]
    item = f" a {row['per']}" if row["per"] not in ("gun", "drone", "round", "missile") else ""
    return ", ".join(words).replace("_", " ") + item


def _sides(figures: pd.DataFrame) -> list[Side]:
    return [
        Side(
            figure_id=row["cost_id"],
            low=row["low"],
            central=row["central"],
            high=row["high"],
            kind=kind_of(row),
            printed=row["printed"] + (f" ({row['computed']})" if row["computed"] else ""),
            source_id=row["source_id"],
            to_nominal=row.get("to_nominal", math.nan),
            steps=row["steps"],
            counted=bool(row["counted"]),
        )
        for row in records(figures)
    ]

"""Price indices and parities as a book holds them: one series an area and base year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from armscost.prices.economies import SAME_AREA

if TYPE_CHECKING:
    import pandas as pd

NOT_AN_OUTCOME = ("projection", "partial_year")
NO_YEAR = "no year"


@dataclass(frozen=True)
class Level:
    """One value of a series: what it is, how firm, and whose."""

    value: float
    basis: str
    source_id: str
    note: str | None


@dataclass(frozen=True)
class Series:
    """A price index of one area with one base year."""

    area: str
    index: str
    base_year: str
    levels: dict[int, Level]

    def years(self, *, outcomes_only: bool) -> set[int]:
        """The years it covers, with or without projections and parts of years."""
        return {
            year
            for year, level in self.levels.items()
            if not (outcomes_only and level.basis in NOT_AN_OUTCOME)
        }

    def ratio(self, from_year: int, to_year: int) -> float:
        """The factor from the prices of one year to those of another."""
        return self.levels[to_year].value / self.levels[from_year].value


def all_series(indices: pd.DataFrame) -> dict[tuple[str, str], list[Series]]:
    """The series by area and index; where base years differ, the longest comes first."""
    by_base: dict[tuple[str, str, str], dict[int, Level]] = {}
    for row in indices.to_dict("records"):
        area = SAME_AREA.get(str(row["area"]), str(row["area"]))
        key = (area, str(row["index"]), str(row["base_year"]))
        by_base.setdefault(key, {})[int(row["year"])] = _level(row)
    found: dict[tuple[str, str], list[Series]] = {}
    for (area, index, base), levels in sorted(by_base.items(), key=lambda item: -len(item[1])):
        found.setdefault((area, index), []).append(Series(area, index, base, levels))
    return found


def all_parities(parities: pd.DataFrame) -> dict[tuple[str, str], dict[int, Level]]:
    """The parities by area and kind, each by year."""
    found: dict[tuple[str, str], dict[int, Level]] = {}
    for row in parities.to_dict("records"):
        key = (SAME_AREA.get(str(row["area"]), str(row["area"])), str(row["kind"]))
        found.setdefault(key, {})[int(row["year"])] = _level(row)
    return found


def _level(row: Mapping[Any, Any]) -> Level:
    note = row["note"] if isinstance(row["note"], str) else None
    return Level(float(row["value"]), str(row["basis"]), str(row["source_id"]), note)


def spans(years: Iterable[int]) -> str:
    """Years as text, runs joined.

    Example:
        >>> spans([2010, 2011, 2012, 2015])
        '2010–2012, 2015'
    """
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs) or NO_YEAR

"""What a unit of capability costs: published prices over published characteristics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from armscost import prices
from armscost.comparison import measures
from armscost.comparison.frontier import frontier
from armscost.comparison.unit_price import (
    GROUP,
    Comparison,
    add_ratios,
    compare,
    systems_named,
)
from armscost.errors import NotComparableError, OutsideEvidenceError
from armscost.estimates import Estimate, draw
from armscost.results import records

Floats = npt.NDArray[np.float64]
COST, REACH = ("cost_low", "cost", "cost_high"), ("capability_low", "capability", "capability_high")
COLUMNS = [
    *GROUP[:4], "capability_condition", "low", "median", "high", "unit", "n_facts", "n_origins",
    "n_figures", "ratio", "ratio_note", *COST, *REACH, "per",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CostPerCapability(Comparison):
    """What a unit of a characteristic costs; see :func:`cost_per_capability`.

    Attributes:
        unit: Currency and price year of every amount.
        measure: The characteristic.
        measure_unit: The unit it is in.
        pooled: What was put together because the caller said so.
    """

    measure: str
    measure_unit: str

    def _explain_rows(self, rows: pd.DataFrame) -> list[str]:
        money = rows[rows["figure_of"] == "cost"]
        lines = super()._explain_rows(money)
        lines += told_figures(rows)
        own = self.table[self.table["system_id"].isin(rows["system_id"].unique())]
        lines += ["", f"Median cost over median {self.measure}:"]
        for row in records(own):
            kind = " / ".join(str(row[name]) for name in GROUP[1:4] if name in row)
            shell = _under(row, "capability_condition")
            lines.append(
                f"  {row['system_id']}, {kind or 'pooled'}, {shell}: "
                f"{row['cost']:,.0f} / {row['capability']:g} = {row['median']:,.6g} {row['unit']} "
                f"(p10 {row['low']:,.6g}, p90 {row['high']:,.6g})"
            )
        return lines

    def chart(self) -> Any:
        """Cost against capability with the frontier.

        Raises:
            NotComparableError: Where the table holds more than one kind of price or condition:
                a frontier lies between options that are alike.
        """
        from armscost import charts

        kinds = [name for name in (*GROUP[1:], "capability_condition") if name in self.table]
        groups = self.table[kinds].astype(object).fillna("unstated").drop_duplicates()
        if len(groups) > 1:
            shown = "; ".join(" / ".join(map(str, key)) for key in groups.to_numpy())
            raise NotComparableError(
                f"a frontier lies between options of one kind, and there are {len(groups)}: {shown}"
                "; choose with basis, scope, condition, under and alike, or pool=True"
            )
        names = dict(zip(REACH, ("effect_low", "effect", "effect_high"), strict=True))
        table = self.table.rename(columns={"system_id": "name"} | names)
        table["status"] = (
            frontier(table[["cost", "effect"]])["status"] if len(table) > 1 else "efficient"
        )
        effect = f"{self.measure.replace('_', ' ').capitalize()}, {self.measure_unit}"
        shell = self.table["capability_condition"].iloc[0]
        effect += f" ({shell})" if isinstance(shell, str) else ""
        return charts.cost_against_capability(table, cost_unit=self.unit, effect=effect)


def cost_per_capability(
    systems: Sequence[str],
    measure: str,
    to: str,
    *,
    under: str | Sequence[str] | None = None,
    alike: str | Sequence[str] | None = None,
    pool: bool = False,
    basis: str | Sequence[str] | None = None,
    scope: str | Sequence[str] | None = None,
    condition: str | Sequence[str] | None = None,
    order: str = "deflate_then_exchange",
    index: str = "consumer",
    rate: str = "market",
    book: prices.PriceBook | None = None,
    draws: int = 10_000,
    seed: int = 1,
) -> CostPerCapability:
    """What a unit of a published characteristic costs, like with like.

    The prices are those of :func:`armscost.compare`; the characteristic keeps its condition
    (which shell), and figures that disagree are a range. With c and k drawn from their ranges::

        cost per capability = c / k

    ``median`` is the median price over the median figure, which anybody can work out again;
    ``low`` and ``high`` are the 10th and 90th percentiles of the draws. From its low to its
    median and from its median to its high each value is taken as equally likely, with half of
    the chance on either side; price and figure are drawn independently.

    Args:
        systems: Ids of systems; ratios are to the first.
        measure: A published measure (``range_max``, ``rounds_carried``, …), a derived one
            (``rounds_first_minute``, ``shells_per_hour``, ``tonne_kilometres``), or any of them
            with ``_per_crew_member``.
        to: Currency and price year, for example ``"EUR_2024"``.
        under: Keep only figures under these conditions; ``"unstated"`` for those without.
        alike: Conditions that you declare alike, listed in the assumptions.
        pool: Put all kinds of price of a system together; see :func:`armscost.compare`.
        basis: Keep only these cost bases.
        scope: Keep only these scopes.
        condition: Keep only these conditions of the item.
        order: ``"deflate_then_exchange"`` or ``"exchange_then_deflate"``.
        index: Which price index.
        rate: ``"market"`` or ``"ppp"``.
        book: Rates and indices of your own.
        draws: How many.
        seed: The same seed gives the same answer.

    Returns:
        A :class:`CostPerCapability`. One row for each system, cost basis, scope, condition and
        capability condition: ``low``, ``median``, ``high`` in ``unit``, ``n_facts`` prices,
        ``n_figures`` of the characteristic, ``ratio`` to the first system or ``ratio_note``,
        and both sides: ``cost_low``, ``cost``, ``cost_high``, ``capability_low``,
        ``capability``, ``capability_high``.

    Raises:
        UnknownNameError: For an unknown system, measure, condition, currency or filter word.
        OutsideEvidenceError: Where no price or no figure is left; it says which there are.

    Example:
        >>> found = cost_per_capability(["caesar"], "range_max", "EUR_2024", scope="item_only")
        >>> found.table["unit"].unique().tolist()
        ['EUR_2024/km']
    """
    chosen = systems_named(systems)
    able = measures.capabilities(chosen, measure, under=under, alike=alike)
    cost = compare(chosen, to, pool=pool, basis=basis, scope=scope, condition=condition,
                   order=order, index=index, rate=rate, book=book)  # fmt: skip
    price = cost.table.rename(columns=dict(zip(("low", "median", "high"), COST, strict=True)))
    table = price.drop(columns=["ratio", "ratio_note"]).merge(_by_condition(able), on="system_id")
    if table.empty:
        priced, known = cost.table["system_id"].unique(), able.figures["system_id"].unique()
        raise OutsideEvidenceError(
            f"no system has both: prices there are of {', '.join(priced)}, figures of {measure} "
            f"of {', '.join(known)}"
        )
    u = draw({"price": _SHARE, "figure": _SHARE}, draws, seed)
    quotients = [spread(u["price"], row, COST) / spread(u["figure"], row, REACH)
                 for row in records(table)]  # fmt: skip
    table["low"], table["high"] = np.quantile(quotients, [0.1, 0.9], axis=1)
    table["median"] = table["cost"] / table["capability"]
    word = able.unit if able.unit.isidentifier() else f"({able.unit})"
    table["unit"] = f"{to}/{word}"
    _ratios(table, chosen[0], pool)
    return CostPerCapability(
        title=f"Cost per {measure} in {to}/{word}: {', '.join(chosen)}",
        table=table[[name for name in COLUMNS if name in table]],
        assumptions=[
            *able.notes,
            "median: median price over median figure; low and high: 10th and 90th percentiles "
            f"of {draws:,} draws (seed {seed}), half of the chance on either side of each median",
            *scope_statement(cost.trace, chosen),
            *cost.assumptions,
        ],
        sources=sorted({*cost.sources, *(s for row in able.figures["sources"] for s in row)}),
        left_out=pd.concat([cost.left_out, able.left_out], ignore_index=True),
        trace=_trace(cost.trace, able.figures),
        unit=to,
        pooled=cost.pooled,
        measure=measure,
        measure_unit=able.unit,
    )


_SHARE = Estimate.uniform(0.0, 1.0)


def spread(u: Floats, row: dict[str, Any], names: Sequence[str]) -> Floats:
    """Draws of a published range: half of the chance below its median, half above, evenly.

    Args:
        u: Probabilities.
        row: Holds low, median and high.
        names: Their names in the row.
    """
    return np.asarray(np.interp(u, [0.0, 0.5, 1.0], [row[name] for name in names]))


def told_figures(rows: pd.DataFrame) -> list[str]:
    """The figures of capability in a trace, each as it was printed, in words."""
    lines = []
    for row in records(rows[rows["figure_of"] == "capability"]):
        unit = row["measure_unit"]
        lines += ["", f"{row['system_id']} | {row['measure']} | {_under(row, 'condition')}"]
        lines += [f"  {line}" for line in row["printed"].splitlines()]
        if row.get("formula"):
            lines.append(f"  {row['formula']}")
        span = "" if row["low"] == row["high"] else f" (from {row['low']:g} to {row['high']:g})"
        lines.append(f"  = {row['central']:g} {unit}{span}")
        if not row["counted"]:
            lines.append("  the same statement as another figure: not counted again")
    return lines


def _under(row: dict[str, Any], column: str) -> str:
    return str(row.get(column, "shell not stated" if row.get("open") else "no condition stated"))


def _by_condition(able: measures.Capabilities) -> pd.DataFrame:
    """A row for each system and condition: lowest, median and highest figure."""
    rows = []
    for (system, word, unstated), own in able.figures.groupby(
        ["system_id", "condition", "open"], sort=False, dropna=False
    ):
        condition = word if isinstance(word, str) else None
        rows.append(
            {"system_id": system, "capability_condition": condition, "open": bool(unstated)}
            | measures.ends(own)
        )
    return pd.DataFrame(rows).astype({"capability_condition": "object"})


def _ratios(table: pd.DataFrame, first: str, pool: bool) -> None:
    """Ratios where price and figure are both of one known kind."""
    if pool:
        table["ratio"], table["ratio_note"] = np.nan, "pooled: unlike groups have no ratio"
        return
    table["_under"] = table["capability_condition"].astype("object").fillna(measures.UNSTATED)
    add_ratios(table, first, [*GROUP[1:], "_under"])
    table.loc[table["open"], "ratio"] = np.nan
    known = table["open"] & ~table["ratio_note"].fillna("").str.startswith("scope unknown")
    table.loc[known, "ratio_note"] = "shell not stated: like nothing, not even unstated"


def scope_statement(trace: pd.DataFrame, systems: Sequence[str]) -> list[str]:
    """For whom prices of the item alone are published, and whose contents are unknown."""
    counted = trace[trace["counted"]]
    alone = counted.loc[counted["scope"] == "item_only", "system_id"].unique()
    without = [name for name in systems if name not in alone]
    lines = []
    if len(alone) and without:
        lines.append(
            f"prices of the item alone are used for {', '.join(alone)}; for {', '.join(without)} "
            "none is among these figures"
        )
    elif without:
        lines.append(f"no price of the item alone is among these figures: {', '.join(without)}")
    for system in systems:
        own = counted[counted["system_id"] == system]
        unknown = int((own["scope"] == "unknown").sum())
        if unknown:
            lines.append(
                f"scope unknown for {unknown} of {len(own)} prices of {system}: what they contain "
                "is not published, so they have no ratio"
            )
    return lines


def _trace(costs: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Both kinds of figures in one trace, told apart by ``figure_of``."""
    rows = [row | {"figure_of": "cost"} for row in records(costs)]
    rows += [row | {"figure_of": "capability"} for row in records(figures)]
    columns = dict.fromkeys(["system_id", "figure_of", *costs.columns, *figures.columns])
    return pd.DataFrame(rows, columns=list(columns))

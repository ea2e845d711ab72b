"""What the tables know of a line: price, output, lead time, learning, local content.

Each input is an :class:`~armscost.estimates.Estimate` with the figures it comes from. Where no
figure exists an input is a stated assumption with a range, and marked as one.

The tables do not change while a program runs, and inputs are immutable: each is looked up once.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import pandas as pd

from armscost import datasets
from armscost.comparison.unit_price import compare
from armscost.danish_model.history import DONE, longest, observations
from armscost.danish_model.industry import SHARES, figures_of
from armscost.errors import OutsideEvidenceError
from armscost.estimates import Estimate
from armscost.records import SHOWN_TO_BE_WRONG, disproved, span_of
from armscost.results import records, rows_of

# What a figure of output counts as a rate that ran, and what as a rate that could run.
RAN = DONE
COULD = ("capacity",)
_PRICED_FIRST = ("contract_price", "budget_line", "procurement", "flyaway", "press_claim")

LeftOut: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Input:
    """One input of the model.

    Attributes:
        estimate: Low, best and high.
        unit: Its unit, as text.
        told: Where it comes from, in one line.
        sources: Ids of the sources behind it.
        assumed: Whether it is an assumption of ours, no figure of anybody's.
        scope: For a price, what it buys.
        left_out: Each figure not used for it, and why.
        unknown: The unknown that it is, by name; inputs of one name are drawn as one.
    """

    estimate: Estimate
    unit: str
    told: str
    sources: tuple[str, ...] = ()
    assumed: bool = False
    scope: str = ""
    left_out: LeftOut = ()
    unknown: str = ""

    def line(self, name: str) -> str:
        """The input as a printable assumption."""
        low, best, high = (float(getattr(self.estimate, end)) for end in ("low", "best", "high"))
        span = f"{best:,.4g}" if low == high else f"{best:,.4g} ({low:,.4g} to {high:,.4g})"
        mark = "ASSUMED: " if self.assumed else ""
        return f"{name}: {span} {self.unit}; {mark}{self.told}"


def assumption(low: float, best: float, high: float, unit: str, why: str) -> Input:
    """A range that no source gives, with the reason for it."""
    return Input(_range(low, best, high), unit, why, assumed=True)


def _range(low: float, best: float, high: float) -> Estimate:
    return Estimate(low=low, best=best, high=high, bounds="min_max", shape="triangular")


# --------------------------------------------------------------------------------------
# Price
# --------------------------------------------------------------------------------------


@functools.cache
def price(system: str, to: str, start: pd.Period | None = None, **method: Any) -> Input:
    """What one new item costs, from the group of figures that is best supported.

    Contracts come before budget lines, those before press claims. Within the kind, the best
    graded fact, then the latest, is the best value; low and high are the ends over the facts of
    its scope. Scopes are not mixed; the scope is told. A deal signed after the start counts,
    and is told: before it there are too few to show how far prices differ.

    Raises:
        OutsideEvidenceError: Where no price of a new item can be used.
    """
    answer = compare([system], to=to, condition="new", **method)
    counted = answer.trace[answer.trace["counted"]].copy()
    kinds = counted["cost_basis"].astype("str")
    basis = next((b for b in _PRICED_FIRST if (kinds == b).any()), kinds.iloc[0])
    counted["_letter"] = counted["reliability"].map({c: i for i, c in enumerate("ABCDEF")})
    counted["_date"] = counted["price_date"].fillna("").astype("str")
    graded = counted[kinds == basis].sort_values("_date", ascending=False, kind="stable")
    best = graded.sort_values(["credibility", "_letter"]).iloc[0]
    facts = graded[graded["scope"].astype("str") == str(best["scope"])]
    after = 0 if start is None else sum(_month(d) > start for d in facts["_date"] if d)
    later = f", {after} of a time after the start {start}" if after else ""
    told = (
        f"{basis}, scope {best['scope']}, {len(facts)} fact(s){later}; best: {best['printed']}"
        f"{' (computed by armscost)' if best['computed'] else ''}, grade {best['grade']}"
    )
    ends = _range(facts["low"].min(), float(best["central"]), facts["high"].max())
    others = answer.trace.drop(index=facts.index)
    left = (
        *zip(answer.left_out["figure"], answer.left_out["reason"], strict=True),
        *((row.cost_id, _why_not_priced(row, basis, str(best["scope"]))) for row in
          rows_of(others)),
    )  # fmt: skip
    return Input(
        ends, to, told, _sources(facts), scope=str(best["scope"]), left_out=left,
        unknown=f"price of {system}",
    )  # fmt: skip


def _why_not_priced(row: Any, basis: str, scope: str) -> str:
    if not row.counted:
        return "the same fact as another figure: counted once"
    return f"{row.cost_basis}, scope {row.scope}: the price taken is {basis}, scope {scope}"


# --------------------------------------------------------------------------------------
# Output
# --------------------------------------------------------------------------------------


@functools.cache
def line_of(system: str) -> tuple[pd.DataFrame, LeftOut]:
    """The figures of output of a system's line, and each figure of it that is not of the line.

    A line is what :mod:`armscost.danish_model.history` takes for one: what is made in one area of
    one item, without the figures of single plants, buyers or variants. The longest is taken.

    Returns:
        Its observations, with ``begins`` and ``month``, the first and the last month of the period
        they speak of; and the figures left out, with the reason.

    Raises:
        OutsideEvidenceError: For a system without a dated figure of what was made.
    """
    table = datasets.shared_table("outputs")
    found, unread = observations(table[table["system_id"] == system], RAN + COULD)
    ran = found[found["status"].isin(RAN)]
    if ran.empty:
        known = sorted(set(observations(table, RAN)[0]["system_id"]))
        raise OutsideEvidenceError(
            f"no published rate of output of {system}: give one in overrides, for example "
            f"capacity='10/month'; systems that have one: {', '.join(known)}"
        )
    name = longest(ran)
    line = found[found["series"] == name]
    ends = [period.partition(" to ") for period in line["period"]]
    line = line.assign(
        begins=pd.PeriodIndex([span_of(first)[0] for first, _, _ in ends], freq="M"),
        month=pd.PeriodIndex([span_of(last or first)[1] for first, _, last in ends], freq="M"),
    ).sort_values(["month", "known_from"], ignore_index=True)
    others = found[found["series"] != name]
    said = table[(table["system_id"] == system) & ~table["status"].isin(RAN + COULD)]
    left = [
        *zip(unread["figure"], unread["reason"], strict=True),
        *((row.output_id, f"of another line, {row.series}, not of {name}") for row in
          rows_of(others)),
        *((row.output_id, f"{row.status}: said in advance, no output") for row in rows_of(said)),
    ]  # fmt: skip
    return line, tuple(left)


def _later(figures: pd.DataFrame, start: pd.Period) -> LeftOut:
    return tuple(
        (row.output_id, f"of {row.period}, after the start {start}") for row in rows_of(figures)
    )


def _recent(figures: pd.DataFrame) -> tuple[Estimate, pd.DataFrame, LeftOut]:
    """The figures of the last twelve months that any speaks of; the latest is the best value.

    Of several of one month the best graded count, and of these the median.
    """
    latest = figures["month"].max()
    old = figures["month"] <= latest - 12
    recent = figures[~old]
    newest = recent[recent["month"] == latest]
    newest = newest[newest["credibility"] == newest["credibility"].min()]
    ends = _range(recent["low"].min(), float(newest["rate"].median()), recent["high"].max())
    reason = f"older than the twelve months to {latest}"
    return ends, recent, tuple((figure, reason) for figure in figures.loc[old, "output_id"])


def _latest_statement(figures: pd.DataFrame) -> str:
    best = figures.sort_values(["month", "credibility"], ascending=[False, True])
    return str(best["statement"].iloc[0])


@functools.cache
def running_rate(system: str, start: pd.Period) -> Input:
    """What the line makes a month at the start: the figures of the year before it.

    A figure counts where the period that it speaks of is over by the end of the first month,
    whenever it was said.

    Raises:
        OutsideEvidenceError: For a system without a figure of output, and for a start before
            the first one.
    """
    line, elsewhere = line_of(system)
    ran = line[line["status"].isin(RAN)]
    before = ran[ran["month"] <= start]
    if before.empty:
        raise OutsideEvidenceError(
            f"start {start} is before the first figure of output of {system}, "
            f"{ran['month'].iloc[0]}; start then or later, or give capacity in overrides"
        )
    ends, recent, old = _recent(before)
    latest = recent["month"].max()
    age = (start - latest).n
    told = (
        f"line {ran['series'].iloc[0]}, {len(recent)} figure(s) of the 12 months to {latest}; "
        f"latest: {_latest_statement(recent)}"
        f"{f' ({age} months before the start)' if age > 6 else ''}"
    )
    left = (*elsewhere, *_later(ran[ran["month"] > start], start), *old)
    unknown = f"rate of {system}"
    return Input(ends, "a month", told, _sources(recent), left_out=left, unknown=unknown)


@functools.cache
def stated_capacity(system: str, start: pd.Period) -> Input:
    """What the line is said to be able to make a month at the start.

    A figure counts where the period that it speaks of has begun; an announcement of a later one
    is no capacity. Where there is none, the running rate is taken, as one and the same estimate.
    """
    could = line_of(system)[0]
    could = could[could["status"].isin(COULD)]
    begun = could[could["begins"] <= start]
    later = _later(could[could["begins"] > start], start)
    if begun.empty:
        rate = running_rate(system, start)
        told = "no capacity published: no growth beyond the running rate"
        return replace(rate, told=told, assumed=True, left_out=later)
    ends, recent, old = _recent(begun)
    told = f"capacity as stated, not output: {_latest_statement(recent)}"
    left = (*later, *old)
    unknown = f"capacity of {system}"
    return Input(ends, "a month", told, _sources(recent), left_out=left, unknown=unknown)


@functools.cache
def units_built(system: str, start: pd.Period) -> Input:
    """Units built before the start: the last count of a time before it, and the rates since.

    Counts of one month that disagree are a range. Rates are held until the next, and what they
    add up to is from half of it to double.
    """
    try:
        line = line_of(system)[0]
    except OutsideEvidenceError:
        return assumption(20, 100, 500, "units", "no figure of output before the start")
    made = line[line["status"].isin(RAN) & (line["month"] < start)]
    counts, left = _counts(system, line, start)
    since = counts["month"].max() if len(counts) else None
    by_month = made.groupby("month")["rate"].median()
    total = 0
    if len(made):
        months = pd.period_range(by_month.index[0], start - 1, freq="M")
        held = by_month.reindex(months).ffill()
        held = held[months > since] if since is not None else held
        total = math.floor(held.sum())  # a unit half made is not built
    if since is None and not total:
        return assumption(20, 100, 500, "units", "no figure of output before the start")
    base = (
        (counts["low"].min(), float(counts["rate"].median()), counts["high"].max())
        if len(counts)
        else (0.0, 0.0, 0.0)
    )
    told = "stated monthly rates added up by armscost, each held until the next, half to double"
    if len(counts):
        count = f"published count of {since}: {counts['statement'].iloc[-1]}"
        told = f"{count}{'; since then ' + told if total else ''}"
    ends = _range(base[0] + total / 2, base[1] + total, base[2] + 2 * total)
    return Input(
        ends, "units", told, _sources(counts), assumed=bool(total), left_out=left,
        unknown=f"built of {system}",
    )  # fmt: skip


def _counts(system: str, line: pd.DataFrame, start: pd.Period) -> tuple[pd.DataFrame, LeftOut]:
    """The counts of units built, by the line's area and item, of the last time before the start."""
    table = datasets.shared_table("outputs")
    mine = table[
        (table["system_id"] == system)
        & (table["per"] == "cumulative")
        & (table["area"] == line["area"].iloc[0])
        & (table["item"] == line["item"].iloc[0])
    ]
    rows, left = [], []
    for row in records(mine):
        ends = [row[name] for name in ("rate_low", "rate", "rate_high") if name in row]
        when = row.get("period_end", row.get("stated_on"))
        reason = disproved(row)
        if row["status"] != "produced":
            reason = f"a count of units {row['status']}, not of units built"
        elif not ends or when is None:
            reason = "a count without a number or a date"
        elif reason is None and _month(when) > start:
            reason = f"a count of {when}, after the start {start}"
        if reason:
            left.append((row["output_id"], reason))
            continue
        middle = row.get("rate", sum(ends) / len(ends))
        rows.append({"output_id": row["output_id"], "month": _month(when), "low": min(ends),
                     "rate": middle, "high": max(ends), "statement": row["statement"],
                     "source_id": row["source_id"]})  # fmt: skip
    names = ["output_id", "month", "low", "rate", "high", "statement", "source_id"]
    found = pd.DataFrame(rows, columns=names)
    last = found["month"] == found["month"].max()
    left += [(figure, "an earlier count") for figure in found.loc[~last, "output_id"]]
    return found[last], tuple(left)


def _month(date: object) -> pd.Period:
    """The month in which a date is over; a year alone means its last month."""
    return pd.Period(span_of(str(date))[1], freq="M")


def _sources(figures: pd.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(figures["source_id"].unique()))


@functools.cache
def lead_time(system: str, start: pd.Period) -> Input | None:
    """Months from order to delivery, as achieved; as promised where nothing else is known.

    What was achieved is known once it was delivered, what was promised once it was ordered; where
    that is not said, once it was stated. Where nothing was known by the start, what was learned
    later is used, and said to be: a line's own time beats an assumed one.
    """
    table = datasets.shared_table("deliveries")
    columns = ["lead_months_low", "lead_months", "lead_months_high"]
    mine = table[(table["system_id"] == system) & table[columns].notna().any(axis=1)]
    rows, left = [], []
    for row in records(mine):
        dates = ("ordered_on",) if row["planned"] == "yes" else ("first_delivery", "last_delivery")
        when = next((row[name] for name in (*dates, "stated_on") if name in row), None)
        reason = disproved(row) or ("not said when" if when is None else None)
        if reason:
            left.append((row["delivery_id"], reason))
        else:
            rows.append(row | {"month": _month(when)})
    known = [row for row in rows if row["month"] <= start]
    late = "" if known else "; learned only after the start"
    if known:
        left += [(row["delivery_id"], f"of {row['month']}, after the start {start}")
                 for row in rows if row["month"] > start]  # fmt: skip
    rows = known or rows
    done = [row for row in rows if row["planned"] == "no"]
    if done:
        left += [(row["delivery_id"], "a promise, where there are achieved times") for row in rows
                 if row["planned"] != "no"]  # fmt: skip
    used = sorted(done or rows, key=lambda row: row["month"])
    if not used:
        return None
    ends = [[row[name] for name in columns if name in row] for row in used]
    latest = used[-1]
    best = latest.get("lead_months", sum(ends[-1]) / len(ends[-1]))
    word = "achieved" if done else "planned"
    facts = len({row["fact_id"] for row in used})
    told = f"{facts} figure(s), {word}; latest: {latest['statement']}{late}"
    span = _range(min(map(min, ends)), best, max(map(max, ends)))
    sources = tuple(sorted({row["source_id"] for row in used}))
    unknown = f"lead time of {system}"
    return Input(span, "months", told, sources, left_out=tuple(left), unknown=unknown)


@functools.cache
def domestic_share(system: str) -> Input | None:
    """The share of a system that is made at home, as published."""
    table = datasets.shared_table("indicators")
    name = datasets.system(system).name
    mine = table[
        (table["measure"] == "domestic_share")
        & table["subject"].str.contains(name, regex=False)
        & (table["qualifier"] != "target")
        & (table["credibility"] != SHOWN_TO_BE_WRONG)
    ]
    if mine.empty:
        return None
    row = records(mine.sort_values("credibility", kind="stable"))[0]
    value = _share(row)
    at_least = row["qualifier"] == "at_least"
    ends = _range(value, value, (1 + value) / 2 if at_least else value)
    told = f"{row['statement']}{' (at least: up to half of the rest)' if at_least else ''}"
    return Input(ends, "of the price", told, (row["source_id"],), unknown=f"share of {system}")


def _share(row: dict[str, Any]) -> float:
    """A published share or percentage as a number from 0 to 1."""
    value = float(next(row[name] for name in ("value", "value_low", "value_high") if name in row))
    return value / 100 if row.get("unit") == "percent" else value


@functools.cache
def national_load(start: pd.Period) -> Input:
    """The share of Ukraine's arms capacity that has orders, where figures disagree.

    Figures of the whole industry alone, as :func:`~armscost.danish_model.industry.industry_gap`
    counts them, of a time that has begun by the start.
    """
    found, unused = figures_of("UKR")
    found = found[found["measure"].isin(SHARES)]
    begun = [pd.Period(span_of(str(period))[0], freq="M") <= start for period in found["period"]]
    later = found[[not before for before in begun]]
    left = tuple(
        (row.indicator_id, f"of {row.period}, after the start {start}") for row in rows_of(later)
    )
    shares = unused["measure"].isin(SHARES)
    left += tuple(zip(unused.loc[shares, "figure"], unused.loc[shares, "reason"], strict=True))
    found = found[begun]
    if found.empty:
        return assumption(0.3, 0.5, 0.7, "of the line", "no figure of the industry's load")
    idle = found["measure"].map(SHARES) == "idle"
    low, middle, high = (found[end] / 100 for end in ("low", "value", "high"))
    ends = _range(
        low.where(~idle, 1 - high).min(),
        float(middle.where(~idle, 1 - middle).median()),
        high.where(~idle, 1 - low).max(),
    )
    told = (
        f"share of UKR industry capacity with orders, {len(found)} disagreeing figures; "
        "assumed to hold for this line"
    )
    return Input(
        ends, "of the line", told, _sources(found), assumed=True, left_out=left,
        unknown="load of UKR",
    )  # fmt: skip

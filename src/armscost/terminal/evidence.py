"""Claims and conflicts as they are told in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from armscost import terminal

if TYPE_CHECKING:
    from armscost.evidence import ClaimCheck, Conflicts

_FITS = ("supported", "within_range")
# A terminal this wide has room for the ids of both sides.
_WIDE = 110


def claim_verdicts(result: ClaimCheck) -> None:
    """Print one line a claim: what it allows, the verdict, how many readings fit."""
    terminal.say(result.title, style="bold")
    terminal.say()
    rows, sections, last = [], [], None
    summary: Any = result.summary.sort_values("relation", kind="stable")
    for row in summary.itertuples(index=False):
        sections.append(_words(row.relation) if row.relation != last else None)
        last = row.relation
        mine = result.table[(result.table["claim_id"] == row.claim_id) & ~result.table["alike"]]
        fits = int(mine["reading"].isin(_FITS).sum())
        loose = f"{fits} of {len(mine)}" if len(mine) else ""
        about = f"  {row.subject_id} to {row.object_id}: {row.statement}"
        rows.append([about, _allowed(row), _words(row.verdict), loose])
    heads = ["claim", "allows", "verdict", "readings"]
    terminal.show_table(rows, heads, numbers=(1, 3), sections=sections, firm=(2,))
    terminal.say()
    terminal.say(
        "allows: the ratios, subject over object, that the claim's words leave open. verdict: "
        "between like figures only. readings: how many of the readings of unlike figures (other "
        "scopes, plans) fit the claim. Each reading: armscost claims NAME, with a claim or what "
        "it speaks of; each figure: armscost claims --explain CLAIM"
    )


def claim_readings(result: ClaimCheck) -> None:
    """Print every test and reading of each claim, with the ratios nominal and rebased."""
    summary: Any = result.summary
    for claim in summary.itertuples(index=False):
        terminal.heading(f"{claim.statement} ({claim.source_id})")
        why = f": {claim.reason}" if claim.reason else ""
        terminal.say(f"{claim.claim_id}", indent=2)
        terminal.say(f"allows {_allowed(claim)}; {_words(claim.verdict)}{why}", indent=2)
        table = result.table[result.table["claim_id"] == claim.claim_id]
        table = table[table["n_pairs"] > 0]
        if table.empty:
            continue
        for against, group in table.groupby(["reference", "object_kind"], sort=False):
            terminal.say()
            over = f"{against[0]}: " if against[0] else ""
            terminal.say(f"{claim.object_id}, {over}{against[1]}")
            _readings(group, str(claim.subject_id), result.unit)
    terminal.say()
    terminal.say(
        "Ratios of medians, and the lowest to the highest. ~ a reading of unlike figures, no "
        "verdict. nominal: each price at the rate of its own year, not deflated. Each figure: "
        "armscost claims --explain CLAIM"
    )


def _readings(tests: Any, subject: str, unit: str) -> None:
    """One row a kind of figure; counts have no nominal ratio beside the one."""
    money = tests["relation"].iloc[0] not in ("output", "delivery_time")
    rows = []
    for row in tests.itertuples(index=False):
        nominal = [_span(row.nominal_low, row.nominal_median, row.nominal_high)]
        ratio = _span(row.low, row.median, row.high)
        word = _words(row.verdict) if row.alike else f"~ {_words(row.reading)}"
        rows.append([str(row.subject_kind), *(nominal if money else []), ratio, word])
    names = ["nominal", unit] if money else ["ratio"]
    last = len(names) + 1
    terminal.show_table(rows, [subject, *names, "verdict"], numbers=range(1, last), firm=(last,))


def conflicts_table(result: Conflicts) -> None:
    """Print the conflicts by kind: what, both values, the gap."""
    from armscost.evidence.conflicts import KINDS

    wide = terminal.width() > _WIDE
    terminal.say(result.title, style="bold")
    for kind, group in result.trace.groupby("kind", sort=False):
        terminal.heading(f"{_words(kind).capitalize()} ({len(group)})")
        terminal.say(KINDS[str(kind)])
        rows = [_conflict(row, wide) for row in group.itertuples(index=False)]
        heads = ["what", "one", "other", "gap", *(["one | other"] if wide else [])]
        terminal.show_table(rows, heads, numbers=(1, 2, 3))
    terminal.say()
    terminal.say(
        "gap: the other over the one. The ids and sources of both sides: a wider terminal, or "
        "--format csv; references: armscost cite ID"
    )


def _conflict(row: Any, wide: bool) -> list[str]:
    values = [_short(value) for value in (row.left_value, row.right_value)]
    gap = "" if row.gap != row.gap else f"{row.gap:+.1%}"
    ids = [f"{row.left_source} | {row.right_source}"] if wide else []
    return [str(row.what), *values, gap, *ids]


def _short(value: float) -> str:
    if value != value:
        return ""
    return terminal.amount(value) if value >= 1e4 else f"{value:g}"


def _words(name: Any) -> str:
    return str(name).replace("_", " ")


def _allowed(row: Any) -> str:
    low, high = row.allowed_low, row.allowed_high
    if low != low:
        return "no number"
    if high == float("inf"):
        return f"≥ {low:.3g}"
    return f"≤ {high:.3g}" if low == 0 else f"{low:.3g}–{high:.3g}"


def _span(low: float, median: float, high: float) -> str:
    if median != median:
        return "–"
    return f"{median:.2f}" if low == high else f"{median:.2f} ({low:.2f}–{high:.2f})"

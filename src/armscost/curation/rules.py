"""What must hold between the fields of an entry, and between entries.

``records`` says what one field may hold; here stands what no field can tell alone: codes,
dates against the day of reading, sums against their parts, grades against their origins.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from armscost.curation.codes import CODES
from armscost.curation.text import Entry
from armscost.errors import Problem, nearest_names
from armscost.records import Cost, LearningLot, Output, Record, Source

Row = tuple[Entry, Record]
# A body of a state is an official origin, whoever printed its words.
OFFICIAL = re.compile(r"(^|-)(ministry|government|president|parliament|agency|army|staff|council)")
TRACKING = re.compile(r"[?&](utm_\w+|fbclid|gclid)=|://[^/]*@")
FOUND_AGAIN = ("confirmed", "second_page", "second_origin")
# Dates on which something was said or priced, and dates on which something had happened.
SAID = ("price_date", "stated_on", "dated")
HAPPENED = {"outputs": ("period_start",), "deliveries": ("first_delivery",)}


def broken_rules(entries: list[Entry], good: list[Row]) -> Iterator[Problem]:
    """Every fault that no field shows alone.

    Args:
        entries: All entries as typed.
        good: Those that are valid rows, with the row.

    Yields:
        The faults, each with its place and the mend.
    """
    yield from codes(entries)
    yield from addresses(entries)
    yield from dates(entries)
    yield from sums(good)
    yield from looks(good)
    yield from grades(good)


def codes(entries: list[Entry]) -> Iterator[Problem]:
    """Currencies and areas are known ones."""
    for entry in entries:
        for name, (known, what) in CODES.items():
            value = entry.values.get(name)
            if value is None or value in known or not re.fullmatch("[A-Z]{2,3}", value):
                continue
            near = nearest_names(value, sorted(known))
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            more = "; to add one: docs/how-to/add-a-currency.md" if name == "currency" else ""
            yield entry.problem(name, f"unknown {what}{hint}{more}")


def addresses(entries: list[Entry]) -> Iterator[Problem]:
    """Addresses are whole, and carry no tracking parts and no user names."""
    for entry in entries:
        for name in ("url", "check_url"):
            value = entry.values.get(name, "https://")
            if TRACKING.search(value):
                reason = "holds tracking parts or a user name; remove them"
                yield entry.problem(name, reason)
            if name == "check_url" and not re.match(r"https?://\S*$", value):
                reason = "not of the right form; write an address that begins with http:// or "
                yield entry.problem(name, reason + "https://")


def dates(entries: list[Entry]) -> Iterator[Problem]:
    """Nothing was said or had happened after it was read; years fit their dates."""
    accessed = {
        entry.values["source_id"]: entry.values["accessed"]
        for entry in entries
        if entry.table == "sources" and {"source_id", "accessed"} <= set(entry.values)
    }
    for entry in entries:
        values = entry.values
        read = accessed.get(values.get("source_id", ""), "9999")
        for name in (*SAID, *_happened(entry)):
            said = values.get(name, "")
            if said[: len(read)] > read[: len(said)]:
                reason = f"is after the source was read ({read}); mend one of them"
                yield entry.problem(name, reason)
        then_year = values.get("price_basis") == "then_year"
        if then_year and _years_differ(values.get("price_date"), values.get("price_year")):
            reason = f"differs from the year of price_date {values['price_date']}"
            yield entry.problem("price_year", reason)
        if entry.table == "exchange_rates" and _years_differ(
            values.get("date"), values.get("year")
        ):
            yield entry.problem("year", f"differs from the year of date {values['date']}")


def _happened(entry: Entry) -> tuple[str, ...]:
    done = entry.values.get("status") in ("delivered", "produced")
    done = done or entry.values.get("planned") == "no"
    return HAPPENED.get(entry.table, ()) if done else ()


def _years_differ(day: str | None, year: str | None) -> bool:
    return bool(day and year and day[:4].isdigit() and day[:4] != year[:4])


def sums(good: list[Row]) -> Iterator[Problem]:
    """A quantity times a price is the total, as far as the printed digits go."""
    for entry, row in good:
        if isinstance(row, LearningLot):
            price, total, names = row.unit_cost, row.total_cost, ("unit_cost", "total_cost")
        elif entry.table == "costs":
            price, total = getattr(row, "amount", None), getattr(row, "total_amount", None)
            names = ("amount", "total_amount")
        else:
            continue
        quantity = getattr(row, "quantity", None)
        if not (price and total and quantity):
            continue
        gap = abs(price * quantity / total - 1)
        # "About 2,000" has an error of its own; an exact quantity has none.
        loose = rounding(quantity) if getattr(row, "qualifier", "exact") != "exact" else 0.0
        if gap > rounding(price) + rounding(total) + loose + 1e-6:
            yield entry.problem(
                names[0],
                f"quantity {quantity:g} x {names[0]} {price:g} is {price * quantity:g}, and "
                f"{names[1]} is {total:g}: more than rounding apart; mend the one that is wrong",
            )


def rounding(number: float) -> float:
    """How far a printed number may be from the true one, as a share of it.

    Half a unit of the last digit that is not a zero.

    Example:
        >>> rounding(2_300_000), rounding(184_000_000)
        (0.021739130434782608, 0.002717391304347826)
    """
    digits = f"{number:.6f}".rstrip("0").rstrip(".")
    if "." in digits:
        step = 10.0 ** -len(digits.split(".")[1])
    else:
        step = 10.0 ** (len(digits) - len(digits.rstrip("0")))
    return step / 2 / number


def looks(good: list[Row]) -> Iterator[Problem]:
    """A price was looked at twice; so was an output that is no point of a series."""
    once = [(entry, row) for entry, row in good if getattr(row, "check", "") == "unchecked"]
    for entry, row in once:
        if isinstance(row, Cost):
            reason = "a price is looked at twice: write check and check_url, or check: quotient"
            yield entry.problem("check", reason)
        if isinstance(row, Output) and row.series_id is None and row.check_note is None:
            reason = (
                "an output that is no point of a series is looked at twice: write check and "
                "check_url, or in check_note why one look is enough"
            )
            yield entry.problem("check", reason)


def grades(good: list[Row]) -> Iterator[Problem]:
    """The credibility of a figure follows the rules of the guide to grading."""
    sources = {row.source_id: row for _, row in good if isinstance(row, Source)}
    facts: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    for entry, row in good:
        if hasattr(row, "credibility"):
            facts[entry.table, _fact(row, entry)].append(row)
    official = {s.origin_id for s in sources.values() if _is_official(s)}
    for entry, row in good:
        if hasattr(row, "credibility"):
            same = facts[entry.table, _fact(row, entry)]
            origins = {sources[r.source_id].origin_id for r in same if r.source_id in sources}  # type: ignore[attr-defined]
            yield from _grade(entry, row, same, origins, official)


def _fact(row: Record, entry: Entry) -> str:
    """The fact a row states; rows of tables without facts stand alone."""
    return str(getattr(row, "fact_id", f"{entry.file}:{entry.line}"))


def _is_official(source: Source) -> bool:
    kind = source.publisher_kind in ("official", "statistics office")
    return kind or OFFICIAL.search(source.origin_id) is not None


def _grade(
    entry: Entry, row: Record, same: list[Record], origins: set[str], official: set[str]
) -> Iterator[Problem]:
    grade: int = row.credibility  # type: ignore[attr-defined]
    check: str = row.check  # type: ignore[attr-defined]
    told = row.note or row.check_note  # type: ignore[attr-defined]
    if grade <= 2 and len(origins) < 2 and check != "second_origin":
        reason = "1 and 2 need a second origin for the same fact_id, or check second_origin"
        yield entry.problem("credibility", f"{reason}; write 3")
    elif grade == 1 and not origins & official:
        yield entry.problem("credibility", "1 needs an official origin among them; write 2")
    if grade in (4, 5) and not told:
        reason = "4 and 5 need a note or check_note that says what contradicts the figure"
        yield entry.problem("credibility", reason)
    found = any(r.check in FOUND_AGAIN for r in same)  # type: ignore[attr-defined]
    if check == "not_refound" and grade <= 3 and not found:
        reason = "a figure that was not found again, on any page, cannot be judged; write 6"
        yield entry.problem("credibility", reason)
    if check in ("second_page", "second_origin") and row.check_url is None:  # type: ignore[attr-defined]
        yield entry.problem("check", f"{check} needs the page in check_url")
    if check in ("mismatch", "not_refound") and row.check_note is None:  # type: ignore[attr-defined]
        yield entry.problem("check", f"{check} needs a check_note: what was seen instead")

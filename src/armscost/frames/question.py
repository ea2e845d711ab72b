"""What a caller asks of a frame, checked before any row is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from armscost.errors import OutsideEvidenceError, chosen
from armscost.prices.book import PriceBook, book_or_default
from armscost.prices.factors import Method
from armscost.units import price_unit

MISSING = ("raise", "keep")
# The one way to write a day as text; whether 29 February is there, the year tells.
A_DAY = (
    r"^[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))$"
)
ANSWER = ("amount_rebased", "rebase_status")
EXPLAINED = (
    "rebase_factor",
    "rebase_rate",
    "rebase_rate_date",
    "rebase_rate_basis",
    "rebase_index",
)


@dataclass(frozen=True)
class Question:
    """Columns, target and method of one call.

    Attributes:
        to: The target, for example ``"EUR_2024"``.
        amount: Name of the column of amounts.
        currency: Name of the column of ISO codes.
        year: Name of the column of price years; None for a dated frame.
        date: Name of the column of days; None for a frame with years.
        area: Name of the column of areas; None where one area or none is chosen.
        method: Order, index, rate and fixed areas.
        missing: ``"raise"`` or ``"keep"``.
        explain: Whether the columns of ``EXPLAINED`` are wanted.
        book: Rates and indices.
    """

    to: str
    amount: str
    currency: str
    year: str | None
    date: str | None
    area: str | None
    method: Method
    missing: str
    explain: bool
    book: PriceBook

    @property
    def to_currency(self) -> str:
        """The currency of the target."""
        return price_unit(self.to)[0]

    @property
    def new_columns(self) -> tuple[str, ...]:
        """The columns that the answer adds."""
        return (*ANSWER, *EXPLAINED) if self.explain else ANSWER

    @property
    def used_columns(self) -> list[str]:
        """The columns that the answer reads."""
        chosen_by_caller = (self.year, self.date, self.area)
        return [
            self.amount,
            self.currency,
            *(name for name in chosen_by_caller if name is not None),
        ]


def ask(
    columns: Sequence[str],
    to: str,
    *,
    amount: str,
    currency: str,
    year: str | None,
    date: str | None,
    area: str | None,
    order: str,
    index: str,
    rate: str,
    to_area: str | None,
    missing: str,
    explain: bool,
    book: PriceBook | None,
) -> Question:
    """Check a question against the columns of a frame.

    Raises:
        UnknownNameError: For a column, option or target that is not there.
        OutsideEvidenceError: For a column that would be overwritten, and for days with
            parities.
    """
    price_unit(to)
    chosen("choice for missing", missing, MISSING)
    book = book_or_default(book)
    by_row = area is not None and area in columns
    method = Method(order, index, rate, None if by_row else area, to_area).checked(book)
    if date is not None and rate != "market":
        raise OutsideEvidenceError("parities are of years; name year, not date, with rate='ppp'")
    question = Question(
        to,
        amount,
        currency,
        None if date is not None else year,
        date,
        area if by_row else None,
        method,
        missing,
        explain,
        book,
    )
    if question.year is None and date is None:
        raise OutsideEvidenceError("name the column of price years (year=) or of days (date=)")
    for name in question.used_columns:
        chosen("column", name, columns)
    taken = [name for name in question.new_columns if name in columns]
    if taken:
        raise OutsideEvidenceError(
            f"the frame has a column {taken[0]!r} already; rename or drop it, nothing of yours is "
            "overwritten"
        )
    return question

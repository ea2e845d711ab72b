"""Every exception armscost raises on purpose.

Each says what was given, what is allowed and what to do, in one or two lines
that can be shown to a reader who never saw Python.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass


class ArmscostError(Exception):
    """The parent of every error below; catch it to catch them all."""


class UnknownNameError(ArmscostError, LookupError):
    """A system, table, measure, currency or source that is not there.

    Args:
        kind: What was looked for, for example ``"system"``.
        name: The name as given.
        known: Every name there is; the nearest ones are offered.
        where: How to list them all, for example ``"armscost tables"``.

    Example:
        >>> raise UnknownNameError("system", "ceasar", ["caesar", "archer"], where="armscost systems")
        Traceback (most recent call last):
        armscost.errors.UnknownNameError: no system 'ceasar'; did you mean 'caesar'? All names: armscost systems
    """  # noqa: E501 - the message is one line on purpose

    def __init__(self, kind: str, name: object, known: Iterable[str], *, where: str = "") -> None:
        names = sorted(known)
        self.kind, self.name, self.known, self.where = kind, str(name), names, where
        self.nearest = nearest_names(self.name, names)
        text = f"no {kind} {self.name!r}"
        if self.nearest:
            text += "; did you mean " + " or ".join(repr(n) for n in self.nearest) + "?"
        elif names and len(names) <= 12:
            text += "; there are " + ", ".join(names)
        if where:
            text += f" All names: {where}" if self.nearest else f"; all names: {where}"
        super().__init__(text)

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild from the parts, so that the error crosses process borders."""
        return (_rebuild_unknown, (self.kind, self.name, self.known, self.where))


def _rebuild_unknown(kind: str, name: str, known: list[str], where: str) -> UnknownNameError:
    return UnknownNameError(kind, name, known, where=where)


def chosen(kind: str, given: object, known: Collection[str], *, where: str = "") -> str:
    """The name given, where it is one of those known; anything else is told with the nearest.

    Args:
        kind: What is chosen, for example ``"order"``.
        given: What the caller wrote; a list or None is refused like a wrong name.
        known: The names allowed.
        where: How to list them all.

    Raises:
        UnknownNameError: For everything that is not in ``known``.

    Example:
        >>> chosen("order", "deflate_then_exchange", ["deflate_then_exchange"])
        'deflate_then_exchange'
    """
    if not isinstance(given, str) or given not in known:
        raise UnknownNameError(kind, given, known, where=where)
    return given


def nearest_names(name: str, known: Sequence[str], most: int = 3) -> list[str]:
    """The known names nearest to a misspelt one, best first.

    Args:
        name: What was typed.
        known: The names there are.
        most: How many to return at most.

    Returns:
        At most ``most`` names; empty where nothing is near.

    Example:
        >>> nearest_names("Zuzana2", ["zuzana-2", "caesar"])
        ['zuzana-2']
    """
    folded = {k.casefold(): k for k in known}
    found = difflib.get_close_matches(name.casefold(), list(folded), n=most, cutoff=0.6)
    if not found and len(name) >= 3:
        found = [k for k in folded if name.casefold() in k][:most]
    return [folded[k] for k in found]


class MixedPricesError(ArmscostError, TypeError):
    """Two currencies or two price years met where one was needed."""


class NoRateError(ArmscostError, LookupError):
    """No exchange rate, price index or purchasing power covers this; it says which years do."""


class NotComparableError(ArmscostError, ValueError):
    """Scopes, conditions, price bases or units differ."""


class OutsideEvidenceError(ArmscostError, ValueError):
    """A value that is not allowed, or a question beyond what any source supports."""


class MissingExtraError(ArmscostError, ImportError):
    """An optional part is not installed; the text says which extra brings it."""

    def __init__(self, what: str, extra: str) -> None:
        self.what, self.extra = what, extra
        super().__init__(f"{what} needs an extra part: pip install 'armscost[{extra}]'")


@dataclass(frozen=True)
class Problem:
    """One fault in a curated file.

    Attributes:
        file: The file, relative to the data folder.
        line: Its line, from 1; 0 where the fault is of the file as a whole.
        column: Its column, from 1.
        field: The field's name.
        given: What stands there, as text.
        reason: What is wrong and what to write instead.
    """

    file: str
    line: int
    column: int
    field: str
    given: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        what = f'{self.field} = "{self.given}": ' if self.field else ""
        return f"{place} {what}{self.reason}"


class CurationError(ArmscostError, ValueError):
    """Curated files do not hold together; ``.problems`` lists every fault at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        count = len(self.problems)
        head = f"{count} fault{'s' if count != 1 else ''} in the curated files; nothing was written"
        super().__init__("\n".join([head, *map(str, self.problems)]))

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild from the problems, so that the error crosses process borders."""
        return (CurationError, (self.problems,))

"""Every exception armscost raises on purpose, and the checks of single values that raise them.

Each says what was given, what is allowed and what to do, in one or two lines
that can be shown to a reader who never saw Python.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any


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


def each_chosen(kind: str, given: object, known: Collection[str], *, where: str = "") -> list[str]:
    """The names given, one as a text or several as a list, each once and each known.

    Args:
        kind: What is chosen, for example ``"system"``.
        given: What the caller wrote; None or a number is refused like a wrong name.
        known: The names allowed.
        where: How to list them all.

    Raises:
        UnknownNameError: For the first that is not in ``known``.

    Example:
        >>> each_chosen("scope", "package", ["package"])
        ['package']
    """
    try:
        names = [given] if isinstance(given, str) else list(given)  # type: ignore[call-overload] # what is no list is told so below
    except TypeError:
        names = [given]
    return list(dict.fromkeys(chosen(kind, name, known, where=where) for name in names))


def finite(name: str, given: Any) -> float:
    """The number given; text, truth values, lists, NaN and infinity are refused.

    Args:
        name: What the number is, for example ``"tolerance"``.
        given: What the caller wrote.

    Raises:
        OutsideEvidenceError: For everything that is no finite number.

    Example:
        >>> finite("tolerance", 2)
        2.0
    """
    try:
        number = math.nan if isinstance(given, (str, bytes, bool)) else float(given)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise OutsideEvidenceError(f"{name} is {given!r}; write a finite number")
    return number


def whole(name: str, given: Any, least: int = 0, most: int | None = None) -> int:
    """The whole number given; everything else is refused.

    Args:
        name: What is counted, for example ``"draws"``.
        given: What the caller wrote.
        least: The smallest number allowed.
        most: The largest number allowed; None for no end.

    Raises:
        OutsideEvidenceError: For everything that is no whole number from ``least`` to ``most``.

    Example:
        >>> whole("draws", 1000, least=2)
        1000
    """
    if isinstance(given, bool) or not hasattr(given, "__index__"):
        number = least - 1
    else:
        try:
            number = int(given.__index__())
        except TypeError:  # numpy's arrays have the method and refuse
            number = least - 1
    if number < least or (most is not None and number > most):
        until = "on" if most is None else f"to {most:,}"
        raise OutsideEvidenceError(
            f"{name} is {given!r}; write a whole number from {least} {until}"
        )
    return number


def numbers(name: str, given: Any) -> Any:
    """The numbers given, as a float array; a Quantity in percent is resolved.

    Args:
        name: What they are, for example ``"slope"``.
        given: A number, a list or an array of numbers, or a Quantity without dimension.

    Returns:
        A numpy array of float64, of the shape given; NaN and infinity are let through.

    Raises:
        OutsideEvidenceError: For text, money, missing values and lists of unequal lengths.

    Example:
        >>> numbers("slope", [0.8, 1]).tolist()
        [0.8, 1.0]
    """
    import numpy as np

    try:
        pure = given.to("dimensionless").magnitude if hasattr(given, "magnitude") else given
        found = np.asarray(pure)
    except (TypeError, ValueError):  # money is no pure number, and pint says so with a TypeError
        found = np.asarray(None)
    if found.dtype.kind not in "iuf":
        raise OutsideEvidenceError(f"{name} must be a number, got {given!r}")
    return found.astype(np.float64, copy=False)


def in_units(name: str, given: Any, units: Any) -> Any:
    """The bare magnitude of a value in a unit; without a unit, the bare value.

    Args:
        name: What the value is, for example ``"budget"``.
        given: A number, array or Quantity.
        units: The unit wanted, None for bare numbers.

    Raises:
        MixedPricesError: Where the value is in another money or unit, or only one of the two
            carries a unit.

    Example:
        >>> in_units("budget", 5.0, None)
        5.0
    """
    own = getattr(given, "units", None)
    if (own is None) != (units is None):
        rest = "bare numbers" if units is None else f"in {units}"
        raise MixedPricesError(
            f"{name} is {given!s} and the rest {rest}: give all of them the same unit, or none"
        )
    if units is None or own == units:
        return getattr(given, "magnitude", given)
    try:
        return given.to(units).magnitude
    except (TypeError, ValueError) as error:  # of another dimension, or of another registry
        raise MixedPricesError(
            f"{name} is in {own}, not in {units}; bring them to one unit first (armscost.rebase "
            "for money)"
        ) from error


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

    @classmethod
    def of_file(cls, file: str, reason: str) -> Problem:
        """A fault of a file as a whole.

        Example:
            >>> print(Problem.of_file("curated/sources.csv", "the file is missing"))
            curated/sources.csv the file is missing
        """
        return cls(file, 0, 0, "", "", reason)

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

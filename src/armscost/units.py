"""Money as a unit that carries its currency and its price year.

``EUR_2025`` is euros at the prices of 2025. Each pair of currency and year is a
dimension of its own, so pint itself refuses to add, compare or convert across
pairs: there is one bridge between them, :func:`armscost.rebase`, and it names its
method. No other module of armscost knows pint.

Nothing happens to a registry until money is asked for or :func:`register` is called.
"""

from __future__ import annotations

import re
import threading
import weakref
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pint
from pint.facets.plain import ScaleConverter, UnitDefinition
from pint.registry import ApplicationRegistry, LazyRegistry

from armscost.errors import (
    ArmscostError,
    MixedPricesError,
    NotComparableError,
    OutsideEvidenceError,
    UnknownNameError,
)

# Every currency that the exchange rates know, and its usual name.
CURRENCIES = {
    "AUD": "Australian dollar",
    "BGN": "Bulgarian lev",
    "BRL": "Brazilian real",
    "CAD": "Canadian dollar",
    "CHF": "Swiss franc",
    "CNY": "Chinese yuan",
    "CZK": "Czech koruna",
    "DKK": "Danish krone",
    "EEK": "Estonian kroon",
    "EUR": "euro",
    "GBP": "pound sterling",
    "HKD": "Hong Kong dollar",
    "HRK": "Croatian kuna",
    "HUF": "Hungarian forint",
    "IDR": "Indonesian rupiah",
    "ILS": "Israeli shekel",
    "INR": "Indian rupee",
    "ISK": "Icelandic krona",
    "JPY": "Japanese yen",
    "KRW": "South Korean won",
    "LTL": "Lithuanian litas",
    "LVL": "Latvian lats",
    "MDL": "Moldovan leu",
    "MXN": "Mexican peso",
    "MYR": "Malaysian ringgit",
    "NOK": "Norwegian krone",
    "NZD": "New Zealand dollar",
    "PHP": "Philippine peso",
    "PLN": "Polish zloty",
    "RON": "Romanian leu",
    "RUB": "Russian rouble",
    "SEK": "Swedish krona",
    "SGD": "Singapore dollar",
    "THB": "Thai baht",
    "TRY": "Turkish lira",
    "UAH": "Ukrainian hryvnia",
    "USD": "US dollar",
    "ZAR": "South African rand",
}
FIRST_YEAR, LAST_YEAR = 1980, 2030

_WORDS = {"thousand": (3, "k"), "million": (6, "M"), "billion": (9, "G")}
_LARGE_PREFIXES = ("", "k", "M", "G", "T", "kilo", "mega", "giga", "tera")
_NAME = re.compile(r"(?<![\w.])([A-Za-z]*?)([A-Za-z]{3})_(\d{4})(?!\w)")
_BARE = re.compile(rf"(?<![\w.])({'|'.join(CURRENCIES)})(?!\w)")
_COUNTED = re.compile(
    rf"^(\s*[+-]?(?:\d[\d_]*\.?\d*|\.\d+))(?:[eE]([+-]?\d+))?\s*({'|'.join(_WORDS)})\b(?=.*_\d{{4}})"
)
_WORD = re.compile(rf"\b({'|'.join(_WORDS)})\s+(?=[A-Za-z]{{3}}_\d{{4}})")
# One figure, then units. Between figures pint would multiply: "2 300 000" would be nothing.
_FIGURE = r"[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_UNIT = r"[A-Za-z_]\w*+(?:\s*(?:\*\*|\^)\s*-?\d{1,2}(?:\.\d+)?)?"
_BETWEEN = r"(?:[/()\s]|\*(?!\*))"
_UNITS = rf"{_BETWEEN}*+{_UNIT}(?:{_BETWEEN}++{_UNIT})*+[)\s]*+"
_PRICE = re.compile(rf"\s*(?:{_FIGURE})?\s*(?:{_UNITS})?", re.ASCII)
_TARGET = re.compile(_UNITS, re.ASCII)
_LONGEST = 200
_WHERE = "armscost.units.CURRENCIES"
_LOCK = threading.RLock()


# Both parents have a `name`, and both mean the name that was looked for.
class UndefinedMoneyError(UnknownNameError, pint.UndefinedUnitError):  # type: ignore[misc]
    """No such currency, or no price year: for ``quantity`` and for every text pint reads.

    It stands here and not in ``errors`` because pint, and code that asks a registry whether
    it has a unit, must see pint's own error.
    """

    def __init__(self, name: str, advice: str = "") -> None:
        UnknownNameError.__init__(self, "currency", name, CURRENCIES, where=_WHERE)
        self.unit_names = (name,)
        self.advice = advice

    def __str__(self) -> str:
        return self.advice or str(self.args[0])

    def __reduce__(self) -> tuple[Any, ...]:
        return (UndefinedMoneyError, (self.name, self.advice))


class Money(NamedTuple):
    """What a unit says of money.

    Attributes:
        currency: ISO 4217 code.
        year: Its price year.
        power: 1 for a price, −1 where the money stands below the line (``km/MEUR_2023``).
        unit: The unit as pint names it, with its prefix, for example ``megaEUR_2023``.
        rest: The other units and their powers, empty for plain money.
    """

    currency: str
    year: int
    power: float
    unit: str
    rest: tuple[tuple[str, float], ...]


# --------------------------------------------------------------------------------------
# Reading
# --------------------------------------------------------------------------------------


def quantity(amount: Any, unit: str | None = None) -> Any:
    """Money with its currency and price year.

    Args:
        amount: A text such as ``"2.3 million EUR_2025"``, or a number or array with ``unit``.
            Figures are written without separators.
        unit: The unit where ``amount`` is no text, for example ``"MEUR_2023/km"``.

    Returns:
        A pint Quantity of the application registry, which learns the unit on first use.

    Raises:
        UnknownNameError: For an unknown currency, with the nearest ones, and for a currency
            without a price year.
        OutsideEvidenceError: For a price year outside 1980 to 2030, a comma or a space in the
            figure, a text with two figures, and for money times another unit (``"3 m EUR_2024"``).
        NotComparableError: For a text without money.

    Example:
        >>> price = quantity("2.3 million EUR_2025")
        >>> price.magnitude, str(price.units)
        (2300000.0, 'EUR_2025')
        >>> print(quantity(1.5, "MEUR_2024/km").to("kEUR_2024/m"))
        1.5 kiloEUR_2024 / meter
        >>> quantity("5 EUR")
        Traceback (most recent call last):
        armscost.units.UndefinedMoneyError: EUR has no price year; write it with its year, for example EUR_2024
    """  # noqa: E501 - the message is one line on purpose
    text = amount if unit is None else unit
    if not isinstance(text, str):
        raise OutsideEvidenceError(
            f"{text!r} says no currency and price year; write for example '2.3 million EUR_2025'"
        )
    if unit is not None and np.asarray(amount).dtype.kind not in "iuf":
        raise OutsideEvidenceError(f"{amount!r} is no number; give numbers, or one text alone")
    _check_figure(text)
    registry = register()
    try:
        found = registry.parse_expression(text) if unit is None else registry.Quantity(amount, text)
    except (pint.DimensionalityError, UndefinedMoneyError):
        raise
    except Exception as error:  # pint lets Python's tokenizer and operators speak for it
        raise OutsideEvidenceError(
            f"{text!r} cannot be read as money ({error}); write for example '2.3 million EUR_2025'"
        ) from error
    money = split(found)
    if abs(money.power) != 1:
        raise OutsideEvidenceError(f"{text!r} multiplies money by money; write one figure")
    if money.power == 1 and "*" not in text and any(power > 0 for _, power in money.rest):
        raise OutsideEvidenceError(
            f"{text!r} is money times another unit ({found.units}); for millions write "
            f"'2 million {money.currency}_{money.year}' or '2 M{money.currency}_{money.year}'"
        )
    if unit is None and not abs(found.magnitude) < float("inf"):
        raise OutsideEvidenceError(f"{text!r} is no finite sum; write it in figures")
    return found


def price_unit(text: str) -> tuple[str, int]:
    """The currency and price year of a plain unit, read without a registry.

    Args:
        text: For example ``"EUR_2024"``.

    Raises:
        UnknownNameError: For an unknown currency or one without a price year.
        OutsideEvidenceError: For anything that is not one currency and one year.

    Example:
        >>> price_unit("EUR_2024")
        ('EUR', 2024)
    """
    if not isinstance(text, str):
        raise OutsideEvidenceError(f"{text!r} is not one currency and year; write EUR_2024")
    _check_names(text)
    found = re.fullmatch(r"([A-Z]{3})_([0-9]{4})", text)
    if found is None:
        raise OutsideEvidenceError(f"{text!r} is not one currency and year; write EUR_2024")
    return found[1], int(found[2])


def split(quantity: Any) -> Money:
    """Tell what a Quantity or a unit says of money.

    Args:
        quantity: A pint Quantity, or a pint Unit.

    Returns:
        Currency, price year, power, the unit as named and the rest of the unit.

    Raises:
        NotComparableError: For something without money.
        MixedPricesError: For a unit with two currencies or two price years in it.

    Example:
        >>> split(quantity("3 MEUR_2023/km"))[:4]
        ('EUR', 2023, 1, 'megaEUR_2023')
    """
    items = _items(quantity)
    money = [(name, power) for name, power in items if _NAME.fullmatch(name)]
    if not money:
        raise NotComparableError(
            f"{quantity!s} holds no money; write it with currency and price year: 5 EUR_2024"
        )
    if len(money) > 1:
        raise MixedPricesError(f"{quantity!s} mixes prices: rebase one part to the other first")
    name, power = money[0]
    found = _NAME.fullmatch(name)
    assert found is not None
    rest = tuple((other, p) for other, p in items if other != name)
    return Money(found[2], int(found[3]), power, str(name), rest)


def is_money(value: Any) -> bool:
    """Whether something is a Quantity with money in it; plain numbers are not.

    Example:
        >>> is_money(quantity("5 EUR_2024")), is_money(5.0)
        (True, False)
    """
    return hasattr(value, "magnitude") and any(_NAME.fullmatch(name) for name, _ in _items(value))


def factor_between(unit: str, to: str) -> float | None:
    """The factor from one unit to another, None where they do not convert.

    Args:
        unit: A unit without money, for example ``"km/h"``; a name that pint does not know (a
            person, a round) is one with itself alone.
        to: The unit wanted.

    Example:
        >>> factor_between("1/minute", "1/hour"), factor_between("km", "kg")
        (60.0, None)
    """
    if unit == to:
        return 1.0
    make = register().Quantity
    try:
        return float((make(unit) / make(to)).to("").magnitude)
    except (ArmscostError, pint.errors.PintError):  # no unit, or of another dimension
        return None


def in_money(quantity: Any, to: str, currency: str, year: int) -> tuple[float, Any]:
    """Where a unit goes when its money changes currency and price year.

    Args:
        quantity: The Quantity; only its unit matters.
        to: The wanted unit: money alone (the rest of the unit stays) or the whole.
        currency: Currency of ``to``, as :func:`target` read it.
        year: Price year of ``to``.

    Returns:
        ``(scale, unit)``: the magnitude is multiplied by ``scale``, which holds prefixes and
        lengths alone and not yet the price factor, and carries ``unit``: names and powers
        that do not lead back to the registry, so that they may be kept.
    """
    make, money = type(quantity), split(quantity)
    wanted = make(1, to)
    goal = split(wanted)
    rest = make(1, "")
    for name, power in money.rest:
        rest *= make(1, name) ** power
    swapped = make(1, f"{currency}_{year}") ** money.power * rest
    plain = make(1, money.unit).to(f"{money.currency}_{money.year}").magnitude ** money.power
    if goal.rest or goal.power != 1:
        if not swapped.is_compatible_with(wanted):
            raise NotComparableError(f"{quantity.units} does not go to {to}: other units beside")
        moved = swapped.to(wanted.units)
        return plain * moved.magnitude, moved._units
    ratio = make(1, f"{currency}_{year}").to(wanted.units).magnitude ** money.power
    return plain * ratio, (make(1, goal.unit) ** money.power * rest)._units


def target(quantity: Any, to: Any) -> Money:
    """Read the unit that a Quantity shall be rebased to, in the Quantity's own registry.

    Raises:
        UnknownNameError: For an unknown currency or one without a price year.
        OutsideEvidenceError: For a price year outside 1980 to 2030, and for no unit at all.
    """
    text = str(to)
    _check_figure(text)
    if not _TARGET.fullmatch(text):
        raise OutsideEvidenceError(f"{text!r} is no unit to go to; write for example 'EUR_2024'")
    _registry_of(quantity)
    try:
        found = split(type(quantity)(1, text))
    except (ArmscostError, pint.DimensionalityError):
        raise
    except Exception as error:  # pint lets Python's tokenizer and operators speak for it
        raise OutsideEvidenceError(
            f"{text!r} is no unit to go to ({error}); write for example 'EUR_2024'"
        ) from error
    if abs(found.power) != 1:
        raise OutsideEvidenceError(f"{text!r} multiplies money by money; write one unit")
    return found


# --------------------------------------------------------------------------------------
# Registering
# --------------------------------------------------------------------------------------


def register(registry: Any = None) -> Any:
    """Teach a pint registry price-year money; once is enough, twice does no harm.

    Call it for a registry of your own, after ``pint.set_application_registry`` (``quantity``
    does so by itself), and in every process that unpickles money: it can be the initializer
    of a pool as it stands.

    Args:
        registry: A pint registry; by default the application registry.

    Returns:
        The registry.

    Example:
        >>> import pint
        >>> mine = register(pint.UnitRegistry())
        >>> print(mine("3 million EUR_2024").to("MEUR_2024"))
        3.0 megaEUR_2024
    """
    found: Any = pint.application_registry if registry is None else registry
    if isinstance(found, ApplicationRegistry):
        found = _wrapped(found)
    if not _is_registered(found):
        with _LOCK:
            if not _is_registered(found):
                found.preprocessors.append(_PriceYears(found))
    return found


def _wrapped(application: Any) -> Any:
    return application.get()


def _is_registered(registry: Any) -> bool:
    # A registry not yet built cannot have been taught; asking it would build it.
    if isinstance(registry, LazyRegistry):
        return False
    return any(isinstance(step, _PriceYears) for step in registry.preprocessors)


class _PriceYears:
    """The step through which a registry reads every text: it defines money on first use."""

    def __init__(self, registry: Any) -> None:
        self._registry = weakref.ref(registry)

    def __call__(self, text: str) -> str:
        if "_" in text:
            # By its digits, not by a product: 2.3 million is 2.3e6, and 2.3 × 1e6 is not.
            text = _COUNTED.sub(lambda m: f"{m[1]}e{int(m[2] or 0) + _WORDS[m[3]][0]}", text)
            text = _WORD.sub(lambda m: _WORDS[m[1]][1], text)
            for found in _NAME.finditer(text):
                self._define(found[1], found[2], found[3], found[0])
        for found in _BARE.finditer(text):
            self._refuse_bare(found[0])
        return text

    def __deepcopy__(self, memo: dict[int, Any]) -> Callable[[str], str]:
        # A copied registry is another registry; it must be registered for itself.
        return str

    def _define(self, prefix: str, currency: str, year: str, whole: str) -> None:
        registry, name = self._registry(), f"{currency}_{year}"
        if registry is None:
            return
        # Once the year is defined pint would read a small prefix too: mEUR_2024 as thousandths.
        if currency in CURRENCIES and prefix not in _LARGE_PREFIXES:
            raise UndefinedMoneyError(whole, _small_prefix(prefix, name))
        if _has(registry, name):
            return
        if currency not in CURRENCIES:
            if not _has(registry, whole):
                raise UndefinedMoneyError(currency)
            return
        if not FIRST_YEAR <= int(year) <= LAST_YEAR:
            raise UndefinedMoneyError(name, _year_outside(name))
        with _LOCK:
            if not _has(registry, name):
                dimension = registry.UnitsContainer({f"[{currency}_at_{year}_prices]": 1})
                registry.define(
                    UnitDefinition(_MoneyName(name), None, (), ScaleConverter(1), dimension)
                )

    def _refuse_bare(self, currency: str) -> None:
        registry = self._registry()
        if registry is not None and not _has(registry, currency):
            raise UndefinedMoneyError(currency, _no_year(currency))


class _MoneyName(str):
    """The name of a unit of money; on its way out of a pickle it says what is missing.

    pint rebuilds a Quantity from the names of its units, and all it could say is that
    ``EUR_2024`` is not defined. This name is rebuilt first, by :func:`_unpickled_name`.
    """

    __slots__ = ()

    def __radd__(self, prefix: str) -> _MoneyName:
        return _MoneyName(str(prefix) + str(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return (_unpickled_name, (str(self),))

    def __copy__(self) -> _MoneyName:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> _MoneyName:
        return self


def _unpickled_name(name: str) -> _MoneyName:
    if not _is_registered(_wrapped(pint.application_registry)):
        raise ArmscostError(
            f"a Quantity in {name} was unpickled in a process whose pint registry does not know "
            "price-year money; call armscost.units.register() there first, for example as the "
            "pool's initializer"
        )
    return _MoneyName(name)


def _registry_of(quantity: Any) -> Any:
    # pint has no public way from a Quantity to its registry.
    return register(quantity._REGISTRY)


def _has(registry: Any, name: str) -> bool:
    try:
        registry.get_name(name)
    except pint.UndefinedUnitError:
        return False
    return True


def _items(quantity: Any) -> list[tuple[str, float]]:
    container = quantity._units if hasattr(quantity, "_units") else {}
    return list(container.items())


# --------------------------------------------------------------------------------------
# Refusals
# --------------------------------------------------------------------------------------


def _check_figure(text: str) -> None:
    """Refuse a text that is not one figure with its unit, before anything computes with it."""
    if len(text) > _LONGEST:
        raise OutsideEvidenceError(
            f"{text[:40]!r}… has {len(text)} characters; write for example '2.3 million EUR_2025'"
        )
    if "," in text:
        raise OutsideEvidenceError(
            f"{text!r} has a comma; write figures without separators, with a point: 2300000 or 2.3"
        )
    _check_names(text)
    twice = len(re.findall(rf"\b(?:{'|'.join(_WORDS)})\b", text)) > 1
    if twice or (text.strip() and not _PRICE.fullmatch(text)):
        raise OutsideEvidenceError(
            f"{text!r} is not one figure with its unit; write it without separators, for example "
            "'2300000 EUR_2025' or '2.3 million EUR_2025'"
        )


def _check_names(text: str) -> None:
    """Refuse unknown currencies, missing years and years out of range, with advice."""
    for prefix, currency, year in _NAME.findall(text):
        if currency not in CURRENCIES:
            raise UndefinedMoneyError(currency)
        if prefix not in _LARGE_PREFIXES:
            name = f"{currency}_{year}"
            raise UndefinedMoneyError(prefix + name, _small_prefix(prefix, name))
        if not FIRST_YEAR <= int(year) <= LAST_YEAR:
            raise OutsideEvidenceError(_year_outside(f"{currency}_{year}"))
    bare = _BARE.search(text)
    if bare:
        raise UndefinedMoneyError(bare[0], _no_year(bare[0]))
    if not _NAME.search(text):
        word = re.search(r"(?<![\w.])[A-Za-z]{3}(?!\w)", text)
        if word and word[0].upper() in CURRENCIES:
            raise UndefinedMoneyError(word[0], _no_year(word[0].upper()))


def _no_year(currency: str) -> str:
    return f"{currency} has no price year; write it with its year, for example {currency}_2024"


def _year_outside(name: str) -> str:
    return f"{name}: price years run from {FIRST_YEAR} to {LAST_YEAR}"


def _small_prefix(prefix: str, name: str) -> str:
    return (
        f"{prefix}{name}: {prefix!r} is no prefix for money; "
        f"write k{name} for thousands, M{name} for millions, G{name} for billions"
    )

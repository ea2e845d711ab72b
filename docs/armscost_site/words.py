"""Numbers and names as a page says them."""

from __future__ import annotations

import math
from html import escape
from typing import Any

import pandas as pd


def missing(cell: Any) -> bool:
    """Whether a cell says nothing."""
    return bool(cell is None or (pd.api.types.is_scalar(cell) and pd.isna(cell)) or cell == "")


def number(value: float, digits: int = 3) -> str:
    """A number in a sentence: three significant digits, thousands with commas.

    The tables of the site and its tooltips hold more digits; nothing is rounded before it is
    computed with.
    """
    value = float(value)
    if math.isinf(value):
        return "no sum" if value > 0 else "−∞"
    size = abs(value)
    sign = "−" if value < 0 else ""
    if size >= 1000:
        places = max(0, len(str(int(size))) - digits)
        return f"{sign}{round(size / 10**places) * 10**places:,.0f}"
    text = f"{size:.{digits}g}"
    return sign + (f"{float(text):f}".rstrip("0").rstrip(".") if "e" in text else text)


def money(value: float, unit: str = "") -> str:
    """A sum in a sentence: ``2.25 million``, with its unit where given."""
    for limit, word in ((1e9, " billion"), (1e6, " million")):
        if abs(value) >= 0.9995 * limit and math.isfinite(value):
            text = number(value / limit) + word
            break
    else:
        text = number(value)
    return f"{text} {unit}".strip()


def percent(share: float) -> str:
    """A share of one as per cent."""
    return f"{number(100 * share)} %"


def cell(value: Any) -> str:
    """A cell of a table as text: whole numbers with commas, small ones to four digits."""
    if missing(value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if math.isinf(value):
            return "no sum does"
        if value.is_integer() or abs(value) >= 1000:
            return f"{value:,.0f}".replace("-", "−")
        return number(value, 4)
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def said(name: Any) -> str:
    """A word of a vocabulary as it is said: ``contract_price`` is ``contract price``."""
    return "" if missing(name) else str(name).replace("_", " ")


def link(text: str, url: Any) -> str:
    """A link to a page elsewhere, or the plain text where there is no address."""
    if missing(url):
        return escape(text)
    return f'<a href="{escape(str(url), quote=True)}" rel="noopener">{escape(text)}</a>'

"""Published lots in one price year, as a learning curve wants them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from armscost import datasets, prices, units
from armscost.errors import NoRateError, OutsideEvidenceError, chosen
from armscost.results import records


def priced_lots(
    series: str,
    to: str,
    *,
    index: str,
    order: str = "deflate_then_exchange",
    rate: str = "market",
    book: prices.PriceBook | None = None,
) -> pd.DataFrame:
    """The latest actual lots of a series, rebased, ready for :func:`fit_learning_curve`.

    Then-year money follows prices as well as experience, so a curve is fitted to constant-year
    money only. A lot's money is taken as of its fiscal year. A total that no source states is
    quantity times unit cost, computed here.

    Args:
        series: A ``series_id`` of the table ``learning_lots``.
        to: Currency and price year, for example ``"USD_2024"``.
        index: The price index; required, since it moves the slope: ``"consumer"`` or
            ``"defence"``.
        order: See :func:`armscost.rebase`.
        rate: See :func:`armscost.rebase`.
        book: Rates and indices of your own.

    Returns:
        One row a lot, oldest first: ``first_unit``, ``last_unit``, ``total_cost`` in ``to``,
        ``annual_quantity``, ``fiscal_year``, ``currency``, ``price_year``. ``.attrs`` holds the
        ``assumptions``, the ``sources``, and the lots ``left_out`` with the reason.

    Raises:
        UnknownNameError: For a series that is not there.
        OutsideEvidenceError: Where no lot has both unit numbers and a price.

    Example:
        >>> from armscost import fit_learning_curve
        >>> lots = priced_lots("jassmer-aur", "USD_2024", index="defence")
        >>> fit = fit_learning_curve(lots, theory="crawford")
        >>> 0.8 < fit.slope < 0.95
        True
    """
    table = datasets.shared_table("learning_lots")
    latest = table[table["edition"].isna()]
    known = list(latest["series_id"].unique())
    chosen("series", series, known, where="armscost.load('learning_lots')")
    mine = latest[latest["series_id"] == series]
    currency, year = units.price_unit(to)
    method: dict[str, Any] = {"order": order, "index": index, "rate": rate, "book": book}
    rows, factors, left_out = [], [], {}
    for lot in records(mine.sort_values("fiscal_year", kind="stable")):
        reason = _missing(lot)
        if reason is None:
            base = lot["price_year"] if "price_year" in lot else lot["fiscal_year"]
            try:
                factor = prices.factor(lot["currency"], int(base), currency, year, **method)
            except NoRateError as error:
                reason = str(error)
        if reason is not None:
            left_out[lot["lot_id"]] = reason
            continue
        factors.append(factor)
        total = lot.get("total_cost", lot.get("quantity", 0) * lot.get("unit_cost", 0))
        rows.append(
            {
                "first_unit": int(lot["first_unit"]),
                "last_unit": int(lot["last_unit"]),
                "total_cost": total * factor.value,
                "annual_quantity": float(lot["quantity"]),
                "fiscal_year": int(lot["fiscal_year"]),
                "currency": currency,
                "price_year": year,
                "source_id": lot["source_id"],
            }
        )
    if not rows:
        raise OutsideEvidenceError(
            f"no lot of {series} can be used: {'; '.join(left_out.values())}"
        )
    frame = pd.DataFrame(rows).sort_values("first_unit", kind="stable", ignore_index=True)
    frame.attrs = {
        "assumptions": [*prices.summary(factors), "a lot's money is as of its fiscal year"],
        "sources": sorted(frame["source_id"].unique()),
        "left_out": left_out,
    }
    return frame.drop(columns="source_id")


def _missing(lot: dict[str, Any]) -> str | None:
    """What a lot lacks for a fit, or None."""
    if "first_unit" not in lot or "last_unit" not in lot:
        return "prior units are unknown: the lot has no unit numbers"
    if "fiscal_year" not in lot:
        return "no fiscal year"
    if "total_cost" not in lot and not {"quantity", "unit_cost"} <= set(lot):
        return "no cost"
    return None

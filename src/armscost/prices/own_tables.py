"""A caller's own rates and indices, held to the rules of ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from armscost.errors import OutsideEvidenceError
from armscost.prices.economies import SAME_AREA
from armscost.records import ExchangeRate, PriceIndex, PurchasingPower, Record

if TYPE_CHECKING:
    import pandas as pd

_MODELS: dict[str, type[Record]] = {
    "exchange_rates": ExchangeRate,
    "price_indices": PriceIndex,
    "purchasing_power": PurchasingPower,
}


def own_table(name: str, rows: Any) -> pd.DataFrame:
    """A table of the caller's, held to the rules of ours.

    Raises:
        OutsideEvidenceError: For rows that break them, two rows with one key, and no table.
    """
    import pandas as pd

    model, faults, records, seen = _MODELS[name], [], [], set()
    # Of two sources of one figure the caller takes one; no row of a look-up wins by its place.
    columns = [column for column in model.key if column != "source_id"]
    for number, row in enumerate(_as_dictionaries(rows)):
        filled = {k: v for k, v in row.items() if not (pd.api.types.is_scalar(v) and pd.isna(v))}
        if "base_year" in filled:
            filled["base_year"] = str(filled["base_year"])
        if isinstance(filled.get("area"), str):
            filled["area"] = SAME_AREA.get(filled["area"], filled["area"])
        try:
            record = model.model_validate(filled)
        except ValidationError as error:
            faults += [
                f"row {number}, {'.'.join(map(str, fault['loc']))}: {fault['msg']}"
                for fault in error.errors()
            ]
            continue
        key = tuple(getattr(record, column) for column in columns)
        if key in seen:
            faults.append(f"row {number}: {key} is there twice; one row a {', '.join(columns)}")
        seen.add(key)
        records.append(record.model_dump())
    if faults:
        more = f"; and {len(faults) - 10} more" if len(faults) > 10 else ""
        raise OutsideEvidenceError(f"own {name}: " + "; ".join(faults[:10]) + more)
    frame = pd.DataFrame(records, columns=list(model.model_fields))
    return frame.astype({"date": object}) if "date" in frame else frame


def _as_dictionaries(rows: Any) -> list[dict[str, Any]]:
    for method, arguments in (("to_pylist", ()), ("to_dicts", ()), ("to_dict", ("records",))):
        if hasattr(rows, method) and not isinstance(rows, dict):
            found: list[dict[str, Any]] = getattr(rows, method)(*arguments)
            return found
    if not isinstance(rows, Iterable) or not all(isinstance(row, Mapping) for row in rows):
        raise OutsideEvidenceError(
            f"{rows!r} is no table; give a DataFrame, an Arrow table or a list of dictionaries"
        )
    return [dict(row) for row in rows]

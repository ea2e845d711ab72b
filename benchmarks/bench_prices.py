"""Prices: one Quantity, and a million rows in memory, against numpy, pandas and peers."""

from __future__ import annotations

import datetime as dt
import functools
import importlib.util
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

import armscost as ac
from armscost import units
from armscost.prices.arrays import CODES, YEARS, factor_table
from benchmarks.timing import Row, best_by_turns, ratio, seconds, times

ROWS = 1_000_000
TO = "EUR_2024"
CURRENCIES = ("CHF", "CZK", "DKK", "EUR", "GBP", "HUF", "JPY", "NOK", "PLN", "RON", "SEK", "USD")
FIRST, LAST = 2012, 2023
SAMPLE = 20_000
GATHER = "numpy fancy gather and multiply"


def table(rows: int = ROWS, faults: float = 0.0) -> pd.DataFrame:
    """Amounts in twelve currencies and twelve years; a share of them in a currency unknown."""
    rng = np.random.default_rng(1)
    codes = rng.integers(0, len(CURRENCIES), rows).astype(np.int8)
    if faults:
        codes[rng.random(rows) < faults] = len(CURRENCIES)
    kind = pd.CategoricalDtype([*CURRENCIES, "XXX"])
    return pd.DataFrame(
        {
            "amount": rng.uniform(1.0, 1e6, rows),
            "currency": pd.Categorical.from_codes(codes, dtype=kind),
            "price_year": rng.integers(FIRST, LAST + 1, rows),
        }
    )


def factors() -> np.ndarray[Any, np.dtype[np.float64]]:
    """One line a currency, one column a year from 1980; NaN for the currency unknown."""
    found = factor_table(TO).factors[[CODES.index(name) for name in CURRENCIES]]
    known = found[:, FIRST - YEARS[0] : LAST - YEARS[0] + 1]
    if np.isnan(known).any():
        raise RuntimeError("the benchmark's own currencies and years must all be convertible")
    return np.vstack([found, np.full(found.shape[1], np.nan)])


def gather(frame: pd.DataFrame) -> Any:
    """What numpy needs for the same numbers, with places and years at hand as arrays."""
    by_place = factors()
    places = frame["currency"].cat.codes.to_numpy()
    years, amounts = frame["price_year"].to_numpy(), frame["amount"].to_numpy()
    return lambda: by_place[places, years - YEARS[0]] * amounts


def merge(frame: pd.DataFrame) -> Any:
    """What an analyst writes: a table of factors, merged and multiplied."""
    by_place = factors()
    lookup = pd.DataFrame(
        [
            (name, year, by_place[place, year - YEARS[0]])
            for place, name in enumerate(CURRENCIES)
            for year in YEARS
        ],
        columns=["currency", "price_year", "factor"],
    ).astype({"currency": frame["currency"].dtype})

    def work() -> Any:
        merged = frame.merge(lookup, on=["currency", "price_year"], how="left")
        merged["amount_rebased"] = merged["amount"] * merged["factor"]
        return merged

    return work


def one_quantity() -> Row:
    price = ac.quantity(2_300.0, "kEUR_2024")
    turns = range(1_000)
    return ratio(
        "`rebase` of one Quantity, 1,000 times",
        lambda: [ac.rebase(price, "MUSD_2020") for _ in turns],
        'pint\'s `.to("MEUR_2024")` from kEUR_2024',
        lambda: [price.to("MEUR_2024") for _ in turns],
        1,
        rounds=15,
    )


def against_numpy(faults: float, hold: float, rows: int = ROWS) -> Row:
    """Our array path over numpy's own gather; the guard in the tests uses it too."""
    frame = table(rows, faults)
    kept = "keep" if faults else "raise"
    share = f"{faults:.0%} of rows kept as faults" if faults else "all convertible"
    return ratio(
        f"`rebase_frame`, {rows:,} rows, categorical currency, {share}",
        lambda: ac.rebase_frame(frame, TO, missing=kept),
        GATHER,
        gather(frame),
        hold,
    )


def against_currency_converter(frame: pd.DataFrame) -> Row:
    what, reference = "the same, string currency", f"a CurrencyConverter loop, {SAMPLE:,} rows"
    if importlib.util.find_spec("currency_converter") is None:
        return Row(what, reference, None, "×", 20, "currencyconverter is not installed", True)
    from currency_converter import CurrencyConverter

    converter = CurrencyConverter(fallback_on_wrong_date=True, fallback_on_missing_rate=True)
    sample = frame.head(SAMPLE)
    rows = list(zip(sample["amount"], sample["currency"], sample["price_year"], strict=True))

    def loop() -> Any:
        return [converter.convert(a, c, "EUR", dt.date(int(y), 7, 1)) for a, c, y in rows]

    mine, theirs = best_by_turns([lambda: ac.rebase_frame(frame, TO), loop], rounds=5)
    scaled = theirs * len(frame) / SAMPLE
    told = f"{seconds(mine)} against {seconds(scaled)}, the loop scaled from {seconds(theirs)}"
    return Row(f"{what}: times faster, and deflated too", reference, scaled / mine, "×", 20,
               told, at_least=True)  # fmt: skip


def against_pint_pandas(frame: pd.DataFrame) -> Row:
    what, reference = "the same, categorical currency", "pint-pandas, one array a currency and year"
    if importlib.util.find_spec("pint_pandas") is None:
        return Row(what, reference, None, "×", None, "pint-pandas is not installed")
    PintArray = importlib.import_module("pint_pandas").PintArray

    registry = units.register()
    by_place = factors()

    def grouped() -> Any:
        parts = []
        for key, rows in frame.groupby(["currency", "price_year"], observed=True):
            name, year = map(str, key)
            own = pd.Series(PintArray(rows["amount"].to_numpy(), f"{name}_{year}"), rows.index)
            factor = by_place[CURRENCIES.index(name), int(year) - YEARS[0]]
            parts.append(own * registry.Quantity(factor, f"{TO}/{name}_{year}"))
        return pd.concat(parts).sort_index()

    mine, theirs = best_by_turns([lambda: ac.rebase_frame(frame, TO), grouped], rounds=3)
    return Row(what, reference, mine / theirs, "×", None, times(mine, theirs))


def rows() -> Iterator[Row]:
    """Every row of the design's section 10 that is of prices in memory."""
    yield one_quantity()
    yield against_numpy(0.0, 4)
    yield against_numpy(0.05, 6)
    frame = table()
    words = frame.astype({"currency": "str"})
    yield ratio("the same, string currency", lambda: ac.rebase_frame(words, TO),
                "pandas merge and multiply", merge(words), 1)  # fmt: skip
    yield against_currency_converter(words)
    yield against_pint_pandas(frame)


@functools.cache
def per_row(sizes: tuple[int, ...]) -> dict[int, tuple[float, float]]:
    """Number of rows to seconds a row in memory, ours and numpy's gather."""
    found = {}
    for size in sizes:
        frame = table(size)
        works = [functools.partial(ac.rebase_frame, frame, TO), gather(frame)]
        mine, theirs = best_by_turns(works, rounds=5)
        found[size] = mine / size, theirs / size
    return found


def growth(sizes: tuple[int, ...]) -> Row:
    """How the time a row grows from the smallest to the largest frame, beside numpy's own.

    Frames that fit in the processor's cache cost less a row, whoever does the work.
    """
    found = per_row(sizes)
    (mine, theirs), (mine_large, theirs_large) = found[min(sizes)], found[max(sizes)]
    told = "; ".join(
        f"{size // 10**6}M {seconds(ours)} a row against {seconds(bare)}"
        for size, (ours, bare) in found.items()
    )
    span = f"{min(sizes) // 10**6}M to {max(sizes) // 10**6}M rows"
    return Row(f"`rebase_frame`: growth of the time a row, {span}", "numpy's own growth",
               mine_large / mine / (theirs_large / theirs), "×", 1.2, told)  # fmt: skip

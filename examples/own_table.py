"""Your own table into one currency and price year, every row kept, each gap with its reason.

Run it: python examples/own_table.py
"""

import pandas as pd
import polars as pl

import armscost as ac

notices = pd.DataFrame(
    {
        "title": ["Howitzers", "Drones", "Radar", "Shells", "Spare parts"],
        "amount": [184_000_000.0, 45_000_000.0, 12_500_000.0, None, 3_000_000.0],
        "currency": ["EUR", "GBP", "SEK", "EUR", "XAU"],
        "price_year": [2022, 2025, 2019, 2023, 2021],
    }
)
kept = ac.rebase_frame(notices, "EUR_2024", missing="keep", explain=True)
shown = ["title", "amount_rebased", "rebase_status", "rebase_factor", "rebase_index"]
print(kept[shown].to_string(na_rep="", float_format="{:,.4g}".format))

# Left to itself it does not go on with holes in it.
try:
    ac.rebase_frame(notices, "EUR_2024")
except ac.NoRateError as error:
    print(f"\n{error}")

# The kind of table that goes in comes out; a lazy one stays lazy until it is asked for.
lazy = ac.rebase_frame(pl.LazyFrame(notices.to_dict("list")), "EUR_2024")
total, rows = (
    lazy.filter(pl.col("rebase_status") == "ok")
    .select(pl.col("amount_rebased").sum().alias("total"), pl.len())
    .collect()
    .row(0)
)
print(f"\npolars, lazily: {total:,.0f} EUR at prices of 2024, in {rows} rows")

"""The tables without armscost: DuckDB, polars and pyarrow read them; nothing of ours is imported.

Run it: python examples/read_without_armscost.py
"""

import json
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq

FOLDER = Path(__file__).parents[1] / "datasets"

dearest = duckdb.sql(
    f"""
    SELECT c.system_id, c.total_amount / c.quantity AS computed_price, c.currency, c.price_year,
           c.scope, s.publisher
    FROM '{FOLDER}/costs.parquet' c JOIN '{FOLDER}/sources.parquet' s USING (source_id)
    WHERE c.currency = 'EUR' AND c.scope = 'item_only' AND c.quantity > 0
    ORDER BY computed_price DESC NULLS LAST LIMIT 5
    """
)
print("Dearest contracts for the item alone, in euros of their year (a total over a quantity):")
for row in dearest.fetchall():
    print("  ", *row)

outputs = pl.read_parquet(FOLDER / "outputs.parquet")
print("\nPublished rates of output, by what they are (capacity is not deliveries):")
for status, count in outputs.group_by("status").len().sort("len", descending=True).iter_rows():
    print(f"   {status}: {count}")

metadata = json.loads(pq.read_schema(FOLDER / "costs.parquet").metadata[b"armscost"])
print("\nIn the file itself:", ", ".join(sorted(metadata)))
field = pq.read_schema(FOLDER / "costs.parquet").field("price_year")
print("   price_year:", field.metadata[b"description"].decode())

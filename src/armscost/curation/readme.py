"""``datasets/README.md``: what the tables hold and how to read them, its numbers counted here."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa

from armscost.records import TABLES

READING = '''\
## Read them

Each table is one Parquet file. Nothing need be installed but a reader of Parquet; the paths
below are those seen from the root of the repository.

pandas:

```python
import pandas as pd

costs = pd.read_parquet("datasets/costs.parquet")
contracts = costs[costs["cost_basis"] == "contract_price"]
print(contracts[["system_id", "quantity", "total_amount", "currency", "price_year"]].head())
print(costs.attrs["armscost"]["columns"]["price_year"]["description"])
```

In numpy-backed columns an empty number is `NaN`; with `dtype_backend="numpy_nullable"` or
`"pyarrow"` it stays apart from a number.

polars:

```python
import polars as pl

outputs = pl.read_parquet("datasets/outputs.parquet")
delivered = outputs.filter(pl.col("status") == "delivered")
print(delivered.group_by("system_id").len().sort("len", "system_id", descending=True))
```

DuckDB, in Python or in its shell:

```python
import duckdb

print(
    duckdb.sql(
        """
        SELECT costs.system_id, costs.statement, sources.publisher, sources.reliability
        FROM 'datasets/costs.parquet' AS costs
        JOIN 'datasets/sources.parquet' AS sources USING (source_id)
        WHERE costs.credibility <= 3
        ORDER BY costs.system_id
        LIMIT 5
        """
    )
)
```

R:

```r
library(arrow)

costs <- read_parquet("datasets/costs.parquet")
head(costs[costs$cost_basis == "contract_price", c("system_id", "total_amount", "currency")])
```

Each file carries its metadata as JSON under the key `armscost`, and in `PANDAS_ATTRS`, which
pandas hands on in `.attrs`: what a row is, the key, the unit and description of each column, the
words of closed vocabularies, licence and data version.

```python
import json

import duckdb
import pyarrow.parquet as pq

about = json.loads(pq.read_schema("datasets/outputs.parquet").metadata[b"armscost"])
print(about["data_version"], about["columns"]["status"]["allowed"])

keys = "SELECT key::VARCHAR AS key FROM parquet_kv_metadata('datasets/outputs.parquet')"
print(duckdb.sql(keys))
```

Without Parquet: `armscost-csv.zip` holds every table as CSV, `armscost.xlsx` as sheets (all but
the daily fixings). `datapackage.json` describes them as a Data Package, `croissant.json` for
search engines, and `sources.bib` is the list of sources for BibTeX.
'''

CAREFUL = """\
## Before you compare

- **Money is stored as it was published.** `amount` is the price of one item, only where the source
  says one; `total_amount` and `quantity` are the contract. Nobody has divided, converted,
  deflated or averaged. `currency` and `price_year` say which money it is.
- **Compare like with like.** `cost_basis`, `scope`, `condition` and `tax` say what the money buys.
  A scope that is `unknown` is like nothing, not even another `unknown`.
- **Count facts, not rows.** Figures that state one and the same deal or announcement share their
  `fact_id`, and sources that relay one statement share their `origin_id`. Five papers on one press
  conference are one fact from one origin.
- **Planned is not delivered.** `status` (outputs), `planned` (deliveries) and `stage`
  (contributions) keep them apart; `part_of` says which contribution is inside which.
- **Grades.** `reliability` (A to F) is of the publisher, our judgement; `credibility` (1 to 6) is
  of the figure, by rules; `check` is what a second look found. F and 6 mean "cannot be judged".
  The rules stand in `docs/explanation/how-figures-are-graded.md`.
"""

LICENCE = """\
## Licence

The compilation is under CC BY 4.0 (`LICENSE-DATA`): use it, and name armscost and the data version.
Each source keeps its own rights; `statement` puts in our words what it says, and no sentence is
copied. Cite the source of a figure beside the table, from `sources.bib`.

The tables are built from `curated/` by `armscost data build`, this page with them; edit there.
"""


def text(tables: dict[str, pa.Table], version: str) -> str:
    """The page, with every number counted from the tables.

    Args:
        tables: The built tables.
        version: The version of the data.

    Returns:
        Markdown.
    """
    sections = [_opening(tables, version), _contents(tables), READING, CAREFUL]
    return "\n".join([*sections, _limits(tables), LICENCE])


def distinct(table: pa.Table, column: str) -> int:
    """How many different values a column holds, empty cells aside."""
    return len(set(table.column(column).to_pylist()) - {None})


def _opening(tables: dict[str, pa.Table], version: str) -> str:
    return (
        "# What weapon systems cost and how fast they are made: the tables\n\n"
        f"Data version {version}. Published figures on {tables['systems'].num_rows} weapon "
        f"systems from {tables['sources'].num_rows:,} sources of "
        f"{distinct(tables['sources'], 'publisher')} publishers, each as it was published, with "
        "its source, range, scope and grade.\n"
    )


def _contents(tables: dict[str, pa.Table]) -> str:
    lines = ["## What there is", "", "| table | rows | facts | contents |", "|---|--:|--:|---|"]
    for name, table in tables.items():
        facts = f"{distinct(table, 'fact_id'):,}" if "fact_id" in table.column_names else ""
        about = TABLES[name].about
        lines.append(f"| [`{name}`]({name}.parquet) | {table.num_rows:,} | {facts} | {about} |")
    return "\n".join([*lines, ""])


def _limits(tables: dict[str, pa.Table]) -> str:
    costs, outputs = tables["costs"], tables["outputs"]
    scopes = Counter(costs.column("scope").to_pylist())
    taxes = Counter(costs.column("tax").to_pylist())
    checks = Counter(costs.column("check").to_pylist() + outputs.column("check").to_pylist())
    grades = Counter(costs.column("credibility").to_pylist())
    confirmed = grades[1] + grades[2]
    years = [y for y in costs.column("price_year").to_pylist() if y is not None]
    statuses = Counter(outputs.column("status").to_pylist())
    said = outputs.num_rows - statuses["delivered"]
    figures = costs.num_rows + outputs.num_rows
    no_address = tables["sources"].column("url").null_count
    return f"""\
## What they cannot say

- **What a weapon really costs.** Of {costs.num_rows} prices and contracts, {scopes["unknown"]} do
  not say what the money buys, {taxes["unknown"]} do not say whether tax is inside, and no more
  than {confirmed} rest on two origins.
- **What is made.** Of {outputs.num_rows} figures of output, {said} are what makers, ministries or
  intelligence services say of production, capacity, plans and targets; {statuses["delivered"]}
  count deliveries.
- **What nobody published.** Prices that are secret are missing, and so are most of those printed
  in languages and papers that were not read; costs run from {min(years)} to {max(years)}, most of
  them from the last years.
- **More than the page said.** Of these {figures} figures, {checks["unchecked"]} were read once,
  {checks["not_refound"]} were looked for again and not found, and {checks["mismatch"]} had a fault
  at the second look, which is noted beside them. {no_address} sources have no address.
- **The future.** A target is a target. Nothing is extrapolated.
"""

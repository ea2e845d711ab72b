"""The tables as they were published: loaded, described, cited."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from armscost.errors import ArmscostError, OutsideEvidenceError, chosen
from armscost.records import TABLES, System, columns

if TYPE_CHECKING:
    import pandas as pd

ATTRS_KEY = b"PANDAS_ATTRS"


def data_folder() -> Path:
    """The folder of the built tables: ``datasets/`` in a checkout, else inside the wheel.

    Raises:
        ArmscostError: Where neither is there, which means a broken installation.
    """
    packaged = Path(__file__).parent / "_data"
    checkout = Path(__file__).parents[2] / "datasets"
    for folder in (packaged, checkout):
        if (folder / "costs.parquet").exists():
            return folder
    raise ArmscostError(
        "the tables are missing from this installation; install armscost again, or in a "
        "checkout run: armscost data build"
    )


def tables() -> list[str]:
    """The names of the tables, systems first.

    Example:
        >>> tables()[:3]
        ['systems', 'sources', 'costs']
    """
    return list(TABLES)


def load(name: str) -> pd.DataFrame:
    """Load one table as it was published, with its metadata in ``.attrs``.

    Args:
        name: A name of :func:`tables`.

    Returns:
        A new DataFrame, one row a figure; money as float64 beside its currency and price year,
        closed vocabularies as categoricals. ``.attrs["armscost"]`` holds units, descriptions,
        licence and data version.

    Raises:
        UnknownNameError: For a name that is no table.

    Example:
        >>> costs = load("costs")
        >>> {"amount", "currency", "price_year"} <= set(costs.columns)
        True
    """
    copy = _read(_known(name)).copy()
    copy.attrs = _attributes(name)
    return copy


def shared_table(name: str) -> pd.DataFrame:
    """The same table without a copy and without metadata, for reading only.

    :func:`load` is for callers. pandas copies ``.attrs`` in depth at nearly every step, which
    would cost an answer most of its time.
    """
    return _read(_known(name))


def _read(name: str) -> pd.DataFrame:
    return _stored(name)[0]


def _attributes(name: str) -> dict[Any, Any]:
    """The metadata of a table, made anew for each caller, who may change it."""
    found: dict[Any, Any] = json.loads(_stored(name)[1])
    return found


@functools.cache
def _stored(name: str) -> tuple[pd.DataFrame, bytes]:
    """A table and its metadata as JSON, read once."""
    import pyarrow.parquet as pq

    # Small files: without threads and without a dataset around it, half the time.
    with pq.ParquetFile(data_folder() / f"{name}.parquet") as file:
        table = file.read(use_threads=False)
    metadata = table.schema.metadata or {}
    frame: pd.DataFrame = table.replace_schema_metadata(None).to_pandas(split_blocks=True)
    return frame, bytes(metadata.get(ATTRS_KEY, b"{}"))


def data_version() -> str:
    """The version of the data, named by the day of its release.

    Example:
        >>> len(data_version().split("."))
        3
    """
    return str(_attributes("systems")["armscost"]["data_version"])


def describe(name: str) -> pd.DataFrame:
    """Describe the columns of a table.

    Args:
        name: A name of :func:`tables`.

    Returns:
        One row a column: ``column``, ``type``, ``unit``, ``description``, ``required`` and,
        for a closed vocabulary, ``allowed``.

    Raises:
        UnknownNameError: For a name that is no table.

    Example:
        >>> describe("costs").set_index("column").loc["amount", "unit"]
        'currency'
    """
    import pandas as pd

    rows = []
    fields = TABLES[_known(name)].model_fields
    for column in columns(name):
        field = fields[column]
        kind, allowed = kind_of(field.annotation)
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        rows.append(
            {
                "column": column,
                "type": kind,
                "unit": str(extra.get("unit", "")),
                "description": field.description or "",
                "required": field.is_required(),
                "allowed": ", ".join(allowed),
            }
        )
    return pd.DataFrame(rows)


def kind_of(annotation: Any) -> tuple[str, tuple[str, ...]]:
    """The plain type of a field and its closed vocabulary, if it has one.

    Returns:
        One of ``text``, ``vocabulary``, ``integer``, ``number``, ``date``; and the words.
    """
    if get_origin(annotation) is Literal:
        return "vocabulary", get_args(annotation)
    args = [arg for arg in get_args(annotation) if arg is not type(None)]
    if args:
        return kind_of(args[0])
    return {str: "text", int: "integer", float: "number"}.get(annotation, "date"), ()


def system(name: str) -> System:
    """The record of one weapon system.

    Args:
        name: Its id; see the column ``system_id`` of ``load("systems")``.

    Returns:
        The record: ``.name``, ``.category``, ``.country``, ``.maker``, ``.summary``, ….

    Raises:
        UnknownNameError: For an id that is not there; it offers the nearest ones.

    Example:
        >>> system("caesar").category
        'self-propelled howitzer'
    """
    row = row_of("systems", "system_id", name, kind="system", where="armscost show")
    return System.model_validate(row)


def source(name: str) -> dict[str, Any]:
    """The row of one source as a dictionary, empty cells left out."""
    return row_of("sources", "source_id", name, kind="source", where="armscost.load('sources')")


def row_of(table: str, key: str, name: str, *, kind: str, where: str) -> dict[str, Any]:
    """One row of a table by its key, empty cells left out.

    Raises:
        UnknownNameError: Where no row has that key.
    """
    frame = shared_table(table)
    names = frame[key].tolist()
    row = frame.iloc[names.index(chosen(kind, name, names, where=where))]
    return {str(k): v for k, v in row.items() if v is not None and v == v}


def cite(source_ids: Iterable[str], style: str = "text") -> str:
    """References for sources.

    Args:
        source_ids: Ids of the table ``sources``.
        style: ``"text"`` for a reading list or ``"bibtex"``.

    Returns:
        The references, one a line or one an entry, in the order given.

    Raises:
        UnknownNameError: For an unknown source or style.
        OutsideEvidenceError: For what is neither an id nor a list of them.

    Example:
        >>> print(cite(["re-russia-2025-04"], style="bibtex").splitlines()[0])
        @misc{re-russia-2025-04,
    """
    styles = {"text": _text_reference, "bibtex": bibtex_entry}
    reference = styles[chosen("citation style", style, styles)]
    if not isinstance(source_ids, Iterable):
        raise OutsideEvidenceError(f"{source_ids!r} is no list of source ids")
    names = [source_ids] if isinstance(source_ids, str) else source_ids
    return "\n".join(reference(source(name)) for name in names)


def _text_reference(row: dict[str, Any]) -> str:
    dated = row.get("published", "undated")
    where = row.get("url") or f"no address: {row.get('no_url_reason')}"
    return (
        f"{row['publisher']} ({dated}). {row['title']}. {where} "
        f"(read {row['accessed']}; reliability {row['reliability']}) [{row['source_id']}]"
    )


def bibtex_entry(row: dict[str, Any]) -> str:
    """A source as a BibTeX entry of kind ``misc``."""
    fields = {
        "author": f"{{{_tex(row['publisher'])}}}",
        "title": f"{{{_tex(row['title'])}}}",
        "year": str(row["published"])[:4] if "published" in row else None,
        "date": row.get("published"),
        "url": row.get("url"),
        "urldate": row.get("accessed"),
        "language": row.get("language"),
        "note": _tex(row["no_url_reason"]) if "no_url_reason" in row else None,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{row['source_id']},", *lines, "}"])


def _tex(text: str) -> str:
    for sign in "&%$#_":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("{", "").replace("}", "")


def _known(name: str) -> str:
    return chosen("table", name, TABLES, where="armscost tables")


def overview() -> pd.DataFrame:
    """Rows and distinct facts of every table.

    Returns:
        One row a table: ``table``, ``rows``, ``facts`` (missing where a table has none: one
        fact printed by several papers is several rows) and ``about``.

    Example:
        >>> overview()["table"].tolist() == tables()
        True
    """
    import pandas as pd

    rows = []
    for name, model in TABLES.items():
        frame = _read(name)
        facts = frame["fact_id"].nunique() if "fact_id" in frame else pd.NA
        rows.append({"table": name, "rows": len(frame), "facts": facts, "about": model.about})
    return pd.DataFrame(rows).astype({"facts": "Int64"})


# For each table of figures: the column of its date, and the columns that say what kind it is.
_DATED = {
    "costs": ("price_date", ("cost_basis", "scope", "condition")),
    "outputs": ("period_end", ("status", "area")),
    "deliveries": ("last_delivery", ("buyer",)),
    "capabilities": (None, ("measure", "variant", "condition")),
    "claims": ("stated_on", ("relation",)),
    "contributions": ("dated", ("stage", "channel")),
}


def figures_of(system_id: str) -> pd.DataFrame:
    """Every figure of a system, by kind and date, with its source and grade.

    Args:
        system_id: A system; claims count where it is their subject or their object.

    Returns:
        One row a figure: ``table``, ``date``, ``figure`` (our one-line statement), ``kind``,
        ``grade`` (reliability and credibility, such as ``B3``), ``source_id``, ``figure_id``.

    Raises:
        UnknownNameError: For a system that is not there.

    Example:
        >>> figures_of("caesar")["table"].iloc[0]
        'costs'
    """
    import pandas as pd

    system(system_id)
    letters = _read("sources").set_index("source_id")["reliability"].astype("str")
    parts = []
    for name, (date, kinds) in _DATED.items():
        frame = _read(name)
        named = ("subject_id", "object_id") if name == "claims" else ("system_id",)
        rows = frame[(frame[list(named)].astype("object") == system_id).any(axis=1)]
        kind = rows[list(kinds)].astype("object").apply(lambda r: ", ".join(r.dropna()), axis=1)
        parts.append(
            pd.DataFrame(
                {
                    "table": name,
                    "date": rows[date].astype("object") if date else None,
                    "figure": rows["statement"],
                    "kind": kind.str.replace("_", " ") if len(rows) else "",
                    "grade": rows["source_id"].map(letters) + rows["credibility"].astype("str"),
                    "source_id": rows["source_id"],
                    "figure_id": rows[TABLES[name].key[0]],
                }
            ).sort_values("date", kind="stable", na_position="last")
        )
    return pd.concat(parts, ignore_index=True)

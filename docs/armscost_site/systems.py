"""The pages of the systems: everything the tables hold on one, in one place."""

from __future__ import annotations

import functools
from html import escape
from typing import Any

import pandas as pd

import armscost as ac
from armscost import charts
from armscost_site import blocks, verdicts
from armscost_site.words import cell, missing, said

GENERATED = (
    "<!-- Written by docs/armscost_site from the tables; change these, not this page. -->\n\n"
)
UNIT = "EUR_2024"
PER = {"month": "a month", "year": "a year", "day": "a day", "period": "in a period",
       "cumulative": "in all"}  # fmt: skip
LADDER = {"central": "value", "publisher": "source"}


def pages(out: dict[str, str]) -> list[Any]:
    """Write a page a system and their list into ``out``; give back their part of the nav."""
    systems = ac.load("systems").astype("object").sort_values("name", key=lambda c: c.str.lower())
    for record in systems.to_dict("records"):
        out[f"systems/{record['system_id']}.md"] = _page(record)
    out["systems/index.md"] = _list(systems)
    nav: list[Any] = []
    for category, rows in systems.groupby("category", sort=True):
        title = str(category)[:1].upper() + str(category)[1:]
        nav.append({title: [f"systems/{name}.md" for name in rows["system_id"]]})
    return nav


def _list(systems: pd.DataFrame) -> str:
    counts = {name: ac.load(name)["system_id"].value_counts() for name in ("costs", "outputs")}
    parts = [
        f"{GENERATED}# Systems\n\n{len(systems)} weapon systems and parts of such, each with every "
        "figure that the tables hold on it. To filter and sort figures of all of them, use the "
        "[explorer](../explorer.md).\n"
    ]
    for category, rows in systems.groupby("category", sort=True):
        frame = rows.assign(
            prices=rows["system_id"].map(counts["costs"]).fillna(0).astype(int),
            outputs=rows["system_id"].map(counts["outputs"]).fillna(0).astype(int),
            link=rows["system_id"],
        )
        names = dict(zip(rows["system_id"], rows["name"], strict=True))
        title = str(category)[:1].upper() + str(category)[1:]
        parts.append(f"## {title}\n")
        parts.append(
            blocks.table(
                frame,
                f"{title}: figures in the tables",
                {
                    "link": "system",
                    "maker": "maker",
                    "country": "country",
                    "prices": "prices",
                    "outputs": "outputs",
                },
                {
                    "link": lambda key, names=names: (
                        f'<a href="{key}.html">{escape(names[key])}</a>'
                    ),
                    "maker": cell,
                },
            )
        )
    return "\n".join(parts)


def _page(record: dict[str, Any]) -> str:
    system = record["system_id"]
    summary = "" if missing(record["summary"]) else record["summary"]
    about = escape(f"{record['name']}: published prices, output, deliveries and their sources.")
    parts = [
        f"---\ntitle: {_yaml(record['name'])}\ndescription: {_yaml(about)}\n---\n{GENERATED}",
        f"# {record['name']}\n\n{summary}\n",
        _facts(record),
    ]
    used: list[str] = []
    for section in (_prices, _output, _capabilities, _deliveries, _claims, _contributions):
        parts.append(section(system, used))
    ids = list(dict.fromkeys(used))
    if ids:
        parts.append(f"## Sources\n\n{blocks.sources(sorted(ids))}")
        parts.append(
            "Grades: a letter for the source, A to F, and a number for the figure, 1 to 6. "
            "[How figures are graded](../explanation/how-figures-are-graded.md).\n"
        )
    return "\n".join(part for part in parts if part)


def _yaml(text: str) -> str:
    return '"' + text.replace('"', "'") + '"'


def _facts(record: dict[str, Any]) -> str:
    told = {
        "Kind": record["category"], "Maker": record["maker"], "Country": record["country"],
        "Also called": record["other_names"], "Id in the tables": record["system_id"],
    }  # fmt: skip
    rows = "".join(
        f"<dt>{name}</dt><dd>{escape(str(value))}</dd>"
        for name, value in told.items() if not missing(value)
    )  # fmt: skip
    return f'<dl class="facts">{rows}</dl>\n'


@functools.cache
def _graded(name: str) -> pd.DataFrame:
    frame = ac.load(name).astype("object")
    letters = ac.load("sources").set_index("source_id")["reliability"].astype("str")
    grade = frame["source_id"].map(letters) + frame["credibility"].astype("str")
    return frame.assign(grade=grade)


def _own(name: str, system: str) -> pd.DataFrame:
    frame = _graded(name)
    return frame[frame["system_id"] == system]


FIGURE = {
    "grade": lambda text: f'<span class="grade">{escape(str(text))}</span>',
    "source_id": blocks.source_link,
    "statement": lambda text: escape(str(text)),
    "printed": lambda text: escape(str(text)),
}


# --- prices -----------------------------------------------------------------------------


def _prices(system: str, used: list[str]) -> str:
    own = _own("costs", system)
    if own.empty:
        return "## What it costs\n\nNo price in the tables.\n"
    used += own["source_id"].tolist()
    try:
        result = ac.compare([system], to=UNIT)
    except ac.OutsideEvidenceError as error:
        return f"## What it costs\n\n{_sentence(error)}\n\n{_as_published(own)}"
    trace = result.trace
    ladder = trace.assign(system=_rung(trace)).rename(columns=LADDER)
    ladder = ladder.sort_values(["price_year", "system"], kind="stable").rename(
        columns={"price_year": "year"}
    )
    wide = ladder["value"].max() > 12 * ladder["value"].min()
    chart = charts.price_ladder(
        ladder, UNIT, scale="log" if wide else "linear",
        title=f"{ac.system(system).name}: each published price, by its price year",
    )  # fmt: skip
    groups = blocks.table(
        result.table, f"One {trace['per'].iloc[0]}, by kind of price, in {UNIT}",
        {"cost_basis": "basis", "scope": "scope", "condition": "condition", "low": "low",
         "median": "median", "high": "high", "n_facts": "facts", "n_origins": "origins"},
    )  # fmt: skip
    figures = blocks.table(
        trace.sort_values(["scope", "price_year"], kind="stable"),
        f"Each price used, as printed and in {UNIT}",
        {"printed": "as printed", "cost_basis": "basis", "scope": "scope", "condition": "condition",
         "tax": "tax", "central": UNIT, "grade": "grade", "source_id": "source"},
        FIGURE,
    )  # fmt: skip
    return (
        f"## What it costs\n\n{blocks.show(chart)}\n{groups}\n{figures}\n"
        f"{blocks.left_out(result)}\n"
        f'The same in Python: `ac.compare(["{system}"], to="{UNIT}").explain()`.\n'
    )


def _rung(trace: pd.DataFrame) -> pd.Series:
    return trace["price_year"].astype(int).astype("str")


def _as_published(own: pd.DataFrame) -> str:
    return blocks.table(
        own, "As published",
        {"price_date": "date", "statement": "figure", "cost_basis": "basis", "scope": "scope",
         "grade": "grade", "source_id": "source"},
        FIGURE,
    )  # fmt: skip


def _sentence(error: Exception) -> str:
    text = str(error)
    return text[:1].upper() + text[1:] + "."


# --- output -----------------------------------------------------------------------------


def _output(system: str, used: list[str]) -> str:
    own = _own("outputs", system)
    if own.empty:
        return ""
    used += own["source_id"].tolist()
    own = own.sort_values(["per", "period_end"], kind="stable", na_position="last")
    parts = ["## Output\n"]
    for (per, item), rows in own.groupby(["per", "item"], sort=False):
        dated = rows[rows["period_end"].notna()]
        if len(dated) >= 3 and dated["period_end"].nunique() >= 2 and per != "day":
            parts.append(blocks.show(_output_chart(system, dated, str(per), str(item))))
    own = own.assign(rate_said=[_range(r, "rate") for r in own.to_dict("records")])
    own["when"] = [_span(r["period_start"], r["period_end"]) for r in own.to_dict("records")]
    own["per_said"] = [PER.get(str(per), said(per)) for per in own["per"]]
    parts.append(
        blocks.table(
            own,
            "Every published rate of output",
            {
                "rate_said": "units",
                "item": "of",
                "per_said": "per",
                "when": "period",
                "status": "status",
                "statement": "figure",
                "grade": "grade",
                "source_id": "source",
            },
            FIGURE,
        )
    )
    return "\n".join(parts)


def _output_chart(system: str, rows: pd.DataFrame, per: str, item: str) -> Any:
    names = {"rate": "value", "rate_low": "low", "rate_high": "high", "statement": "printed"}
    points = rows.rename(columns=names).assign(
        date=[_day(text) for text in rows["period_end"]], source=rows["source_id"]
    )
    for name in ("low", "value", "high"):
        points[name] = pd.to_numeric(points[name])
    # "at least 20" has one end only: it is drawn there, and its words say so
    points["value"] = points["value"].fillna(points["low"].where(points["high"].isna()))
    points["value"] = points["value"].fillna(points["high"].where(points["low"].isna()))
    name = ac.system(system).name
    measure = f"{item[:1].upper()}{item[1:]}s {PER[per]}"
    return charts.ramp(points, measure, title=f"{name}: published output, {PER[per]}")


def _day(text: Any) -> str:
    """A partial date as a day to draw it at: a year in its middle, a month on its first."""
    return str(text) + {4: "-07-01", 7: "-01"}.get(len(str(text)), "")


def _span(start: Any, end: Any) -> str:
    ends = [str(part) for part in (start, end) if not missing(part)]
    return " to ".join(dict.fromkeys(ends))


def _range(row: dict[str, Any], name: str) -> str:
    """Low, best and high as printed: ``6``, ``15 to 20``, ``at least 20``."""
    low, best, high = (row.get(f"{name}{end}") for end in ("_low", "", "_high"))
    ends = [value for value in (low, best, high) if not missing(value)]
    if not ends:
        return ""
    word = "" if row.get("qualifier") in ("exact", "range") else said(row.get("qualifier")) + " "
    said_ends = dict.fromkeys(cell(float(value)) for value in (ends[0], ends[-1]))
    return word + " to ".join(said_ends)


# --- the rest ---------------------------------------------------------------------------


def _capabilities(system: str, used: list[str]) -> str:
    own = _own("capabilities", system)
    if own.empty:
        return ""
    used += own["source_id"].tolist()
    own = own.assign(said=[_range(row, "value") for row in own.to_dict("records")])
    return "## What it can do\n\n" + blocks.table(
        own, "Published characteristics",
        {"measure": "measure", "said": "value", "unit": "unit", "condition": "with",
         "variant": "variant", "grade": "grade", "source_id": "source"},
        FIGURE,
    )  # fmt: skip


def _deliveries(system: str, used: list[str]) -> str:
    own = _own("deliveries", system)
    if own.empty:
        return ""
    used += own["source_id"].tolist()
    own = own.assign(lead=[_range(row, "lead_months") for row in own.to_dict("records")])
    return "## Deliveries and lead times\n\n" + blocks.table(
        own, "Published deliveries and lead times",
        {"buyer": "buyer", "quantity": "units", "ordered_on": "ordered", "first_delivery": "first",
         "last_delivery": "last", "lead": "months", "planned": "planned", "statement": "figure",
         "grade": "grade", "source_id": "source"},
        FIGURE,
    )  # fmt: skip


def _claims(system: str, used: list[str]) -> str:
    checked = verdicts.claims()
    own = checked[(checked["subject_id"] == system) | (checked["object_id"] == system)]
    if own.empty:
        return ""
    used += own["source_id"].tolist()
    return "## Claims about it\n\n" + verdicts.table(own, "What was claimed, and how it fares")


def _contributions(system: str, used: list[str]) -> str:
    own = _own("contributions", system)
    if own.empty:
        return ""
    used += own["source_id"].tolist()
    own = own.assign(
        sum=[f"{_range(row, 'amount')} {cell(row['currency'])}".strip()
             for row in own.to_dict("records")]
    )  # fmt: skip
    return "## Money and goods promised\n\n" + blocks.table(
        own, "Contributions that name it",
        {"contributor": "contributor", "stage": "stage", "channel": "channel", "sum": "sum",
         "quantity": "units", "dated": "dated", "statement": "figure", "grade": "grade",
         "source_id": "source"},
        FIGURE,
    )  # fmt: skip

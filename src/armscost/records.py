"""What one published figure is: every column of every table, described once.

The Parquet schema, the check of the curated text, the data dictionary and the
reference page all follow from the classes below. A new column is one field here.

A figure is stored as it was published. Nothing converted, deflated, averaged or
divided stands in a table: a total over a quantity is divided by code, when asked.
"""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from armscost.errors import OutsideEvidenceError

# --------------------------------------------------------------------------------------
# Closed vocabularies, in the field's own terms
# --------------------------------------------------------------------------------------

CostBasis = Literal[
    "flyaway",
    "weapon_system",
    "procurement",
    "programme",
    "contract_price",
    "budget_line",
    "press_claim",
]
Scope = Literal["item_only", "with_support", "with_ammunition", "package", "programme", "unknown"]
Condition = Literal["new", "used", "refurbished", "from_stock"]
Tax = Literal["included", "excluded", "unknown"]
PriceBasis = Literal["then_year", "constant_year", "unstated"]
Qualifier = Literal["exact", "about", "at_least", "at_most", "range", "target"]
OutputStatus = Literal["delivered", "produced", "capacity", "planned", "target"]
Stage = Literal["announced", "committed", "contracted", "disbursed", "delivered"]
Channel = Literal[
    "danish_model",
    "direct_purchase",
    "western_purchase",
    "donation_from_stock",
    "co_production",
    "joint_ammunition",
    "loan",
    "general",
]
Relation = Literal["cost", "output", "wage", "delivery_time", "growth", "quantity_for_money"]
PublisherKind = Literal[
    "official",
    "maker",
    "news agency",
    "specialist press",
    "general press",
    "think tank",
    "encyclopedia",
    "aggregator",
    "state-linked",
    "statistics office",
    "other",
]
Check = Literal[
    "confirmed", "second_page", "second_origin", "mismatch", "not_refound", "quotient", "unchecked"
]
RateBasis = Literal[
    "daily_fixing", "annual_average", "partial_year_average", "single_fixing", "legal_rate"
]
SeriesBasis = Literal["published", "chained", "derived", "estimate", "projection", "partial_year"]
Category = Literal[
    "self-propelled howitzer",
    "towed howitzer",
    "rocket artillery",
    "artillery ammunition",
    "FPV drone",
    "strike drone",
    "interceptor drone",
    "loitering munition",
    "reconnaissance drone",
    "cruise missile",
    "ballistic missile",
    "anti-tank missile",
    "air-to-air missile",
    "guided bomb",
    "air defence system",
    "air defence missile",
    "tank",
    "infantry fighting vehicle",
    "radar",
    "aircraft",
    "component",
    "drones of several types",
    "ammunition of several types",
]

# --------------------------------------------------------------------------------------
# Building blocks
# --------------------------------------------------------------------------------------


def column(description: str, *, unit: str = "", default: Any = ..., **limits: Any) -> Any:
    """One column: what it holds, in which unit, and what is allowed in it."""
    return Field(default, description=description, json_schema_extra={"unit": unit}, **limits)


def optional(description: str, *, unit: str = "", **limits: Any) -> Any:
    """A column that may be empty; empty means that the source does not say."""
    return column(description, unit=unit, default=None, **limits)


def _real_partial_date(text: str) -> str:
    if not re.fullmatch(r"(1[89]|20)\d\d(-\d\d(-\d\d)?)?", text):
        raise ValueError("not a date; write 2024, 2024-07 or 2024-07-11, as exactly as is known")
    parts = [int(part) for part in text.split("-")]
    try:
        dt.date(*[*parts, 1, 1][:3])
    except ValueError:
        raise ValueError("no such day; write 2024, 2024-07 or 2024-07-11") from None
    return text


def _one_line(text: str) -> str:
    if "\n" in text or not text.strip():
        raise ValueError("must be one line of text in our own words")
    return text


# A date is kept as exactly as it was published: a day is never invented for a month.
PartialDate = Annotated[str, AfterValidator(_real_partial_date)]
Line = Annotated[str, AfterValidator(_one_line)]
SystemId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+([-.][a-z0-9]+)*$", max_length=100)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Area = Annotated[str, Field(pattern=r"^[A-Z]{2,3}$")]
Amount = Annotated[float, Field(gt=0, le=1e15, allow_inf_nan=False)]
Number = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
Year = Annotated[int, Field(ge=1900, le=2050)]
PriceYear = Annotated[int, Field(ge=1980, le=2030)]
Credibility = Annotated[int, Field(ge=1, le=6)]


class Record(BaseModel):
    """The parent of every row: unknown fields are faults, and rows do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    table: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    about: ClassVar[str]
    # Triples of columns that must not fall: low, best, high.
    ranges: ClassVar[tuple[tuple[str, str, str], ...]] = ()
    # Whether the first of these triples may be empty: the row then says something else.
    without_value: ClassVar[bool] = True
    # Dates that must not run backwards, each as exact as it is known.
    spans: ClassVar[tuple[tuple[str, ...], ...]] = ()

    @model_validator(mode="after")
    def _ranges_rise(self) -> Self:
        if not self.without_value and all(getattr(self, n) is None for n in self.ranges[0]):
            low, best, high = self.ranges[0]
            raise ValueError(f"{best} is empty, and so are {low} and {high}; give one of them")
        for low, best, high in self.ranges:
            values = [(n, getattr(self, n)) for n in (low, best, high)]
            given = [(n, v) for n, v in values if v is not None]
            for (name, value), (above, larger) in itertools.pairwise(given):
                if value > larger:
                    raise ValueError(f"{name} {value:g} is above {above} {larger:g}; swap or mend")
        return self

    @model_validator(mode="after")
    def _spans_run_forward(self) -> Self:
        for span in self.spans:
            known = [(n, d) for n in span if (d := getattr(self, n)) is not None]
            for (before, start), (after, end) in itertools.pairwise(known):
                if start[: len(end)] > end[: len(start)]:
                    raise ValueError(f"{before} {start} is after {after} {end}; swap or mend")
        return self


class Figure(Record):
    """What every published figure carries beside its numbers."""

    source_id: Identifier = column("the publication that printed the figure; see table sources")
    locator: str | None = optional("where in the publication, if it is long")
    credibility: Credibility = column(
        "Admiralty credibility of the figure: 1 confirmed by a second origin and official, "
        "2 confirmed by a second origin, 3 one origin however often relayed, 4 doubtful: "
        "another figure contradicts it, 5 improbable: shown to be wrong, 6 cannot be judged"
    )
    check: Check = column(
        "what a second look found: confirmed on the same page, on a second_page of the same "
        "origin, at a second_origin, a mismatch (see check_note), not_refound, a quotient that "
        "needs none, or unchecked",
        default="unchecked",
    )
    check_url: str | None = optional("the page seen at the second look")
    check_note: str | None = optional("what the second look saw, in our own words")
    qualifier: Qualifier = column("how firmly the source puts the figure")
    statement: Line = column("what the source says, in one line of our own words")
    note: str | None = optional("what a careful reader should know about this figure")


# --------------------------------------------------------------------------------------
# The tables
# --------------------------------------------------------------------------------------


def _has_currency_for_money(row: Cost | Contribution) -> bool:
    """Whether money is given, once its currency is."""
    names = itertools.chain.from_iterable(row.ranges)
    given = any(getattr(row, name) is not None for name in names)
    if given and row.currency is None:
        raise ValueError("currency is empty: an amount needs its currency")
    return given


class System(Record):
    """A weapon system."""

    table, key = "systems", ("system_id",)
    about = "one row is a weapon system"

    system_id: SystemId = column("lower-case name of the system, as in its file's name")
    name: Line = column("usual name")
    other_names: str | None = optional("other spellings, parted by '; '")
    category: Category = column("kind of weapon")
    country: Area | None = optional("where it is designed, ISO 3166 alpha-3; empty if several")
    maker: str | None = optional("who makes it")
    summary: Line = column("what it is, in one line")


class Source(Record):
    """A publication."""

    table, key = "sources", ("source_id",)
    about = "one row is a publication"

    source_id: Identifier = column("publisher-subject-date")
    origin_id: Identifier = column(
        "who first said it: a ministry's statement relayed by ten papers is one origin"
    )
    publisher: Line = column("who published it")
    publisher_kind: PublisherKind = column("what kind of publisher that is")
    title: Line = column("title of the publication, or what it is if it has none")
    url: str | None = optional("address", pattern=r"^https?://\S+$")
    no_url_reason: str | None = optional("why there is no address")
    published: PartialDate | None = optional("when it was published, as exactly as is known")
    undated_reason: str | None = optional("why there is no date of publication")
    accessed: PartialDate = column("when it was read")
    language: str | None = optional("language, ISO 639-1", pattern=r"^[a-z]{2}$")
    reliability: Literal["A", "B", "C", "D", "E", "F"] = column(
        "Admiralty reliability of the publisher, our judgement; F means it cannot be judged, "
        "not that it is worst"
    )
    note: str | None = optional("what a careful reader should know about the source")

    @model_validator(mode="after")
    def _address_and_dates(self) -> Self:
        if self.url is None and not self.no_url_reason:
            raise ValueError("url is empty: give the address, or why there is none (no_url_reason)")
        if self.published is None and not self.undated_reason:
            raise ValueError("published is empty: give the date, or why not (undated_reason)")
        width = min(len(self.published or ""), len(self.accessed))
        if self.published and self.published[:width] > self.accessed[:width]:
            raise ValueError(f"published {self.published} is after accessed {self.accessed}")
        return self


class Cost(Figure):
    """A published price or contract."""

    table, key = "costs", ("cost_id",)
    about = "one row is one published price or contract"
    ranges = (
        ("amount_low", "amount", "amount_high"),
        ("total_low", "total_amount", "total_high"),
    )
    spans = (("delivery_start", "delivery_end"),)

    cost_id: Identifier = column("name of the figure")
    system_id: SystemId = column("the weapon system; see table systems")
    variant: str | None = optional("which version, as the source says it")
    fact_id: Identifier = column(
        "the deal or statement itself; several papers that print it share the fact_id"
    )
    sum_of: str | None = optional(
        "fact_ids that this total adds up, parted by '; '; the parts are counted, the sum is not"
    )
    cost_basis: CostBasis = column(
        "what kind of cost: flyaway, weapon_system, procurement (APUC), programme (PAUC), "
        "contract_price, budget_line or press_claim"
    )
    scope: Scope = column("what the money buys; unknown is like nothing, not even unknown")
    condition: Condition | None = optional("new, used, refurbished or from_stock")
    tax: Tax = column("value-added tax included or not")
    price_basis: PriceBasis = column("then_year money, constant_year money, or unstated")
    amount_low: Amount | None = optional("lowest price of one item", unit="currency")
    amount: Amount | None = optional(
        "price of one item, only where the source itself says it", unit="currency"
    )
    amount_high: Amount | None = optional("highest price of one item", unit="currency")
    currency: Currency | None = optional("ISO 4217 code", unit="")
    price_date: PartialDate | None = optional("day, month or year the price is of")
    price_year: PriceYear | None = optional(
        "year the money is of: of signature for then-year contracts", unit="year"
    )
    per: Line = column("what one item is: gun, drone, round, system, set")
    quantity: Amount | None = optional("number of items that total_amount buys", unit="item")
    total_low: Amount | None = optional("lowest total", unit="currency")
    total_amount: Amount | None = optional("total of the contract or budget", unit="currency")
    total_high: Amount | None = optional("highest total", unit="currency")
    options: str | None = optional("options and what else belongs to the deal")
    buyer: str | None = optional("who pays")
    beneficiary: str | None = optional("who receives, where not the buyer")
    seller: str | None = optional("who sells")
    origin: str | None = optional("country of production")
    delivery_start: PartialDate | None = optional("first delivery, as planned at the time")
    delivery_end: PartialDate | None = optional("last delivery, as planned at the time")

    @model_validator(mode="after")
    def _money_holds_together(self) -> Self:
        if not _has_currency_for_money(self) and self.quantity is None:
            raise ValueError("neither an amount, a total nor a quantity is given")
        if self.amount and self.quantity and self.total_amount:
            gap = abs(self.amount * self.quantity / self.total_amount - 1)
            if gap > 0.05:
                raise ValueError(
                    f"amount x quantity differs from total_amount by {gap:.0%}; mend the one that "
                    "is wrong, or leave amount empty: a quotient is computed, not stored"
                )
        return self


class Output(Figure):
    """A published rate of output."""

    table, key = "outputs", ("output_id",)
    about = "one row is one published rate of output"
    ranges = (("rate_low", "rate", "rate_high"),)
    without_value = False
    spans = (("period_start", "period_end"),)

    output_id: Identifier = column("name of the figure")
    system_id: SystemId = column("the weapon system; see table systems")
    variant: str | None = optional("which version or plant")
    series_id: Identifier | None = optional("the dated series that the figure belongs to")
    fact_id: Identifier = column("the statement itself, however many papers print it")
    area: Area | None = optional("where it is made, ISO 3166 alpha-3")
    status: OutputStatus = column("delivered, produced, capacity, planned or target")
    rate_low: Number | None = optional("lowest rate", unit="item per `per`")
    rate: Number | None = optional("rate", unit="item per `per`")
    rate_high: Number | None = optional("highest rate", unit="item per `per`")
    per: Literal["day", "month", "year", "period", "cumulative"] = column(
        "time the rate is of; period: the whole from period_start to period_end"
    )
    item: Line = column("what is counted")
    period_start: PartialDate | None = optional("the rate speaks of the time from here")
    period_end: PartialDate | None = optional("to here")
    stated_on: PartialDate | None = optional("when it was said")


class Delivery(Figure):
    """A delivery or a lead time."""

    table, key = "deliveries", ("delivery_id",)
    about = "one row is one delivery or lead time"
    ranges = (("lead_months_low", "lead_months", "lead_months_high"),)
    spans = (("ordered_on", "first_delivery", "last_delivery"),)

    delivery_id: Identifier = column("name of the figure")
    system_id: SystemId = column("the weapon system; see table systems")
    variant: str | None = optional("which version")
    fact_id: Identifier = column("the delivery or statement itself")
    buyer: str | None = optional("who pays or receives")
    quantity: Number | None = optional("how many items were handed over or are due", unit="item")
    ordered_on: PartialDate | None = optional("when it was ordered")
    first_delivery: PartialDate | None = optional("first handed over")
    last_delivery: PartialDate | None = optional("last handed over")
    planned: Literal["yes", "no"] = column("whether the dates were plans when stated")
    lead_months_low: Number | None = optional("shortest lead time", unit="month")
    lead_months: Number | None = optional("lead time", unit="month")
    lead_months_high: Number | None = optional("longest lead time", unit="month")
    stated_on: PartialDate | None = optional("when it was said")


class Capability(Figure):
    """A published characteristic."""

    table, key = "capabilities", ("capability_id",)
    about = "one row is one published characteristic"
    ranges = (("value_low", "value", "value_high"),)
    without_value = False

    capability_id: Identifier = column("name of the figure")
    system_id: SystemId = column("the weapon system; see table systems")
    variant: str | None = optional("which version")
    measure: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")] = column("which characteristic")
    value_low: Number | None = optional("lowest value", unit="as in column unit")
    value: Number | None = optional("value", unit="as in column unit")
    value_high: Number | None = optional("highest value", unit="as in column unit")
    unit: str | None = optional("unit of the value, as pint reads it; empty for a count")
    condition: str | None = optional("under which condition, for example which shell")


class Claim(Figure):
    """A stated relation between two things."""

    table, key = "claims", ("claim_id",)
    about = "one row is one stated relation"
    ranges = (("ratio_low", "ratio", "ratio_high"),)

    claim_id: Identifier = column("name of the claim")
    fact_id: Identifier = column("the statement itself, however many papers print it")
    subject_id: Identifier = column("what is spoken of: a system or an area")
    relation: Relation = column("in which respect")
    object_id: Identifier = column("what it is compared with")
    ratio_low: Number | None = optional("lowest ratio, subject over object")
    ratio: Number | None = optional("ratio, subject over object")
    ratio_high: Number | None = optional("highest ratio, subject over object")
    stated_on: PartialDate | None = optional("when it was said")


class Contribution(Figure):
    """Money or goods promised."""

    table, key = "contributions", ("contribution_id",)
    about = "one row is money or goods promised, paid or delivered"
    ranges = (("amount_low", "amount", "amount_high"),)

    contribution_id: Identifier = column("name of the figure")
    fact_id: Identifier = column("the promise or payment itself")
    contributor: Line = column("who gives")
    channel: Channel = column("by which way")
    stage: Stage = column("how far it has come: announced … delivered")
    amount_low: Amount | None = optional("lowest amount", unit="currency")
    amount: Amount | None = optional("amount", unit="currency")
    amount_high: Amount | None = optional("highest amount", unit="currency")
    currency: Currency | None = optional("ISO 4217 code")
    dated: PartialDate | None = optional("when it was said or done")
    year: Year | None = optional("the year the money is for, where the source says it", unit="year")
    purpose: Line = column("what for")
    system_id: SystemId | None = optional("the system, where one is named")
    quantity: Amount | None = optional("number of items, where goods are promised", unit="item")
    item: str | None = optional("what is counted")
    part_of: Identifier | None = optional("the contribution_id that this one is part of")

    @model_validator(mode="after")
    def _money_holds_together(self) -> Self:
        _has_currency_for_money(self)
        return self


class Indicator(Figure):
    """One figure of an economy."""

    table, key = "indicators", ("indicator_id",)
    about = "one row is one figure of an economy or an industry"
    ranges = (("value_low", "value", "value_high"),)
    without_value = False

    indicator_id: Identifier = column("name of the figure")
    area: Area | None = optional("of which country, ISO 3166 alpha-3, EU or EA")
    subject: Line = column("of what")
    measure: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")] = column("which quantity")
    value_low: Number | None = optional("lowest value", unit="as in column unit")
    value: Number | None = optional("value", unit="as in column unit")
    value_high: Number | None = optional("highest value", unit="as in column unit")
    unit: str | None = optional("unit of the value; a currency code for money")
    per: str | None = optional("time the value is of, where it is a flow")
    period: PartialDate | None = optional("which time it speaks of")


class LearningLot(Record):
    """One lot of a series, or a budget book's forecast of it."""

    table, key = "learning_lots", ("lot_id",)
    about = "one row is one lot of a series, or a budget book's forecast of it"

    lot_id: Identifier = column("name of the row")
    series_id: Identifier = column("the series")
    system_id: SystemId | None = optional("the weapon system; see table systems")
    edition: str | None = optional("the budget book that forecast it; empty: the latest actual")
    lot: Line = column("number or name of the lot")
    fiscal_year: Year | None = optional("fiscal year of the lot", unit="year")
    quantity: Amount | None = optional("units in the lot", unit="item")
    first_unit: int | None = optional("first unit; empty where prior units are unknown", ge=1)
    last_unit: int | None = optional("last unit; empty where prior units are unknown", ge=1)
    total_cost: Amount | None = optional(
        "cost of the lot, where the source says it", unit="currency"
    )
    unit_cost: Amount | None = optional(
        "cost of one unit, where the source says it", unit="currency"
    )
    currency: Currency = column("ISO 4217 code")
    price_basis: PriceBasis = column("then_year or constant_year money")
    price_year: PriceYear | None = optional("year of constant-year money", unit="year")
    source_id: Identifier = column("the publication; see table sources")
    note: str | None = optional("what a careful reader should know about this lot")

    @model_validator(mode="after")
    def _units_fit_quantity(self) -> Self:
        if self.first_unit and self.last_unit and self.quantity:
            count = self.last_unit - self.first_unit + 1
            if count != self.quantity:
                raise ValueError(f"first_unit to last_unit are {count} units, quantity differs")
        return self


class LearningSlope(Figure):
    """A published learning slope."""

    table, key = "learning_slopes", ("slope_id",)
    about = "one row is a published learning slope"
    ranges = (("slope_low", "slope", "slope_high"),)
    without_value = False

    slope_id: Identifier = column("name of the figure")
    product: Line = column("class of product or of work")
    theory: Literal["crawford", "wright", "unstated"] = column("unit or cumulative-average theory")
    slope_low: Annotated[float, Field(gt=0, le=1.2)] | None = optional("lowest slope", unit="1")
    slope: Annotated[float, Field(gt=0, le=1.2)] | None = optional("slope", unit="1")
    slope_high: Annotated[float, Field(gt=0, le=1.2)] | None = optional("highest slope", unit="1")


class ExchangeRate(Record):
    """Units of a currency for one euro."""

    table, key = "exchange_rates", ("currency", "date", "year", "basis")
    about = "one row is the price of one euro in a currency, on a day or over a year"

    currency: Currency = column("ISO 4217 code")
    date: dt.date | None = optional("day of a fixing or of a legal rate; empty for averages")
    year: Year = column("calendar year", unit="year")
    rate_per_eur: Amount = column("units of the currency for one euro", unit="currency/EUR")
    basis: RateBasis = column(
        "daily fixing, average of a whole year or of part of one, one single fixing, or the legal "
        "rate of a currency that became the euro, which holds from its date on"
    )
    n_obs: int | None = optional("number of fixings averaged; empty where not known", ge=1)
    source_id: Identifier = column("the publication; see table sources")
    note: str | None = optional("what a careful reader should know about this rate")


class PriceIndex(Record):
    """A price index of an area and year."""

    table, key = "price_indices", ("area", "index", "year", "base_year")
    about = "one row is one value of a price index"

    area: Area = column("ISO 3166 alpha-3, EA (euro area) or EU")
    index: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")] = column(
        "which index: cpi, hicp, cpi_u, gdp_deflator, or a named US defence deflator; the ending "
        "_fy means US fiscal years (October to September)"
    )
    year: Year = column("calendar year, or fiscal year for _fy indices", unit="year")
    value: Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)] = column(
        "the index", unit="1"
    )
    base_year: Line = column("where the index is 100 or 1, as published")
    basis: SeriesBasis = column(
        "published as such, chained from published rates, derived, estimate, projection or "
        "partial_year"
    )
    source_id: Identifier = column("the publication; see table sources")
    note: str | None = optional("how it was derived, and what was seen")


class PurchasingPower(Record):
    """A purchasing power parity."""

    table, key = "purchasing_power", ("area", "kind", "year", "source_id")
    about = "one row is one purchasing power parity or a factor of that kind"

    area: Area = column("ISO 3166 alpha-3")
    year: Year = column("calendar year", unit="year")
    kind: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")] = column(
        "gdp_ppp, gdp_ppp_imf, or a named factor"
    )
    value: Amount = column("the parity", unit="as in column unit")
    unit: Line = column("unit of the value")
    basis: SeriesBasis = column("published, derived, estimate or projection")
    source_id: Identifier = column("the publication; see table sources")
    note: str | None = optional("vintage, and what was seen")


TABLES: dict[str, type[Record]] = {
    model.table: model
    for model in (
        System,
        Source,
        Cost,
        Output,
        Delivery,
        Capability,
        Claim,
        Contribution,
        Indicator,
        LearningLot,
        LearningSlope,
        ExchangeRate,
        PriceIndex,
        PurchasingPower,
    )
}


def columns(table: str) -> list[str]:
    """The columns of a table in reading order: its own first, the shared ones of a figure last.

    Example:
        >>> columns("costs")[:2], columns("costs")[-1]
        (['cost_id', 'system_id'], 'note')
    """
    model = TABLES[table]
    shared = Figure.model_fields if issubclass(model, Figure) else {}
    return [c for c in model.model_fields if c not in shared] + list(shared)


_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


def span_of(date: str) -> tuple[dt.date, dt.date]:
    """First and last day of a date that may be a year, a month or a day.

    Raises:
        OutsideEvidenceError: For a text that is none of them, and for what is no text.

    Example:
        >>> [str(day) for day in span_of("2024-02")]
        ['2024-02-01', '2024-02-29']
    """
    parts = [int(part) for part in str(date).split("-")] if _DATE.fullmatch(str(date)) else []
    try:
        first = dt.date(*[*parts, 1, 1][:3])
        year, month = first.year, parts[1] if len(parts) > 1 else 12
        last = parts[2] if len(parts) == 3 else calendar.monthrange(year, month)[1]
    except (TypeError, ValueError):
        raise OutsideEvidenceError(
            f"{date!r} is no date; write 2024, 2024-06 or 2024-06-30"
        ) from None
    return first, dt.date(year, month, last)


# Admiralty 5, "improbable": kept so that nobody enters it again. 6 is "not judged", no worse.
SHOWN_TO_BE_WRONG = 5


def disproved(row: Mapping[str, Any]) -> str | None:
    """Why a figure counts nowhere: it was shown to be wrong; None for every other figure.

    Args:
        row: A row of a table of figures.

    Example:
        >>> disproved({"credibility": 5}), disproved({"credibility": 6})
        ('shown to be wrong (credibility 5)', None)
    """
    if row["credibility"] == SHOWN_TO_BE_WRONG:
        return f"shown to be wrong (credibility {SHOWN_TO_BE_WRONG})"
    return None


def valid_admiralty(code: str) -> bool:
    """Whether a text is a grade of the NATO Admiralty code, such as ``B3``.

    Args:
        code: A letter A–F for the source and a digit 1–6 for the figure; case does not matter.
            What is no text is no grade.

    Returns:
        True for a grade. F and 6 mean "cannot be judged", not "worst": the two are graded
        apart, never averaged and never sorted as if F came after E.

    Example:
        >>> [valid_admiralty(code) for code in ("A1", "b2", "F6", "G1", "A7", "A")]
        [True, True, True, False, False, False]
    """
    return isinstance(code, str) and re.fullmatch(r"[A-Fa-f][1-6]", code) is not None

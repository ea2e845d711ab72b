"""Anybody's table: the same rows in the same order, rebased, on every engine.

Each property is seen to fail: ``tests/mutants_frames.json`` names one change of the source a
property that must break it, and ``make mutation`` applies them.
"""

from __future__ import annotations

import datetime as dt
import decimal
import math

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armscost.errors import NoRateError, OutsideEvidenceError, UnknownNameError
from armscost.frames import rebase_frame
from armscost.prices import PriceBook, exchange_rate, factor
from armscost.prices.arrays import STATUSES

# A row for each status, and for each trap of real tables.
ROWS = [
    (10.0, "EUR", 2020, dt.date(2020, 5, 4), "ok"),
    (5.5, "USD", 2015, dt.date(2015, 5, 3), "ok"),
    (7.0, "usd", 2024, dt.date(2024, 12, 25), "ok"),
    (None, "USD", 2024, dt.date(2024, 5, 5), "no amount"),
    (1e9, "UAH", 2021, dt.date(2021, 5, 5), "ok"),
    (3.0, "BRL", 2020, dt.date(2020, 5, 5), "no index"),
    (3.0, "USD", 2005, dt.date(2005, 5, 5), "no index"),
    (3.0, "XXX", 2020, dt.date(2020, 5, 5), "unknown currency"),
    (3.0, None, 2020, dt.date(2020, 5, 5), "unknown currency"),
    (3.0, "EUR", 2031, dt.date(2031, 5, 5), "year out of range"),
    (3.0, "EUR", 1950, dt.date(1950, 5, 5), "year out of range"),
    (3.0, "EUR", None, None, "year out of range"),
    (-2.0, "GBP", 2019, dt.date(2019, 5, 5), "ok"),
    (0.0, "LTL", 2012, dt.date(2012, 5, 5), "ok"),
]
AMOUNTS, CURRENCIES, YEARS, DAYS, EXPECTED = (list(column) for column in zip(*ROWS, strict=True))


def arrow() -> pa.Table:
    return pa.table(
        {
            "row": pa.array(range(len(ROWS)), pa.int64()),
            "amount": pa.array(AMOUNTS, pa.float64()),
            "currency": pa.array(CURRENCIES, pa.string()),
            "price_year": pa.array(YEARS, pa.int32()),
            "day": pa.array(DAYS, pa.date32()),
        }
    )


# Before DuckDB 1.5.2 a relation does not keep its connection alive.
CONNECTIONS = []


def _duckdb(table: pa.Table):
    CONNECTIONS.append(duckdb.connect())
    return CONNECTIONS[-1].from_arrow(table)


ENGINES = {
    "pandas": lambda t: t.to_pandas(date_as_object=False),
    "pandas-arrow": lambda t: t.to_pandas(types_mapper=pd.ArrowDtype),
    "pandas-categorical": lambda t: t.to_pandas().astype({"currency": "category"}),
    "pandas-nullable": lambda t: t.to_pandas(date_as_object=False).convert_dtypes(
        dtype_backend="numpy_nullable"
    ),
    "polars": pl.DataFrame,
    "polars-categorical": lambda t: pl.DataFrame(t).with_columns(
        pl.col("currency").cast(pl.Categorical)
    ),
    "polars-lazy": lambda t: pl.DataFrame(t).lazy(),
    "pyarrow": lambda t: t,
    "pyarrow-dictionary": lambda t: t.set_column(
        2, "currency", t["currency"].combine_chunks().dictionary_encode()
    ),
    "duckdb": _duckdb,
}


def as_rows(frame) -> pd.DataFrame:
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, duckdb.DuckDBPyRelation):
        frame = frame.to_arrow_table()
    if isinstance(frame, pl.DataFrame):
        frame = frame.to_arrow()
    return (
        _decoded(frame).to_pandas() if isinstance(frame, pa.Table) else frame.reset_index(drop=True)
    )


def _decoded(table: pa.Table) -> pa.Table:
    """Words for codes: pyarrow before 23 does not take the unsigned codes of enums to pandas."""
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            words = table.column(place).cast(field.type.value_type)
            table = table.set_column(place, field.name, words)
    return table


@pytest.fixture(params=list(ENGINES))
def engine(request):
    return ENGINES[request.param]


# --- every engine, every status --------------------------------------------------------


def test_every_engine_gives_every_status(engine):
    given_frame = engine(arrow())
    answered = rebase_frame(given_frame, "EUR_2024", missing="keep")
    assert type(answered) is type(given_frame)
    rows = as_rows(answered)
    assert rows["row"].tolist() == list(range(len(ROWS)))
    assert rows["rebase_status"].astype(str).tolist() == EXPECTED
    for amount, code, year, status, value in zip(
        AMOUNTS, CURRENCIES, YEARS, EXPECTED, rows["amount_rebased"], strict=True
    ):
        if status == "ok":
            expected = amount * factor(code.upper(), year, "EUR", 2024).value
            assert value == pytest.approx(expected, rel=1e-12)
        else:
            assert pd.isna(value)


@pytest.mark.parametrize("order", ["deflate_then_exchange", "exchange_then_deflate"])
@pytest.mark.parametrize("to", ["EUR_2024", "USD_2023"])
def test_dated_rows_are_exchanged_at_their_day_on_every_engine(engine, order, to):
    answered = rebase_frame(
        engine(arrow()), to, date="day", order=order, missing="keep", explain=True
    )
    rows = as_rows(answered)
    currency, year = to.split("_")
    for place, (amount, code, _, day, _) in enumerate(ROWS):
        status, value = rows["rebase_status"].astype(str)[place], rows["amount_rebased"][place]
        if status == "ok":
            found = factor(code.upper(), day.year, currency, int(year), date=day, order=order)
            assert value == pytest.approx(amount * found.value, rel=1e-12)
            if code.upper() != currency and code != "LTL":
                used = pd.Timestamp(rows["rebase_rate_date"][place]).date()
                assert used == found.exchange.rate.date
            assert rows["rebase_rate_basis"][place] == found.exchange.rate.basis
        else:
            assert pd.isna(value)
    assert "no rate" in rows["rebase_status"].astype(str).tolist()
    # The hryvnia has fixings of single days in 2025 only.
    assert rows["rebase_status"].astype(str)[4] == "no rate"


def test_explain_tells_the_way_of_each_row(engine):
    rows = as_rows(rebase_frame(engine(arrow()), "EUR_2024", missing="keep", explain=True))
    found = factor("USD", 2015, "EUR", 2024)
    assert rows["rebase_factor"][1] == pytest.approx(found.value, rel=1e-14)
    assert rows["rebase_rate"][1] == pytest.approx(found.exchange.value, rel=1e-14)
    assert rows["rebase_rate_basis"][1] == "annual_average"
    assert rows["rebase_index"][1] == "USA cpi_u"
    assert pd.isna(rows["rebase_rate_date"][1])
    bad = [place for place, status in enumerate(EXPECTED) if status != "ok"]
    assert rows.loc[bad, "rebase_factor"].isna().all()
    assert rows.loc[bad, "rebase_index"].isna().all()


@pytest.mark.parametrize(
    "choice",
    [
        {"index": "gdp_deflator"},
        {"order": "exchange_then_deflate"},
        {"rate": "ppp", "to_area": "DEU"},
        {"area": "DEU"},
    ],
)
def test_every_method_agrees_with_the_single_amount(engine, choice):
    rows = as_rows(rebase_frame(engine(arrow()), "EUR_2023", missing="keep", **choice))
    converted = 0
    for place, (amount, code, year, *_) in enumerate(ROWS):
        if rows["rebase_status"].astype(str)[place] != "ok":
            continue
        found = factor(code.upper(), year, "EUR", 2023, **choice)
        assert rows["amount_rebased"][place] == pytest.approx(amount * found.value, rel=1e-12)
        converted += 1
    assert converted >= 3


def test_a_column_of_areas_counts_row_by_row(engine):
    table = pa.table(
        {
            "row": [0, 1, 2, 3, 4],
            "amount": [1.0] * 5,
            "currency": ["EUR"] * 4 + ["QQQ"],
            "price_year": pa.array([2015] * 5, pa.int32()),
            "where": ["DEU", "FRA", None, "XYZ", "XYZ"],
        }
    )
    rows = as_rows(rebase_frame(engine(table), "EUR_2023", area="where", missing="keep"))
    for place, area in enumerate(("DEU", "FRA", None)):
        expected = factor("EUR", 2015, "EUR", 2023, area=area).value
        assert rows["amount_rebased"][place] == pytest.approx(expected, rel=1e-14)
    assert rows["rebase_status"].astype(str).tolist() == [*["ok"] * 3, "no index",
                                                          "unknown currency"]  # fmt: skip


def test_status_is_a_category_where_the_engine_has_one():
    table = arrow()
    frame = rebase_frame(ENGINES["pandas"](table), "EUR_2024", missing="keep")
    assert frame["rebase_status"].cat.categories.tolist() == list(STATUSES)
    assert rebase_frame(pl.DataFrame(table), "EUR_2024", missing="keep").schema[
        "rebase_status"
    ] == pl.Enum(list(STATUSES))
    assert pa.types.is_dictionary(
        rebase_frame(table, "EUR_2024", missing="keep").schema.field("rebase_status").type
    )
    relation = rebase_frame(_duckdb(table), "EUR_2024")
    assert str(dict(zip(relation.columns, relation.types, strict=True))["rebase_status"]) == (
        "ENUM('ok', 'no rate', 'no index', 'no amount', 'unknown currency', 'year out of range')"
    )


# --- raise or keep ---------------------------------------------------------------------


def test_missing_raises_by_default_in_memory_and_names_rows_and_reasons(engine):
    frame = engine(arrow())
    lazy = isinstance(frame, (pl.LazyFrame, duckdb.DuckDBPyRelation))
    if lazy:
        assert len(as_rows(rebase_frame(frame, "EUR_2024"))) == len(ROWS)
    with pytest.raises(NoRateError) as caught:
        rebase_frame(frame, "EUR_2024", **({"missing": "raise"} if lazy else {}))
    said = str(caught.value)
    assert said.startswith("8 of 14 rows cannot be rebased: ")
    for part in ("1 no amount", "2 no index", "BRL 2020", "2 unknown currency", "'XXX'",
                 "3 year out of range", "missing='keep'"):  # fmt: skip
        assert part in said


def test_an_unknown_code_comes_with_the_nearest():
    frame = pd.DataFrame({"amount": [1.0], "currency": ["EURO"], "price_year": [2020]})
    with pytest.raises(NoRateError, match="'EURO', did you mean 'EUR'"):
        rebase_frame(frame, "EUR_2024")


# --- nothing of the caller's is touched ------------------------------------------------


def test_the_callers_frame_is_left_alone():
    frame = ENGINES["pandas"](arrow())
    frame.index = pd.Index(range(100, 100 + len(frame)), name="notice")
    frame.attrs["origin"] = "tender board"
    before = frame.copy()
    answered = rebase_frame(frame, "EUR_2024", missing="keep")
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(answered[list(before.columns)], before)
    assert answered.attrs == {"origin": "tender board"}
    answered["amount"] = 0.0
    pd.testing.assert_frame_equal(frame, before)


def test_repeated_index_labels_do_not_double_rows():
    frame = pd.DataFrame(
        {"amount": [1.0, 2.0], "currency": ["EUR", "USD"], "price_year": [2024, 2024]},
        index=[7, 7],
    )
    answered = rebase_frame(frame, "EUR_2024")
    assert answered.index.tolist() == [7, 7]
    assert answered["amount_rebased"].tolist() == [
        1.0,
        2.0 * factor("USD", 2024, "EUR", 2024).value,
    ]


def test_what_would_be_overwritten_is_refused():
    once = rebase_frame(
        pd.DataFrame({"amount": [1.0], "currency": ["EUR"], "price_year": [2020]}), "EUR_2024"
    )
    with pytest.raises(OutsideEvidenceError, match="a column 'amount_rebased' already"):
        rebase_frame(once, "EUR_2023")


@given(st.permutations(range(len(ROWS))))
@settings(max_examples=12, deadline=None)
def test_permuting_rows_permutes_results(order):
    table = arrow()
    straight = as_rows(rebase_frame(table, "USD_2022", missing="keep"))
    turned = as_rows(rebase_frame(table.take(order), "USD_2022", missing="keep"))
    pd.testing.assert_frame_equal(turned, straight.iloc[list(order)].reset_index(drop=True))
    for name in ("polars-lazy", "duckdb"):
        lazy = as_rows(rebase_frame(ENGINES[name](table.take(order)), "USD_2022"))
        assert lazy["row"].tolist() == list(order)


@pytest.mark.parametrize("name", ["polars-lazy", "duckdb"])
@pytest.mark.parametrize("choice", [{}, {"date": "day"}, {"area": "where"}, {"year": "text"}])
def test_many_rows_keep_their_order_where_some_have_no_partner(name, choice):
    few = arrow()
    few = few.append_column("where", pa.array(["DEU", None, "XYZ", "FRA", "USA", "UKR", "POL"] * 2))
    few = few.append_column("text", few["price_year"].cast(pa.string()))
    many = pa.concat_tables([few] * 4_000).drop_columns("row").combine_chunks()
    many = many.append_column("row", pa.array(range(many.num_rows)))
    rows = as_rows(rebase_frame(ENGINES[name](many), "EUR_2024", missing="keep", **choice))
    assert rows["row"].is_monotonic_increasing
    assert len(rows) == many.num_rows


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.floats(-1e12, 1e12), st.just(math.nan)),
            st.one_of(st.none(), st.sampled_from(["EUR", "usd", "UAH", "BRL", "ZZZ", ""])),
            st.one_of(st.none(), st.integers(1970, 2040)),
        ),
        max_size=30,
    )
)
@settings(max_examples=20, deadline=None)
def test_engines_agree_with_the_array_path(rows):
    amounts, codes, years = zip(*rows, strict=True) if rows else ((), (), ())
    table = pa.table(
        {
            "row": pa.array(range(len(rows)), pa.int64()),
            "amount": pa.array(amounts, pa.float64()),
            "currency": pa.array(codes, pa.string()),
            "price_year": pa.array(years, pa.int64()),
        }
    )
    one = as_rows(rebase_frame(table, "EUR_2024", missing="keep"))
    for name in ("pandas", "polars", "polars-lazy", "duckdb"):
        other = as_rows(rebase_frame(ENGINES[name](table), "EUR_2024", missing="keep"))
        assert other["rebase_status"].astype(str).tolist() == (
            one["rebase_status"].astype(str).tolist()
        )
        np.testing.assert_allclose(
            other["amount_rebased"].to_numpy(float),
            one["amount_rebased"].to_numpy(float),
            rtol=1e-12,
        )


# --- traps -----------------------------------------------------------------------------


def test_duplicate_rate_keys_are_refused():
    row = {"currency": "USD", "year": 2024, "rate_per_eur": 1.1, "basis": "annual_average",
           "source_id": "own"}  # fmt: skip
    with pytest.raises(OutsideEvidenceError, match="there twice"):
        PriceBook(exchange_rates=[row, row])


def test_nan_and_null_amounts_are_both_no_amount(engine):
    table = pa.table(
        {
            "row": [0, 1, 2],
            "amount": pa.array([math.nan, None, 1.0], pa.float64()),
            "currency": ["EUR"] * 3,
            "price_year": pa.array([2024] * 3, pa.int32()),
        }
    )
    rows = as_rows(rebase_frame(engine(table), "EUR_2024", missing="keep"))
    assert rows["rebase_status"].astype(str).tolist() == ["no amount", "no amount", "ok"]
    assert rows["amount_rebased"].isna().tolist() == [True, True, False]


def test_columns_that_are_all_empty_stay_empty(engine):
    table = pa.table(
        {
            "row": [0, 1],
            "amount": pa.array([None, None], pa.float64()),
            "currency": pa.array([None, None], pa.string()),
            "price_year": pa.array([None, None], pa.int32()),
        }
    )
    rows = as_rows(rebase_frame(engine(table), "EUR_2024", missing="keep"))
    assert rows["amount_rebased"].isna().all()
    assert rows["rebase_status"].astype(str).tolist() == ["no amount"] * 2


def test_decimal_and_whole_amounts(engine):
    for kind in (pa.decimal128(12, 2), pa.int32()):
        amounts = pa.array([decimal.Decimal(2), None, decimal.Decimal(3)], pa.decimal128(12, 2))
        table = pa.table(
            {
                "row": [0, 1, 2],
                "amount": amounts.cast(kind),
                "currency": ["EUR"] * 3,
                "price_year": pa.array([2024] * 3, pa.int32()),
            }
        )
        frame = engine(table)
        rows = as_rows(rebase_frame(frame, "EUR_2024", missing="keep"))
        assert rows["amount_rebased"].tolist()[::2] == [2.0, 3.0]
        assert rows["rebase_status"].astype(str).tolist() == ["ok", "no amount", "ok"]


def test_an_empty_frame_stays_empty(engine):
    answered = as_rows(rebase_frame(engine(arrow().slice(0, 0)), "EUR_2024", explain=True))
    assert len(answered) == 0
    assert answered.columns.tolist()[-2:] == ["rebase_rate_basis", "rebase_index"]


def test_years_and_days_as_text(engine):
    table = pa.table(
        {
            "row": [0, 1, 2, 3, 4],
            "amount": [1.0] * 5,
            "currency": ["USD"] * 5,
            "price_year": ["2020", " 2020 ", "20x0", "", None],
            "day": ["2020-05-04", "2020-05-04", "May 2020", "", None],
        }
    )
    expected = ["ok", "ok", *["year out of range"] * 3]
    rows = as_rows(rebase_frame(engine(table), "EUR_2024", missing="keep"))
    assert rows["rebase_status"].astype(str).tolist() == expected
    assert rows["amount_rebased"][0] == factor("USD", 2020, "EUR", 2024).value
    rows = as_rows(rebase_frame(engine(table), "EUR_2020", date="day", missing="keep"))
    assert rows["rebase_status"].astype(str).tolist() == expected
    assert rows["amount_rebased"][1] == pytest.approx(
        exchange_rate("USD", "EUR", "2020-05-04").value
    )


def test_years_as_floats(engine):
    table = pa.table(
        {"row": [0, 1, 2], "amount": [1.0] * 3, "currency": ["USD"] * 3,
         "price_year": pa.array([2020.0, 2020.5, None], pa.float64())}
    )  # fmt: skip
    rows = as_rows(rebase_frame(engine(table), "EUR_2024", missing="keep"))
    assert rows["rebase_status"].astype(str).tolist() == ["ok", *["year out of range"] * 2]


def test_times_are_read_as_days(engine):
    table = pa.table(
        {"row": [0], "amount": [1.0], "currency": ["USD"],
         "when": pa.array([dt.datetime(2020, 5, 4, 23, 59)], pa.timestamp("us"))}
    )  # fmt: skip
    rows = as_rows(rebase_frame(engine(table), "EUR_2020", date="when"))
    assert rows["amount_rebased"][0] == pytest.approx(
        exchange_rate("USD", "EUR", "2020-05-04").value
    )


def test_a_time_with_a_zone_is_the_day_on_its_own_clock_on_every_engine(engine):
    # Half past midnight in Kyiv is the year before in London.
    moment = dt.datetime(2023, 12, 31, 22, 30, tzinfo=dt.UTC)
    table = pa.table(
        {"row": [0], "amount": [100.0], "currency": ["USD"],
         "when": pa.array([moment], pa.timestamp("us", "Europe/Kyiv"))}
    )  # fmt: skip
    frame = engine(table)
    if isinstance(frame, duckdb.DuckDBPyRelation):  # it keeps no zone; its session has one
        CONNECTIONS[-1].execute("SET TimeZone = 'Europe/Kyiv'")
    rows = as_rows(rebase_frame(frame, "EUR_2023", date="when", missing="keep"))
    expected = factor("USD", 2024, "EUR", 2023, date=dt.date(2024, 1, 1)).value
    assert rows["amount_rebased"][0] == pytest.approx(100 * expected)


def test_years_and_days_are_written_in_one_way_on_every_engine(engine):
    days = ["2024-05-31", "20240531", "2024-W22-5", "2024-5-31", "2024-02-29", "2023-02-29",
            "2024-04-31", "２０２４-05-31", " 2024-05-31 "]  # fmt: skip
    years = ["2024", "²⁰²⁴", "٢٠٢٤", "+2024", " 2024 ", "2024.0", "", "24", "x"]
    table = pa.table(
        {"row": range(9), "amount": [1.0] * 9, "currency": ["USD"] * 9, "price_year": years,
         "day": days}
    )  # fmt: skip
    for choice, good in ({"year": "price_year"}, {0, 4}), ({"date": "day"}, {0, 4, 8}):
        rows = as_rows(rebase_frame(engine(table), "EUR_2024", missing="keep", **choice))
        found = rows["rebase_status"].astype(str).tolist()
        assert found == ["ok" if place in good else "year out of range" for place in range(9)]


def test_a_relation_of_another_connection_works():
    one, two = duckdb.connect(), duckdb.connect()
    for connection in (one, two):
        connection.execute("CREATE TABLE t AS SELECT 1.5 AS amount, 'USD' AS currency, 2020 AS y")
        answered = rebase_frame(connection.table("t"), "EUR_2024", year="y")
        value = answered.aggregate("sum(amount_rebased)").fetchone()[0]
        assert value == pytest.approx(1.5 * factor("USD", 2020, "EUR", 2024).value)


def test_a_million_rows_of_one_currency():
    count = 1_000_000
    frame = pd.DataFrame(
        {"amount": np.ones(count), "currency": "PLN", "price_year": np.full(count, 2020, "int16")}
    )
    answered = rebase_frame(frame, "EUR_2024")
    assert len(answered) == count
    assert answered["amount_rebased"].nunique() == 1


def test_own_book_and_own_names():
    book = PriceBook(
        exchange_rates=[{"currency": "USD", "year": 2024, "rate_per_eur": 1.25,
                         "basis": "annual_average", "source_id": "own"}]
    )  # fmt: skip
    frame = pl.DataFrame({"sum": [5.0], "money": ["USD"], "yr": [2024]})
    answered = rebase_frame(frame, "EUR_2024", amount="sum", currency="money", year="yr", book=book)
    assert answered["amount_rebased"].to_list() == [4.0]


@pytest.mark.parametrize(
    ("choice", "error", "said"),
    [
        ({"amount": "amuont"}, UnknownNameError, "no column 'amuont'; did you mean 'amount'"),
        ({"to": "EUR"}, UnknownNameError, "write it with its year"),
        ({"to": "EUU_2024"}, UnknownNameError, "did you mean"),
        ({"to": "MEUR_2024"}, OutsideEvidenceError, "write EUR_2024"),
        ({"missing": "drop"}, UnknownNameError, "raise"),
        ({"order": "both"}, UnknownNameError, "no order"),
        ({"year": None}, OutsideEvidenceError, "name the column of price years"),
        ({"year": "day"}, OutsideEvidenceError, "name it in date="),
        ({"date": "price_year"}, OutsideEvidenceError, "holds numbers"),
        ({"date": "day", "rate": "ppp"}, OutsideEvidenceError, "parities are of years"),
        ({"amount": "currency"}, OutsideEvidenceError, "make them numbers first"),
        ({"area": "XYZ"}, UnknownNameError, "no area 'XYZ'"),
    ],
)
@pytest.mark.parametrize("name", ["pandas", "polars-lazy", "duckdb"])
def test_hostile_questions_get_their_own_error(name, choice, error, said):
    arguments = {"to": "EUR_2024", **choice}
    with pytest.raises(error, match=said):
        rebase_frame(ENGINES[name](arrow()), **arguments)


def test_a_list_is_no_table():
    with pytest.raises(OutsideEvidenceError, match="list is no table"):
        rebase_frame([1, 2], "EUR_2024")


def test_a_column_that_is_there_twice_is_refused():
    frame = pd.DataFrame([[1.0, 2.0, "EUR", 2024]],
                         columns=["amount", "amount", "currency", "price_year"])  # fmt: skip
    with pytest.raises(OutsideEvidenceError, match="columns with one name: 'amount' 2 times"):
        rebase_frame(frame, "EUR_2024")


def test_both_names_of_the_euro_area_are_known_to_every_engine():
    rows = {"amount": [10.0, 10.0], "currency": ["EUR"] * 2, "price_year": [2020] * 2}
    frame = pd.DataFrame(rows | {"where": ["EA", "EMU"]})
    eager = rebase_frame(frame, "EUR_2024", area="where")["amount_rebased"]
    lazy = rebase_frame(pl.DataFrame(frame).lazy(), "EUR_2024", area="where").collect()
    assert eager[0] == eager[1]
    assert lazy["amount_rebased"].to_list() == eager.to_list()

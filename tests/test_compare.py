"""``compare``: one currency, one price year, like with like, each fact once, back to the print."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import armscost as ac
from armscost import datasets, prices

GUNS = ["bohdan", "caesar", "zuzana-2", "pzh-2000"]
GROUP = ["system_id", "cost_basis", "scope", "condition", "per"]


@pytest.fixture(scope="module")
def guns():
    return ac.compare(GUNS, to="EUR_2024")


# --------------------------------------------------------------------------------------
# Like with like
# --------------------------------------------------------------------------------------


def test_each_row_is_one_system_basis_scope_and_condition(guns):
    assert not guns.table.duplicated(GROUP).any()
    assert set(guns.table["system_id"]) == set(GUNS)
    assert (guns.table["low"] <= guns.table["median"]).all()
    assert (guns.table["median"] <= guns.table["high"]).all()


def test_a_row_holds_figures_of_its_own_group_only(guns):
    costs = datasets.load("costs").set_index("cost_id")
    for row in guns.trace.itertuples(index=False):
        published = costs.loc[row.cost_id]
        for column in GROUP:
            assert getattr(row, column) == published[column]


def test_guns_alone_never_stand_in_a_row_with_packages(guns):
    row = guns.trace[guns.trace["cost_id"].str.contains("caesar-denmark-2017")].iloc[0]
    assert row["scope"] == "item_only"
    together = guns.trace[guns.trace["system_id"] == "caesar"]
    together = together[together["scope"] == "item_only"]
    assert set(together["scope"]) == {"item_only"}


def test_a_ratio_only_between_groups_alike_and_known(guns):
    given = guns.table[guns.table["ratio"].notna()]
    assert (given["scope"] != "unknown").all()
    assert given["ratio_note"].isna().all()
    without = guns.table[guns.table["ratio"].isna()]
    assert without["ratio_note"].notna().all()
    unknown = guns.table[guns.table["scope"] == "unknown"]
    assert unknown["ratio"].isna().all()
    assert unknown["ratio_note"].str.contains("not even unknown").all()


def test_a_ratio_is_of_medians_to_the_first_system(guns):
    alike = GROUP[1:]
    base = guns.table[guns.table["system_id"] == "bohdan"].set_index(alike)["median"]
    for row in guns.table[guns.table["ratio"].notna()].itertuples(index=False):
        key = tuple(getattr(row, name) for name in alike)
        assert row.ratio == pytest.approx(row.median / base[key], rel=1e-12)


def test_pooling_is_asked_for_and_says_what_it_pooled():
    result = ac.compare(GUNS, to="EUR_2024", pool=True)
    assert len(result.table) == len(GUNS)
    assert len(result.pooled) == len(GUNS)
    assert "pool=True" in result.pooled[0]
    assert "programme" in result.pooled[0]
    assert result.table["ratio"].isna().all()
    assert set(result.pooled) <= set(result.assumptions)


@pytest.mark.parametrize("system", ["zuzana-2", "leopard-2", "caesar", "pzh-2000"])
def test_a_pool_takes_one_value_a_fact_and_names_those_told_already(system):
    result = ac.compare([system], to="EUR_2024", pool=True)
    (row,) = result.table.itertuples()
    counted = result.trace[result.trace["counted"]]
    assert not counted.duplicated(["system_id", "per", "fact_id"]).any()
    assert len(counted) == row.n_facts == result.trace["fact_id"].nunique()
    assert row.median == pytest.approx(counted["central"].median())
    grades = result.trace.groupby("fact_id")["credibility"].min()
    assert counted.set_index("fact_id")["credibility"].to_dict() == grades.to_dict()
    alone = ac.compare([system], to="EUR_2024").trace
    told_already = set(alone.loc[alone["counted"], "cost_id"]) - set(counted["cost_id"])
    assert all(figure in result.pooled[0] for figure in told_already)
    assert ("facts told already" in result.pooled[0]) == bool(told_already)


def test_filters_keep_what_they_name():
    result = ac.compare(GUNS[1:3], to="EUR_2024", scope="item_only", basis=["contract_price"])
    assert set(result.table["scope"]) == {"item_only"}
    assert set(result.table["cost_basis"]) == {"contract_price"}
    assert result.table["ratio"].notna().all()


# --------------------------------------------------------------------------------------
# One fact once, every figure accounted for
# --------------------------------------------------------------------------------------


def test_one_fact_counts_once_however_many_papers_printed_it(guns):
    first = guns.trace[guns.trace["fact_id"] == "bohdan-denmark-2024-18"]
    assert len(first) == 3
    assert first["counted"].sum() == 1
    counted = guns.trace[guns.trace["counted"]]
    assert not counted.duplicated([*GROUP, "fact_id"]).any()
    assert guns.table["n_facts"].sum() == len(counted)


def test_every_published_price_is_used_or_left_out_with_a_reason(guns):
    costs = datasets.load("costs")
    asked = set(costs.loc[costs["system_id"].isin(GUNS), "cost_id"])
    used, left = set(guns.trace["cost_id"]), set(guns.left_out["figure"])
    assert used | left == asked
    assert not used & left
    assert guns.left_out["reason"].str.strip().ne("").all()


def test_what_is_left_out_and_why():
    left = ac.compare(["caesar", "pzh-2000"], to="EUR_2024").left_out.set_index("figure")["reason"]
    assert left.str.contains("no price year").any()
    assert left.str.contains("only a quantity").any()
    before = left[left.str.contains("2004")]
    assert before.str.contains("there are values for 2010").all()
    assert len(before) == 1


def test_a_plan_a_goal_or_a_proposal_is_no_price():
    costs = datasets.load("costs")
    goals = costs[(costs["qualifier"] == "target") & costs["currency"].notna()]
    systems = list(goals["system_id"].unique())
    found = ac.compare(systems, to="EUR_2024")
    assert "target" not in set(found.trace["qualifier"])
    reasons = found.left_out.set_index("figure")["reason"]
    proposal = reasons["caesar-belgium-2024-3-cuu-coron-tech"]
    assert proposal == "a plan, a goal or a proposal: no price agreed or paid"
    assert set(goals["cost_id"]) <= set(reasons.index)


def test_prices_that_are_open_on_one_side_are_named():
    costs = datasets.load("costs")
    loose = costs[costs["qualifier"].isin(["at_least", "at_most"])]
    found = ac.compare(list(loose["system_id"].unique()), to="EUR_2024")
    counted = found.trace[found.trace["counted"]].set_index("cost_id")["qualifier"]
    for word, told in (("at_least", "say at least"), ("at_most", "say at most")):
        names = counted.index[counted == word]
        assert len(names)
        (line,) = [line for line in found.assumptions if told in line]
        assert line.startswith(f"{len(names)} price(s)")
        assert all(name in line for name in names)


def test_a_unit_price_divided_by_us_says_so(guns):
    ten = guns.trace[guns.trace["cost_id"] == "pzh-2000-germany-2023-10-militaryleak"].iloc[0]
    assert ten["computed"] == "total over 10 guns"
    nominal = ac.compare(["pzh-2000"], to="EUR_2023").trace.set_index("cost_id")
    value = nominal.loc["pzh-2000-germany-2023-10-militaryleak", "central"]
    assert value == pytest.approx(18_400_000, rel=1e-12)
    assert ten["scope"] == "unknown"


def test_explain_goes_back_to_what_was_printed(guns):
    text = str(guns.explain("pzh-2000"))
    for part in ("EUR 184,000,000 for 10", "total over 10 guns", "EA hicp", "grade", "18"):
        assert part in text
    assert "caesar" not in text.split("Assumptions")[0].replace(guns.title, "")


def test_explained_factors_multiply_to_the_answer(guns):
    for row in guns.trace.itertuples(index=False):
        steps = [float(line.split()[1]) for line in row.steps.splitlines() if line[0] == "×"]
        assert np.prod(steps) == pytest.approx(row.factor, rel=1e-4)


def test_explaining_a_system_that_is_not_there(guns):
    with pytest.raises(ac.UnknownNameError, match="bohdan"):
        guns.explain("bohdn")


# --------------------------------------------------------------------------------------
# Price base
# --------------------------------------------------------------------------------------


def test_the_default_index_covers_the_euro_area_and_says_which_series(guns):
    assert any("EA hicp" in line for line in guns.assumptions)
    assert any("index consumer" in line for line in guns.assumptions)
    assert any("data version" in line for line in guns.assumptions)
    assert len(ac.compare(["bohdan"], to="EUR_2025").table) > 0


def test_another_order_gives_another_answer_and_says_so():
    first = ac.compare(["k9"], to="EUR_2024")
    other = ac.compare(["k9"], to="EUR_2024", order="exchange_then_deflate")
    assert other.assumptions[0].startswith("order exchange_then_deflate")
    assert not np.allclose(first.table["median"], other.table["median"])


def test_rates_of_your_own():
    rates = pd.DataFrame(
        [
            {
                "currency": "USD",
                "year": year,
                "rate_per_eur": 2.0,
                "basis": "annual_average",
                "source_id": "mine",
            }
            for year in range(2010, 2026)
        ]
    )
    mine = prices.PriceBook(exchange_rates=rates)
    own = ac.compare(["bohdan"], to="USD_2024", book=mine).table["median"]
    assert not np.allclose(own, ac.compare(["bohdan"], to="USD_2024").table["median"])


# --------------------------------------------------------------------------------------
# Questions that have no answer
# --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"systems": ["ceasar"], "to": "EUR_2024"}, ac.UnknownNameError, "did you mean 'caesar'"),
        ({"systems": [], "to": "EUR_2024"}, ac.OutsideEvidenceError, "no system named"),
        ({"systems": ["caesar"], "to": "EUR"}, ac.UnknownNameError, "write it with its year"),
        ({"systems": ["caesar"], "to": "XYZ_2024"}, ac.UnknownNameError, "no currency 'XYZ'"),
        ({"systems": ["caesar"], "to": "EUR_2029"}, ac.OutsideEvidenceError, "2010–2025"),
        (
            {"systems": ["bohdan"], "to": "EUR_2024", "scope": "item_only"},
            ac.OutsideEvidenceError,
            "there are: programme",
        ),
        (
            {"systems": ["bohdan"], "to": "EUR_2024", "scope": "gun_only"},
            ac.UnknownNameError,
            "no scope 'gun_only'",
        ),
        ({"systems": None, "to": "EUR_2024"}, ac.UnknownNameError, "no system 'None'"),
        ({"systems": 5, "to": "EUR_2024"}, ac.UnknownNameError, "no system '5'"),
        (
            {"systems": ac.quantity("5 EUR_2024"), "to": "EUR_2024"},
            ac.UnknownNameError,
            "no system '5 EUR_2024'",
        ),
        ({"systems": [["caesar"]], "to": "EUR_2024"}, ac.UnknownNameError, "mean 'caesar'"),
        (
            {"systems": ["bohdan"], "to": "EUR_2024", "scope": 5},
            ac.UnknownNameError,
            "no scope '5'; there are item_only",
        ),
        (
            {"systems": ["bohdan"], "to": "EUR_2024", "order": "both"},
            ac.UnknownNameError,
            "no order 'both'",
        ),
    ],
)
def test_a_question_without_an_answer_says_what_to_do(arguments, error, message):
    with pytest.raises(error, match=message):
        ac.compare(**arguments)


def test_a_system_named_twice_is_named_once():
    assert len(ac.compare(["bohdan", "bohdan"], to="EUR_2024").table) == len(
        ac.compare(["bohdan"], to="EUR_2024").table
    )


# --------------------------------------------------------------------------------------
# The forms of an answer
# --------------------------------------------------------------------------------------


def test_markdown_and_notebook_carry_the_assumptions(guns):
    for text in (guns.to_markdown(), guns._repr_html_()):
        assert "index consumer" in text
        assert "caesar" in text


def test_every_source_can_be_cited(guns):
    assert ac.cite(guns.sources).count("\n") == len(guns.sources) - 1

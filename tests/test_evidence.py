"""Claims held against the figures, figures that disagree, and money counted once.

No expected ratio or verdict stands in the library; here every expectation is worked out from
the published figures themselves, or is an amount that a source printed.
"""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import armscost as ac
from armscost import cli, datasets, evidence, prices, records
from armscost.evidence import dated_ratios, periods, ratios, tables
from armscost.evidence.contributions import amount_of, splits
from armscost.evidence.price_ratios import BEST, LATEST, OWN

PZH, CAESAR, ZUZANA = (f"{gun}-cost-bohdan-re-russia" for gun in ("pzh-2000", "caesar", "zuzana-2"))
HOWITZERS = [PZH, CAESAR, ZUZANA]
VERDICTS = {"supported", "within_range", "contradicted", "untestable"}


@pytest.fixture(scope="module")
def checked():
    return evidence.check_claims("EUR_2024")


@pytest.fixture(scope="module")
def found():
    return evidence.conflicts()


@pytest.fixture(scope="module")
def costs():
    return datasets.load("costs").set_index("cost_id")


def unit_price(costs: pd.DataFrame, cost_id: str) -> float:
    """What one item cost as printed, then-year money: the tests' own division."""
    row = costs.loc[cost_id]
    return (
        row["amount"] if row["amount"] == row["amount"] else row["total_amount"] / row["quantity"]
    )


def pair(checked, claim: str, subject: str, obj: str, reference: str) -> pd.Series:
    rows = checked.pairs
    rows = rows[(rows["claim_id"] == claim) & (rows["reference"] == reference)]
    return rows[(rows["subject_figure"] == subject) & (rows["object_figure"] == obj)].iloc[0]


# --------------------------------------------------------------------------------------
# The rule
# --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("qualifier", "low", "high"),
    [("about", 7.2, 8.8), ("exact", 7.6, 8.4), ("target", 7.2, 8.8), ("at_least", 8, math.inf),
     ("at_most", 0, 8), ("range", 8, 8)],
)  # fmt: skip
def test_a_claim_is_read_by_its_own_qualifier(qualifier, low, high):
    stated = ratios.stated_range({"ratio": 8.0, "qualifier": qualifier}, 0.1)
    assert stated == pytest.approx((low, high))


def test_a_claim_without_a_number_is_untestable():
    stated = ratios.stated_range({"qualifier": "about"}, 0.1)
    assert ratios.verdict(stated, 1, 2, 3) == "untestable"


numbers = st.floats(0.01, 100)


@settings(max_examples=200)
@given(
    stated=st.tuples(numbers, numbers).map(sorted), implied=st.tuples(*[numbers] * 3).map(sorted)
)
def test_the_verdict_follows_from_where_the_ranges_lie(stated, implied):
    low, median, high = implied
    word = ratios.verdict(tuple(stated), low, median, high)
    overlap = low <= stated[1] and high >= stated[0]
    assert (word == "contradicted") == (not overlap)
    assert (word == "supported") == (stated[0] <= median <= stated[1])
    # The other way round, the claim and the evidence agree as much as before.
    turned = ratios.verdict((1 / stated[1], 1 / stated[0]), 1 / high, 1 / median, 1 / low)
    assert turned == word or math.isclose(median, stated[0]) or math.isclose(median, stated[1])


@settings(max_examples=100)
@given(values=st.lists(numbers, min_size=1, max_size=5), scale=st.floats(0.1, 10))
def test_scaling_the_subject_scales_every_implied_ratio(values, scale):
    def sides(by: float) -> list[ratios.Side]:
        return [
            ratios.Side(str(i), v * by, v * by, v * by, "", "", "s") for i, v in enumerate(values)
        ]

    once, more = (
        ratios.implied(ratios.Test(ratios.LIKE, sides(by), sides(1))) for by in (1, scale)
    )
    for end in ("low", "median", "high", "nominal_median"):
        assert more[end] == pytest.approx(once[end] * scale)
    assert once["low"] <= once["median"] * (1 + 1e-12)
    assert once["median"] <= once["high"] * (1 + 1e-12)


def test_a_fact_told_twice_counts_once():
    sides = [ratios.Side("a", 1, 1, 1, "", "", "s"),
             ratios.Side("b", 9, 9, 9, "", "", "s", counted=False)]  # fmt: skip
    test = ratios.Test(ratios.LIKE, sides, sides[:1])
    assert ratios.implied(test)["high"] == 1
    assert len(ratios.pairs(test)) == 2


# --------------------------------------------------------------------------------------
# Every claim is answered
# --------------------------------------------------------------------------------------


def test_every_claim_of_the_table_has_a_verdict(checked):
    assert checked.summary["claim_id"].tolist() == datasets.load("claims")["claim_id"].tolist()
    assert set(checked.summary["verdict"]) == VERDICTS
    without = checked.summary[checked.summary["verdict"] == "untestable"]
    assert (without["reason"].str.len() > 10).all()


def test_a_verdict_stands_between_like_groups_only(checked):
    table = checked.table
    assert table.loc[table["alike"], "verdict"].notna().all()
    assert table.loc[~table["alike"], "verdict"].isna().all()
    assert table.loc[~table["alike"], "reading"].isin(VERDICTS).all()
    strict = table[table["alike"] & (table["n_pairs"] > 0) & (table["relation"] == "cost")]
    assert len(strict)
    assert not strict["subject_kind"].str.contains("unknown").any()
    assert (strict["subject_kind"] == strict["object_kind"]).all()


def test_the_numbers_of_a_row_are_those_of_its_pairs(checked):
    pairs = checked.pairs[checked.pairs["counted"]]
    keys = ["claim_id", "test", "reference", "subject_kind"]
    rows = checked.table[(checked.table["relation"] == "cost") & ~checked.table["alike"]]
    for row in rows.itertuples():
        mine = pairs[(pairs[keys] == [row.claim_id, row.test, row.reference, row.subject_kind])
                     .all(axis=1)]  # fmt: skip
        assert len(mine) == row.n_pairs
        assert row.low <= mine["ratio"].min() * (1 + 1e-9)
        assert row.high >= mine["ratio"].max() * (1 - 1e-9)
        assert row.low <= row.median <= row.high


def test_no_expected_ratio_or_verdict_stands_in_the_code(checked):
    text = "".join(p.read_text("utf-8") for p in Path(evidence.__file__).parent.glob("*.py"))
    code = "\n".join(line for line in text.splitlines() if ">>>" not in line)
    for name in ("bohdan", "caesar", "zuzana", "re-russia"):
        assert name not in code
    assert "pzh-2000" not in code.replace('"pzh-2000-cost', "")


# --------------------------------------------------------------------------------------
# The ratios of the Re: Russia article, from the figures themselves
# --------------------------------------------------------------------------------------


def test_the_articles_price_is_found_nowhere_else(costs):
    own = costs.loc["bohdan-2025-re-russia"]
    assert own["amount"] == 2.3e6
    others = costs[(costs["system_id"] == "bohdan") & (costs.index != "bohdan-2025-re-russia")]
    assert not (others["amount"] == own["amount"]).any()


def test_eight_is_the_first_lot_of_ten_over_the_articles_own_price(checked, costs):
    first = "pzh-2000-germany-2023-10-militaryleak"
    row = pair(checked, PZH, first, "bohdan-2025-re-russia", OWN)
    assert row["nominal_ratio"] == pytest.approx(184e6 / 10 / 2.3e6)
    assert row["nominal_ratio"] == pytest.approx(8.0)
    later = pair(
        checked, PZH, "pzh-2000-germany-2023-12-sueddeutsche", "bohdan-2025-re-russia", OWN
    )
    assert later["nominal_ratio"] == pytest.approx(190.7e6 / 12 / 2.3e6)
    assert round(later["nominal_ratio"]) == 7


def test_caesars_three_fits_no_price_of_the_gun_alone(checked):
    rows = checked.table
    rows = rows[(rows["claim_id"] == CAESAR) & (rows["reference"] == OWN)]
    alone = rows[rows["subject_kind"] == "contract price, item only, new"].iloc[0]
    assert alone["nominal_reading"] == "contradicted"
    package = rows[rows["subject_kind"] == "contract price, with support, new"].iloc[0]
    assert package["nominal_low"] < 3 < package["nominal_high"]
    press = rows[rows["subject_kind"] == "press claim, scope unknown, new"].iloc[0]
    assert (round(press["nominal_low"], 1), press["nominal_high"] < 2.7) == (1.3, True)


def test_mark_one_prices_give_one_to_two(checked, costs):
    for figure in ("caesar-2024-ukrinform", "caesar-france-2022-18-la-tribune"):
        row = pair(checked, CAESAR, figure, "bohdan-2025-re-russia", OWN)
        assert 1.3 < row["nominal_ratio"] < 2.1
    france = pair(checked, CAESAR, "caesar-france-2022-18-la-tribune", "bohdan-2025-re-russia", OWN)
    assert france["nominal_ratio"] == pytest.approx(85e6 / 18 / 2.3e6)


def test_zuzanas_three_is_the_programme_and_sixteen_guns_give_two_and_a_half(checked):
    programme = pair(
        checked, ZUZANA, "zuzana-2-slovakia-2018-25-tasr", "bohdan-2025-re-russia", OWN
    )
    assert programme["nominal_ratio"] == pytest.approx(175e6 / 25 / 2.3e6)
    assert round(programme["nominal_ratio"], 1) == 3.0
    sixteen = pair(checked, ZUZANA, "zuzana-2-germany-2022-16-ap", "bohdan-2025-re-russia", OWN)
    assert sixteen["nominal_ratio"] == pytest.approx(92e6 / 16 / 2.3e6)
    assert sixteen["nominal_ratio"] == pytest.approx(2.5)


@pytest.mark.parametrize(("reference", "price", "lower"), [
    (BEST, 50e6 / 18, "a sixth"), (LATEST, 750e6 / 200, "two fifths"),
])  # fmt: skip
def test_against_better_supported_prices_every_ratio_is_lower(checked, reference, price, lower):
    rows = checked.table[checked.table["claim_id"].isin(HOWITZERS)]
    keys = ["claim_id", "subject_kind"]
    own, other = (
        rows[rows["reference"] == name].set_index(keys)["nominal_median"]
        for name in (OWN, reference)
    )
    assert len(own) == len(other) > 10
    shares = other / own
    assert shares.to_numpy() == pytest.approx(2.3e6 / price)
    assert 1 - shares.iloc[0] == pytest.approx(
        {"a sixth": 1 / 6, "two fifths": 2 / 5}[lower], abs=0.02
    )


def test_rebased_ratios_stand_beside_nominal_ones(checked, costs):
    row = pair(checked, ZUZANA, "zuzana-2-germany-2022-16-ap", "bohdan-2025-re-russia", OWN)
    subject, obj = (
        prices.factor("EUR", int(costs.loc[name, "price_year"]), "EUR", 2024).value
        for name in ("zuzana-2-germany-2022-16-ap", "bohdan-2025-re-russia")
    )
    assert row["ratio"] == pytest.approx(row["nominal_ratio"] * subject / obj)
    assert row["ratio"] > row["nominal_ratio"]


def test_nominal_money_is_exchanged_at_the_rate_of_its_own_year(checked, costs):
    row = pair(checked, CAESAR, "caesar-2024-the-defense", "bohdan-2025-re-russia", OWN)
    rate = ac.exchange_rate("USD", "EUR", on=2024).value
    assert row["nominal_ratio"] == pytest.approx(4.3e6 * rate / 2.3e6)


def test_a_money_that_no_price_can_be_brought_to_is_refused():
    with pytest.raises(ac.OutsideEvidenceError, match=r"EUR_2030: no .*2030; there are values"):
        evidence.check_claims("EUR_2030")


def test_a_price_without_a_parity_is_left_out_with_the_reason():
    found = evidence.check_claims(about=PZH, rate="ppp")
    assert found.left_out["reason"].str.contains("purchasing power parity").any()


def test_the_price_base_does_not_change_the_nominal_ratios(checked):
    other = evidence.check_claims("EUR_2022", about=PZH)
    mine = checked.table[checked.table["claim_id"] == PZH]
    assert other.table["nominal_median"].dropna().tolist() == pytest.approx(
        mine["nominal_median"].dropna().tolist()
    )


# --------------------------------------------------------------------------------------
# Output, growth, wages, delivery times
# --------------------------------------------------------------------------------------


def test_the_claim_on_zuzanas_output_is_contradicted_by_deliveries(checked):
    row = checked.summary.set_index("claim_id").loc["bohdan-output-zuzana-2-re-russia"]
    assert row["verdict"] == "contradicted"
    tests = checked.table[checked.table["claim_id"] == "bohdan-output-zuzana-2-re-russia"]
    assert tests.loc[tests["alike"], "note"].str.contains("one contract").all()


def test_plans_never_give_a_verdict_on_what_is_made(checked):
    rows = checked.table[(checked.table["relation"] == "output") & (checked.table["n_pairs"] > 0)]
    planned = rows["subject_kind"].str.contains("plan") | rows["object_kind"].str.contains("plan")
    assert planned.any()
    assert not rows.loc[planned, "alike"].any()
    strict = rows[rows["alike"]]
    assert strict["subject_kind"].tolist() == strict["object_kind"].tolist()


def test_outputs_are_compared_within_one_year(checked):
    pairs = checked.pairs[checked.pairs["claim_id"] == "bohdan-output-caesar-re-russia"]
    tests = pairs["subject_test"].str.extract(r"(\d{4})")[0]
    for side in ("subject", "object"):
        for year, printed in zip(tests, pairs[f"{side}_printed"], strict=True):
            assert year in printed


@pytest.mark.parametrize(("row", "rate"), [
    ({"rate": 6.0, "per": "month", "period_end": "2024-03"}, 72),
    ({"rate": 10.0, "per": "day", "period_end": "2024"}, 3650),
    ({"rate": 6.0, "per": "period", "period_start": "2025-01-01", "period_end": "2025-12-31"}, 6),
    ({"rate": 6.0, "per": "period", "period_start": "2024", "period_end": "2025"}, 3),
    ({"rate_low": 4.0, "rate_high": 6.0, "per": "month", "period_end": "2023"}, 60),
])  # fmt: skip
def test_rates_are_brought_to_one_year(row, rate):
    assert periods.yearly(row).central == pytest.approx(rate)


@pytest.mark.parametrize(("row", "reason"), [
    ({"rate": 450.0, "per": "cumulative", "period_start": "2025-11", "period_end": "2025-11"},
     "without a start"),
    ({"rate": 9.0, "per": "period", "period_start": "2021-06", "period_end": "2021-08"},
     "too short"),
    ({"rate": 9.0, "per": "month"}, "no period"),
    ({"per": "month", "period_end": "2024"}, "no rate"),
])  # fmt: skip
def test_what_is_no_yearly_rate_says_why(row, reason):
    assert reason in periods.yearly(row)


@given(first=st.dates(), days=st.integers(200, 3000), count=st.floats(1, 1e6))
@settings(max_examples=50)
def test_a_count_over_a_period_is_its_rate_times_its_length(first, days, count):
    try:
        last = first + pd.Timedelta(days=days).to_pytimedelta()
    except OverflowError:
        return
    row = {"rate": count, "per": "period", "period_start": f"{first}", "period_end": f"{last}"}
    assert periods.yearly(row).central * (days + 1) / 365.25 == pytest.approx(count, rel=0.02)


def test_growth_is_read_between_the_two_years_named(checked):
    name = "ukraine-defence-output-2023-growth-ukraine-defence-output-2022-dpa"
    row = checked.table[checked.table["claim_id"] == name].iloc[0]
    money = datasets.load("indicators")
    money = money[(money["measure"] == "output") & (money["unit"] == "USD")]
    money = money[money["subject"] == "Ukraine defence industry"].set_index("period")["value"]
    growth = money["2023"] / money["2022"]
    rates = [ac.exchange_rate("USD", "EUR", on=year).value for year in (2023, 2022)]
    assert row["nominal_median"] == pytest.approx(growth * rates[0] / rates[1])
    assert row["verdict"] == "supported"


def test_a_wage_is_no_labour_cost(checked):
    germany = checked.table[checked.table["claim_id"] == "germany-wage-ukraine-re-russia"]
    assert germany.loc[germany["alike"], "verdict"].tolist() == ["untestable"]
    bulgaria = checked.table[checked.table["claim_id"] == "bulgaria-wage-ukraine-re-russia"].iloc[0]
    assert bulgaria["subject_kind"].split(",")[0] == bulgaria["object_kind"].split(",")[0]
    assert bulgaria["note"] == "no common year: 2024 against 2023"


def own_claim(**changes):
    return {
        "claim_id": "mine", "fact_id": "mine", "subject_id": "caesar", "relation": "cost",
        "object_id": "zuzana-2", "ratio": 1.0, "source_id": "re-russia-2025-04",
        "credibility": 6, "qualifier": "about", "statement": "A claim of the test's own.",
    } | changes  # fmt: skip


def test_ones_own_claim_is_tested_like_ours():
    found = evidence.check_claims(claims=[own_claim()])
    strict = found.table[found.table["alike"] & (found.table["n_pairs"] > 0)]
    compared = ac.compare(["zuzana-2", "caesar"], to="EUR_2024").table
    ratio = compared[(compared["system_id"] == "caesar") & compared["ratio"].notna()]["ratio"]
    assert sorted(strict["median"]) == pytest.approx(sorted(ratio))


def test_a_claim_may_be_about_one_deal(costs):
    deals = ("caesar-czechia-2021-52", "caesar-czech-republic-2020-52-radio-prague")
    found = evidence.check_claims(
        claims=[own_claim(subject_id=deals[0], object_id=deals[1], ratio=1.4)]
    )
    rows = found.pairs[["subject_figure", "object_figure"]]
    assert set(costs.loc[rows["subject_figure"], "fact_id"]) == {deals[0]}
    assert set(costs.loc[rows["object_figure"], "fact_id"]) == {deals[1]}
    assert found.pairs["nominal_ratio"].iloc[0] == pytest.approx(
        8.5 * ac.exchange_rate("CZK", "EUR", on=2021).value
        / (6 * ac.exchange_rate("CZK", "EUR", on=2020).value)
    )  # fmt: skip


def test_a_plan_is_held_against_a_claim_only_where_the_claim_names_it():
    plan = "caesar-czech-republic-2020-52-radio-prague"
    found = evidence.check_claims(about=[plan, CAESAR])
    against = found.pairs[found.pairs["object_figure"] == plan]
    assert len(against)
    assert set(found.pairs["claim_id"]) > set(against["claim_id"])
    of_the_gun = found.pairs[found.pairs["claim_id"] == CAESAR]
    goals = datasets.load("costs").query("qualifier == 'target'")["cost_id"]
    assert not set(of_the_gun["subject_figure"]) & set(goals)
    assert plan not in set(found.left_out["figure"])


def test_delivery_times_are_compared_as_what_was_and_what_was_planned():
    claim = own_claim(subject_id="caesar", object_id="bohdan", relation="delivery_time", ratio=8)
    table = evidence.check_claims(claims=[claim]).table
    assert table["subject_kind"].tolist() == ["lead time, outcome"]
    assert table["low"].iloc[0] > 1


def test_a_delivery_told_twice_counts_once():
    claim = own_claim(subject_id="bohdan", object_id="caesar", relation="delivery_time")
    found = evidence.check_claims(claims=[claim])
    table = datasets.load("deliveries")
    known = table[table["lead_months"].notna() & (table["planned"] == "no")]
    facts = [known[known["system_id"] == gun].drop_duplicates("fact_id") for gun in
             ("bohdan", "caesar")]  # fmt: skip
    ours, theirs = (rows["lead_months"] for rows in facts)
    (row,) = found.table.itertuples()
    assert row.n_pairs == len(ours) * len(theirs) == found.pairs["counted"].sum()
    assert len(found.pairs) > row.n_pairs
    assert row.median == pytest.approx(ours.median() / theirs.median())


def test_dated_figures_shown_to_be_wrong_are_left_out(monkeypatch):
    claim = own_claim(subject_id="bohdan", object_id="caesar", relation="delivery_time")
    before = evidence.check_claims(claims=[claim])
    wrong = before.pairs["subject_figure"].iloc[0]
    deliveries = tables.graded("deliveries")
    grades = deliveries["credibility"].mask(deliveries["delivery_id"] == wrong, 5)
    worse = deliveries.assign(credibility=grades)
    monkeypatch.setattr(
        dated_ratios, "graded", lambda name: worse if name == "deliveries" else tables.graded(name)
    )
    after = evidence.check_claims(claims=[claim])
    assert wrong not in set(after.pairs["subject_figure"])
    assert (
        after.left_out.set_index("figure")["reason"][wrong] == "shown to be wrong (credibility 5)"
    )


def test_a_tighter_tolerance_never_supports_more():
    wide, narrow = (
        evidence.check_claims(about=HOWITZERS, tolerance=share).table["reading"]
        for share in (0.2, 0.02)
    )
    rank = {"supported": 2, "within_range": 1, "contradicted": 0}
    assert (wide.dropna().map(rank) >= narrow.dropna().map(rank)).all()
    assert (wide.dropna() != narrow.dropna()).any()


# --------------------------------------------------------------------------------------
# What every answer carries
# --------------------------------------------------------------------------------------


def test_a_claim_leads_back_to_the_published_figures(checked):
    text = str(checked.explain(ZUZANA))
    assert "EUR 92,000,000 for 16" in text
    assert "about EUR 2,300,000 each" in text
    assert "deflated by EA hicp" in text
    assert "nominal 2.5" in text
    assert set(checked.explain(ZUZANA).table["claim_id"]) == {ZUZANA}


def test_a_claim_without_evidence_says_so_when_asked(checked):
    text = str(checked.explain("msta-s-cost-bohdan-re-russia"))
    assert "no usable price of msta-s" in text


def test_years_are_explained_as_numbers_and_as_text():
    totals = evidence.contribution_totals("year")
    mine = totals.trace[totals.trace["year"] == 2025]
    assert len(mine) == len(totals.explain("2025").table) == len(totals.explain(2025).table) > 0
    gap = ac.industry_gap(2025)
    assert len(gap.explain("2025").table) == len(gap.trace)


def test_an_answer_without_a_trace_explains_no_item():
    exchange = ac.cost_exchange(1, 2, 0.5)
    assert "fixed_salvo" in str(exchange.explain())
    with pytest.raises(ac.UnknownNameError, match="no item in this answer 'caesar'"):
        exchange.explain("caesar")


def test_unknown_claims_are_named_with_the_nearest(checked):
    with pytest.raises(ac.UnknownNameError, match="zuzana-2-cost-bohdan-re-russia"):
        checked.explain("zuzana-cost-bohdan-re-russia")
    with pytest.raises(ac.UnknownNameError, match="caesar"):
        evidence.check_claims(about="caesr")
    with pytest.raises(ac.UnknownNameError, match="no claim or subject of one '5'"):
        evidence.check_claims(about=5)


@pytest.mark.parametrize(("arguments", "word"), [
    ({"tolerance": 2}, "0.1"), ({"years_back": -1}, "years_back"), ({"claims": []}, "no claim"),
    ({"claims": [{"claim_id": "x"}]}, "fact_id"), ({"about": []}, "names nothing"),
    ({"claims": "text"}, "list of rows"), ({"claims": ["text"]}, "list of rows"),
    ({"claims": 5}, "list of rows"), ({"tolerance": "a"}, "finite number"),
    ({"years_back": 0.5}, "whole number"),
])  # fmt: skip
def test_what_is_not_allowed_says_what_is(arguments, word):
    with pytest.raises(ac.OutsideEvidenceError, match=word):
        evidence.check_claims(**arguments)


def test_sources_and_left_out_are_whole(checked, found):
    known = set(datasets.load("sources")["source_id"])
    for result in (checked, found, evidence.contribution_totals()):
        assert set(result.sources) <= known
        assert result.sources == sorted(set(result.sources))
    for result in (checked, found):
        assert any("data version" in line for line in result.assumptions)
    assert (checked.left_out["reason"].str.len() > 5).all()
    used = set(checked.pairs["subject_figure"]) | set(checked.pairs["object_figure"])
    assert not used & set(checked.left_out["figure"])


def test_nothing_in_the_tables_is_changed_by_asking(checked):
    names = ("claims", "costs", "contributions", "outputs")
    before = {name: datasets.load(name) for name in names}
    evidence.check_claims(about=PZH)
    evidence.conflicts()
    for name in names:
        pd.testing.assert_frame_equal(datasets.load(name), before[name])


# --------------------------------------------------------------------------------------
# Conflicts
# --------------------------------------------------------------------------------------


def test_every_conflict_names_both_sides_and_the_gap(found):
    table = found.table
    assert (
        not table[["kind", "what", "left_id", "right_id", "left_source", "right_source"]]
        .isna()
        .any(axis=None)
    )
    numbers = table[table["kind"] != "description"]
    assert (numbers["right_value"] / numbers["left_value"] - 1).tolist() == pytest.approx(
        numbers["gap"].tolist()
    )
    assert numbers["gap"].ne(0).all()
    assert set(table["kind"]) == {
        "same_fact", "same_thing", "description", "conversion", "sum", "counted_twice"
    }  # fmt: skip


def test_every_side_of_a_conflict_is_a_figure_of_its_table(found):
    for name, rows in found.table.groupby("table"):
        frame = datasets.load(name)
        ids = set(frame[records.TABLES[name].key[0]])
        for side in ("left_id", "right_id"):
            assert {one for cell in rows[side] for one in cell.split("; ")} <= ids


def test_the_british_sum_is_above_the_rate_of_its_day(found):
    rows = found.table[found.table["kind"] == "conversion"].set_index("left_id")
    row = rows[rows["what"].str.startswith("uk-aid-2025")].iloc[0]
    rate = ac.exchange_rate("GBP", "EUR", on="2025-04-11")
    assert row["left_value"] == pytest.approx(4.5e9 * rate.value)
    assert row["right_value"] == 5.3e9
    assert round(row["gap"] * 100, 1) == 2.1
    assert "the fixing of 2025-04-11" in row["what"]
    assert row["left_source"] != row["right_source"] == "re-russia-2025-04"


def test_a_conversion_is_refused_only_where_no_day_of_its_time_explains_it(found):
    table = datasets.load("contributions").set_index("contribution_id")
    for row in found.table[found.table["kind"] == "conversion"].itertuples():
        if row.table != "contributions":
            continue
        one, other = table.loc[row.left_id], table.loc[row.right_id]
        days = [d for d in (one["dated"], other["dated"]) if len(d) == 10]
        for day in days:
            rate = prices.default_book().find_rate(
                one["currency"], other["currency"], pd.Timestamp(day).date()
            )
            if rate is not None:
                assert abs(other["amount"] / (one["amount"] * rate.value) - 1) > 0.005


def test_the_parts_of_2024_are_shown_beside_their_whole(found):
    sums = found.table[found.table["kind"] == "sum"]
    row = sums[sums["left_id"] == "all-partners-danish-model-538000000-2024-defence"].iloc[0]
    parts = (
        datasets.load("contributions").set_index("contribution_id").loc[row["right_id"].split("; ")]
    )
    assert sorted(parts["amount"]) == [2.7e6, 20e6, 125e6, 390e6]
    assert row["right_value"] == pytest.approx(537.7e6)
    assert row["left_value"] == 538e6


def test_two_ways_of_dividing_one_sum_are_not_added(found):
    table = datasets.load("contributions")
    whole = table[(table["amount"] == 450e6) & (table["currency"] == "GBP")]
    whole = whole[whole["contribution_id"].isin(table["part_of"])].iloc[-1]
    parts = [
        {k: v for k, v in row.items() if v == v and v is not None}
        for row in table[table["part_of"] == whole["contribution_id"]].to_dict("records")
    ]
    payers, purposes = splits(whole.dropna().to_dict(), parts)
    assert sorted(payers.amounts) == [100e6, 350e6]
    assert payers.total == 450e6
    assert sorted(purposes.amounts) == [160e6, 250e6]
    sums = found.table[found.table["kind"] == "sum"]
    assert sums[sums["right_value"] == 410e6]["left_value"].tolist() == [450e6]


def test_the_totals_for_2024_are_one_sum(found):
    rows = found.table[found.table["kind"] == "counted_twice"]
    row = rows[
        rows["what"].str.startswith("danish-model-2024-total") & (rows["unit"] == "EUR")
    ].iloc[0]
    ids = [row["left_id"], *row["right_id"].split("; ")]
    amounts = datasets.load("contributions").set_index("contribution_id").loc[ids, "amount"]
    assert {538e6, 597e6, 600e6} <= set(amounts)
    assert row["right_value"] == amounts.sum()


def test_eu_money_through_denmark_is_inside_the_danish_total(found):
    rows = found.table[found.table["kind"] == "counted_twice"]
    inside = rows[
        rows["right_id"].str.contains("eu-via-denmark") & rows["what"].str.contains("inside")
    ]
    assert len(inside) >= 2
    assert (inside["right_value"] > inside["left_value"]).all()


def test_a_misprint_stands_beside_its_correction(found):
    row = found.table[found.table["right_value"].eq(996)].iloc[0]
    assert row["kind"] == "same_thing"
    assert row["left_value"] == 96


def test_plans_of_different_months_are_no_conflict(found):
    table = datasets.load("outputs").set_index("output_id")
    mine = found.table[(found.table["table"] == "outputs") & (found.table["kind"] == "same_thing")]
    for row in mine.itertuples():
        one, other = table.loc[row.left_id], table.loc[row.right_id]
        if one["status"] in ("planned", "target"):
            assert one["stated_on"][:7] == other["stated_on"][:7]


def test_a_wider_tolerance_finds_fewer(found):
    fewer = evidence.conflicts(tolerance=0.05).table
    exact = ["same_fact", "same_thing", "conversion"]
    counts = found.table["kind"].value_counts(), fewer["kind"].value_counts()
    assert all(counts[1].get(kind, 0) < counts[0][kind] for kind in exact)
    assert (fewer[fewer["kind"] == "conversion"]["gap"].abs() > 0.05).all()


def test_a_tolerance_that_is_given_holds_for_sums_too():
    every = evidence.conflicts(kind="sum")
    assert every.table["gap"].abs().min() < 0.005
    assert "every gap is told" in every.assumptions[0]
    for tolerance in (0.005, 0.2):
        fewer = evidence.conflicts(kind="sum", tolerance=tolerance)
        assert 0 < len(fewer.table) < len(every.table)
        assert (fewer.table["gap"].abs() > tolerance).all()
        assert fewer.assumptions[0] == f"gaps up to {tolerance:.2%} are rounding"


def test_kinds_can_be_asked_for_one_by_one(found):
    for kind, rows in found.table.groupby("kind"):
        assert len(evidence.conflicts(kind=kind).table) == len(rows)
    with pytest.raises(ac.UnknownNameError, match="conversion"):
        evidence.conflicts(kind="conversions")
    with pytest.raises(ac.UnknownNameError, match="mean 'conversion'"):
        evidence.conflicts(kind=["conversion"])
    with pytest.raises(ac.OutsideEvidenceError, match=r"0\.01"):
        evidence.conflicts(tolerance=5)
    with pytest.raises(ac.OutsideEvidenceError, match="tolerance is 'a'"):
        evidence.conflicts(tolerance="a")


# --------------------------------------------------------------------------------------
# Money, each sum once
# --------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", [None, "EUR_2024"])
def test_years_and_contributors_add_up_to_the_same(to):
    years, givers = (evidence.contribution_totals(by, to).table for by in ("year", "contributor"))
    keys = ["stage", "currency"]
    one, other = (t.groupby(keys)["total"].sum() for t in (years, givers))
    assert one.to_dict() == pytest.approx(other.to_dict())


def test_stages_and_currencies_are_kept_apart():
    table = evidence.contribution_totals("year").table
    assert not table.duplicated(["year", "stage", "currency"]).any()
    assert table["currency"].nunique() > 3


def test_a_fact_counts_once_a_stage():
    trace = evidence.contribution_totals("year").trace
    assert not trace.duplicated(["fact_id", "stage"]).any()
    assert (trace["share_counted"] >= 0).all()
    assert (trace["share_counted"] <= 1 + 1e-12).all()


def test_a_sum_and_its_parts_are_never_both_whole():
    trace = evidence.contribution_totals("contributor").trace.set_index("contribution_id")
    whole = trace[trace.index.str.startswith("several-partners-direct-purchase-715")].iloc[0]
    parts = datasets.load("contributions")
    mine = parts[parts["part_of"] == whole.name]
    assert len(mine) == 2
    assert whole["net"] == pytest.approx(715e6 - mine["amount"].sum())


def test_every_contribution_is_counted_or_left_out_with_the_reason():
    for to in (None, "EUR_2024"):
        found = evidence.contribution_totals("year", to)
        counted, left = set(found.trace["contribution_id"]), set(found.left_out["figure"])
        assert not counted & left
        assert counted | left == set(datasets.load("contributions")["contribution_id"])
        assert (found.left_out["reason"].str.len() > 3).all()


def test_targets_and_demands_are_no_promise():
    table = datasets.load("contributions").set_index("contribution_id")
    counted = evidence.contribution_totals("year").trace["contribution_id"]
    assert not (table.loc[counted, "qualifier"] == "target").any()


def test_goods_without_a_price_are_no_money():
    assert amount_of({"quantity": 25.0}) is None
    assert amount_of({"amount_low": 1.0, "amount": 2.0, "amount_high": 3.0}) == 2.0


@pytest.mark.parametrize("to", ["EUR_1990", "EUR_2029", "EUR_2030"])
def test_totals_that_no_index_reaches_say_which_years_there_are(to):
    with pytest.raises(ac.NoRateError, match=rf"brought to {to}: no hicp .* values for 2010–"):
        evidence.contribution_totals("year", to)


def test_totals_refuse_another_grouping():
    with pytest.raises(ac.UnknownNameError, match="contributor"):
        evidence.contribution_totals("contributors")
    with pytest.raises(ac.UnknownNameError):
        evidence.contribution_totals("year", "XYZ_2024")


# --------------------------------------------------------------------------------------
# In a terminal
# --------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [80, 140])
@pytest.mark.parametrize("command", [
    ("claims",), ("claims", PZH, "bohdan-output-zuzana-2-re-russia"), ("conflicts",),
    ("claims", "--explain", ZUZANA), ("conflicts", "--kind", "sum"),
])  # fmt: skip
def test_claims_and_conflicts_fit_the_terminal(command, columns, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(columns))
    cli.cli.main(list(command), standalone_mode=False)
    told = capsys.readouterr().out
    assert not [line for line in told.splitlines() if len(line) > columns]
    assert len(told) > 500


def test_a_growth_is_tested_on_figures_of_no_period_too():
    stated = {
        "claim_id": "workers", "fact_id": "workers", "relation": "growth", "ratio": 1.5,
        "subject_id": "ukraine-defence-workers-2025", "object_id": "ukraine-defence-workers-2023",
        "stated_on": "2025", "source_id": "re-russia-2025-04", "credibility": 6,
        "qualifier": "about", "statement": "Said for a test.",
    }  # fmt: skip
    assert ac.check_claims(claims=[stated]).summary["verdict"].tolist() == ["contradicted"]

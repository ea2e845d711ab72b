"""Cost per capability: both sides with their ranges, like with like, back to what was printed."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import armscost as ac
from armscost import datasets
from armscost.comparison import measures
from armscost.comparison.capability import cost_per_capability, spread
from armscost.comparison.chances import STATUS, chance_cheaper, chance_on_frontier, on_frontier
from armscost.comparison.frontier import frontier

GUNS = ["bohdan", "caesar", "pzh-2000"]
KIND = ["cost_basis", "scope", "condition", "per"]
SHELL = "rocket-assisted shell"


@pytest.fixture(scope="module")
def reach():
    return cost_per_capability(GUNS, measure="range_max", to="EUR_2024")


# --------------------------------------------------------------------------------------
# Bohdan against Caesar against PzH 2000 per kilometre of range
# --------------------------------------------------------------------------------------


def test_each_number_can_be_worked_out_from_its_row(reach):
    table = reach.table
    assert set(table["system_id"]) == set(GUNS)
    assert set(table["unit"]) == {"EUR_2024/km"}
    np.testing.assert_allclose(table["median"], table["cost"] / table["capability"], rtol=1e-15)
    assert (table["low"] <= table["median"]).all()
    assert (table["median"] <= table["high"]).all()
    assert (table["low"] >= table["cost_low"] / table["capability_high"] * (1 - 1e-12)).all()
    assert (table["high"] <= table["cost_high"] / table["capability_low"] * (1 + 1e-12)).all()


def test_the_price_side_is_what_compare_says(reach):
    plain = ac.compare(GUNS, to="EUR_2024").table
    sides = reach.table.drop_duplicates(["system_id", *KIND]).reset_index(drop=True)
    names = {"cost_low": "low", "cost": "median", "cost_high": "high"}
    for ours, theirs in names.items():
        merged = sides.merge(plain, on=["system_id", *KIND], suffixes=("", "_plain"))
        assert len(merged) == len(plain)
        theirs = f"{theirs}_plain" if theirs in sides else theirs
        np.testing.assert_array_equal(merged[ours], merged[theirs])


def test_every_figure_of_either_side_is_published(reach):
    costs = set(datasets.load("costs")["cost_id"])
    able = datasets.load("capabilities").set_index("capability_id")
    for row in reach.trace.itertuples(index=False):
        if row.figure_of == "cost":
            assert row.cost_id in costs
        else:
            published = able.loc[row.capability_id]
            assert published["system_id"] == row.system_id
            assert published["measure"] == "range_max"
            assert f"[{row.capability_id}]" in row.printed
    assert set(reach.sources) >= set(reach.trace["source_id"].dropna())


def test_capability_ends_are_those_of_the_figures_under_the_condition(reach):
    figures = reach.trace[reach.trace["figure_of"] == "capability"]
    for row in reach.table.itertuples(index=False):
        own = figures[figures["system_id"] == row.system_id]
        word = row.capability_condition
        own = own[own["condition"] == word] if isinstance(word, str) else own[own["open"] == True]  # noqa: E712 - an object column
        assert row.capability_low == own["low"].min()
        assert row.capability_high == own["high"].max()
        assert row.n_figures == own["counted"].sum()


def test_figures_that_disagree_become_a_range_with_all_their_sources(reach):
    rows = reach.table[
        (reach.table["system_id"] == "bohdan") & (reach.table["capability_condition"] == SHELL)
    ]
    assert (rows["capability_low"] < rows["capability_high"]).all()
    assert (rows["n_figures"] > 1).all()
    text = str(reach.explain("bohdan"))
    assert {"liga-net-bohdan-2025-10-06", "hvylya-bohdan-2023"} <= set(reach.sources)
    assert "45 to 60 km" in text
    assert "at most 50 km" in text


def test_explain_leads_to_both_prints_and_the_quotient(reach):
    text = str(reach.explain("pzh-2000"))
    row = reach.table[reach.table["system_id"] == "pzh-2000"].iloc[0]
    for part in (
        "range_max: at most 30 km",
        "[pzh-2000-range-max-autonews]",
        "unit price computed by armscost",
        f"{row['cost']:,.0f} / {row['capability']:g} = ",
        "grade",
    ):
        assert part in text
    assert "bohdan-" not in text


def test_it_says_for_whom_the_gun_alone_is_published_and_where_scope_is_unknown(reach):
    said = "\n".join(reach.assumptions)
    assert "prices of the item alone are used for caesar; for bohdan, pzh-2000 none" in said
    for system in GUNS:
        own = reach.trace[(reach.trace["system_id"] == system) & (reach.trace["counted"] == True)]  # noqa: E712 - an object column
        unknown = int((own["scope"] == "unknown").sum())
        assert unknown > 0
        assert f"scope unknown for {unknown} of " in said


def test_guns_alone_where_published_and_who_has_none():
    result = cost_per_capability(GUNS, "range_max", "EUR_2024", scope="item_only")
    assert set(result.table["scope"]) == {"item_only"}
    left = result.left_out.set_index("figure")["reason"]
    for system in sorted(set(GUNS) - set(result.table["system_id"])):
        assert left[system].startswith("no figure with scope item_only (there are: ")


# --------------------------------------------------------------------------------------
# Like with like
# --------------------------------------------------------------------------------------


def test_a_ratio_needs_price_and_figure_of_one_known_kind(reach):
    table = reach.table
    first = table[table["system_id"] == "bohdan"]
    for row in table[table["ratio"].notna()].itertuples(index=False):
        assert row.scope != "unknown"
        assert isinstance(row.capability_condition, str)
        same = first[first["capability_condition"] == row.capability_condition]
        for name in KIND:
            same = same[same[name] == getattr(row, name)]
        assert row.ratio == pytest.approx(row.median / same["median"].iloc[0], rel=1e-12)
    without = table[table["ratio"].isna()]
    assert without["ratio_note"].notna().all()
    open_shell = table[table["capability_condition"].isna()]
    assert len(open_shell) > 0
    assert open_shell["ratio"].isna().all()


def test_unlike_shells_are_compared_only_if_declared_alike_and_that_is_listed():
    kinds = ["unassisted shell", "standard shell", "high-explosive shell"]
    result = cost_per_capability(GUNS, "range_max", "EUR_2024", under=kinds, alike=kinds)
    assert set(result.table["capability_condition"]) == {" or ".join(kinds)}
    assert f"taken as alike because you said so: {', '.join(kinds)}" in result.assumptions


def test_one_shell_alone(reach):
    result = cost_per_capability(GUNS[:2], "range_max", "EUR_2024", under=SHELL)
    assert set(result.table["capability_condition"]) == {SHELL}
    assert f"only figures under: {SHELL}" in result.assumptions
    same = reach.table[reach.table["capability_condition"] == SHELL].reset_index(drop=True)
    np.testing.assert_array_equal(result.table["low"], same["low"])


def test_pooling_is_asked_for_and_gives_no_ratio():
    result = cost_per_capability(GUNS, "range_max", "EUR_2024", pool=True)
    assert result.pooled
    assert set(result.pooled) <= set(result.assumptions)
    assert result.table["ratio"].isna().all()
    assert "scope" not in result.table


def test_the_same_seed_gives_the_same_answer_and_another_nearly_so():
    one = cost_per_capability(["bohdan"], "range_max", "EUR_2024").table
    again = cost_per_capability(["bohdan"], "range_max", "EUR_2024").table
    other = cost_per_capability(["bohdan"], "range_max", "EUR_2024", seed=2).table
    pd.testing.assert_frame_equal(one, again)
    np.testing.assert_allclose(one["low"], other["low"], rtol=0.01)
    assert not np.array_equal(one["low"], other["low"])


@given(
    ends=st.tuples(*[st.floats(0.1, 1e9)] * 3).map(sorted), u=st.lists(st.floats(0, 1), min_size=1)
)
@settings(max_examples=100)
def test_draws_stay_in_the_published_range_with_half_on_either_side(ends, u):
    row = dict(zip(("low", "median", "high"), ends, strict=True))
    drawn = spread(np.array(sorted(u)), row, tuple(row))
    assert (drawn >= ends[0] * (1 - 1e-12)).all()
    assert (drawn <= ends[2] * (1 + 1e-12)).all()
    assert (np.diff(drawn) >= -1e-9 * ends[2]).all()
    middle = spread(np.array([0.5]), row, tuple(row))[0]
    assert middle == pytest.approx(ends[1], rel=1e-12)


# --------------------------------------------------------------------------------------
# Measures
# --------------------------------------------------------------------------------------


PUBLISHED = sorted(set(datasets.load("capabilities")["measure"]))


@pytest.mark.parametrize("measure", [*PUBLISHED, "rounds_first_minute", "shells_per_hour"])
def test_every_measure_has_figures_and_names_the_systems_without(measure):
    systems = [*GUNS, *_with(measure)]
    found = measures.capabilities(systems, measure)
    assert (found.figures["low"] <= found.figures["central"]).all()
    assert (found.figures["central"] <= found.figures["high"]).all()
    assert set(found.figures["system_id"]) | set(found.left_out["system_id"]) == set(systems)


def _with(measure: str) -> list[str]:
    table = datasets.load("capabilities")
    stem = {"rounds_first_minute": "rate_of_fire", "shells_per_hour": "rate_of_fire_sustained"}
    wanted = table["measure"] == stem.get(measure, measure)
    return [name for name in table.loc[wanted, "system_id"].unique() if name not in GUNS]


def test_units_are_brought_to_one_and_the_factor_is_shown():
    found = measures.capabilities(["switchblade", "mistral"], "range_max")
    assert found.unit == "km"
    values = found.figures.set_index("capability_id")["central"]
    assert values["mistral-range-max-mistral-3-texas-home"] == pytest.approx(8.0, rel=1e-12)
    printed = found.figures["printed"].str.cat(sep="\n")
    assert "12 mile (× 1.60934 = 19.3121 km)" in printed


def test_rounds_in_the_first_minute_show_their_formula_and_keep_unlike_ways_apart():
    found = measures.capabilities(["bohdan", "zuzana-2", "pzh-2000"], "rounds_first_minute")
    ways = found.figures.set_index("system_id")["condition"]
    assert "burst rate held for the minute" in set(ways["zuzana-2"])
    assert ways["bohdan"] == "stated rate held for the minute"
    assert ways["pzh-2000"] == "rounds counted in 56 s"
    assert "rounds_first_minute = rate_of_fire × 1 minute" in found.notes
    assert found.figures.set_index("system_id").loc["pzh-2000", "central"] == 10


def test_rounds_counted_over_longer_than_a_minute_are_not_those_of_the_first():
    found = measures.capabilities(["atmos", "k9"], "rounds_first_minute")
    words = found.figures["printed"].str.cat(sep="\n")
    assert "atmos-rounds-in-time-the-defense" not in words
    assert "18 round" not in words


def test_shells_an_hour_need_a_sustained_rate_and_say_so():
    found = measures.capabilities(["k9", "bohdan"], "shells_per_hour")
    assert found.figures["central"].to_list() == [180.0]
    reason = found.left_out.set_index("figure").loc["bohdan", "reason"]
    assert "needs rate_of_fire_sustained: not published" in reason


def test_tonne_kilometres_are_refused_where_no_mass_is_published():
    with pytest.raises(ac.OutsideEvidenceError, match="needs rounds_carried and shell_mass"):
        cost_per_capability(["bohdan"], "tonne_kilometres", "EUR_2024")


def test_a_measure_per_crew_member_takes_the_ends_that_go_together():
    whole = measures.capabilities(["caesar"], "rounds_carried").figures
    crew = measures.capabilities(["caesar"], "crew").figures
    each = measures.capabilities(["caesar"], "rounds_carried_per_crew_member")
    assert each.unit == "round/person"
    assert each.figures["low"].min() == whole["low"].min() / crew["high"].max()
    assert each.figures["high"].max() == whole["high"].max() / crew["low"].min()
    assert each.notes[0] == "rounds_carried_per_crew_member = rounds_carried / crew"


def test_less_is_better_is_said():
    found = measures.capabilities(["archer"], "time_into_action")
    assert any("less is better" in note for note in found.notes)


def test_figures_of_several_variants_are_named():
    found = measures.capabilities(["caesar"], "rounds_carried")
    assert "rounds_carried of caesar is of several variants: 6x6, 8x8" in found.notes


def test_a_measure_that_a_system_lacks_is_left_out_with_the_reason():
    result = cost_per_capability(["bohdan", "caesar"], "rounds_carried", "EUR_2024")
    left = result.left_out.set_index("figure")["reason"]
    assert left["bohdan"] == "no figure of rounds_carried published"


# --------------------------------------------------------------------------------------
# How sure the order is
# --------------------------------------------------------------------------------------


def test_chances_kind_by_kind():
    systems = ["bohdan", "caesar", "zuzana-2", "k9"]
    table = chance_cheaper(systems, "EUR_2024", times=3).table
    plain = ac.compare(systems, to="EUR_2024").table
    told = table[table["chance_cheaper"].notna()]
    assert len(told) > 0
    assert (told["scope"] != "unknown").all()
    assert (told["chance_times"] <= told["chance_cheaper"]).all()
    for row in told.itertuples(index=False):
        same = plain[(plain["cost_basis"] == row.cost_basis) & (plain["scope"] == row.scope)]
        same = same[same["condition"] == row.condition].set_index("system_id")
        assert row.ratio == pytest.approx(
            same.loc[row.other_id, "median"] / same.loc[row.system_id, "median"]
        )
        if same.loc[row.system_id, "high"] < same.loc[row.other_id, "low"]:
            assert row.chance_cheaper == 1
        back = told[(told["system_id"] == row.other_id) & (told["other_id"] == row.system_id)]
        back = back[(back["cost_basis"] == row.cost_basis) & (back["scope"] == row.scope)]
        assert row.chance_cheaper + back["chance_cheaper"].iloc[0] <= 1 + 1e-12
    assert table.loc[table["chance_cheaper"].isna(), "note"].notna().all()


def test_an_order_by_single_facts_is_marked_as_surer_than_it_is():
    table = chance_cheaper(["caesar", "zuzana-2"], "EUR_2024", scope="with_ammunition").table
    alone = table[(table["n_facts"] == 1) & (table["n_facts_other"] == 1)]
    assert len(alone) > 0
    assert alone["note"].str.contains("surer than it is").all()


def test_pooled_chances_have_no_ratio_for_unlike_kinds_have_none():
    table = chance_cheaper(["caesar", "zuzana-2"], "EUR_2024", pool=True).table
    assert table["chance_cheaper"].notna().all()
    assert table["ratio"].isna().all()
    assert table["note"].str.contains("pooled: unlike groups have no ratio").all()


def test_chances_on_the_frontier_add_up():
    table = chance_on_frontier(["caesar", "k9"], "range_max", "EUR_2024", under=SHELL).table
    told = table[table["chance_efficient"].notna()]
    assert len(told) > 0
    np.testing.assert_allclose(told[[f"chance_{name}" for name in STATUS]].sum(axis=1), 1.0)
    assert (told["n_options"] > 1).all()
    assert table.loc[table["chance_efficient"].isna(), "note"].notna().all()


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=2, max_size=7),
)
@settings(max_examples=150)
def test_the_frontier_of_draws_is_the_frontier_of_options(points):
    options = pd.DataFrame(points, columns=["cost", "effect"]).astype("float")
    found = on_frontier(options[["cost"]].to_numpy(), options[["effect"]].to_numpy())[:, 0]
    assert [STATUS[code] for code in found] == frontier(options)["status"].to_list()


# --------------------------------------------------------------------------------------
# Questions that have no answer
# --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: cost_per_capability(["bohdan"], "range_mx", "EUR_2024"),
            ac.UnknownNameError, "did you mean 'range_max'",
        ),
        (
            lambda: cost_per_capability(["bohdan"], "range_max", "EUR_2024", under="lead shell"),
            ac.UnknownNameError, "no condition among these figures 'lead shell'",
        ),
        (
            lambda: cost_per_capability(["bohdan"], "reload_time", "EUR_2024"),
            ac.OutsideEvidenceError, "no figure of reload_time published",
        ),
        (
            lambda: cost_per_capability(["bohdan"], "range_max", "EUR_2024", scope="item_only"),
            ac.OutsideEvidenceError, "there are: programme",
        ),
        (
            lambda: cost_per_capability(["ceasar"], "range_max", "EUR_2024"),
            ac.UnknownNameError, "did you mean 'caesar'",
        ),
        (
            lambda: cost_per_capability(["bohdan"], None, "EUR_2024"),
            ac.UnknownNameError, "no measure 'None'",
        ),
        (
            lambda: cost_per_capability(["bohdan"], ["range_max"], "EUR_2024"),
            ac.UnknownNameError, "did you mean 'range_max'",
        ),
        (
            lambda: cost_per_capability(["caesar"], "crew_per_crew_member", "EUR_2024"),
            ac.OutsideEvidenceError, "always one",
        ),
        (
            lambda: cost_per_capability(["bohdan"], "range_max", "EUR_2024", under=5),
            ac.UnknownNameError, "no condition among these figures '5'",
        ),
        (
            lambda: cost_per_capability(["bohdan"], "range_max", "EUR_2024", under=[]),
            ac.OutsideEvidenceError, "no condition named; there are",
        ),
        (
            lambda: chance_cheaper(["bohdan"], "EUR_2024"),
            ac.OutsideEvidenceError, "only bohdan; give at least two",
        ),
        (
            lambda: chance_cheaper(["bohdan", "caesar"], "EUR_2024", times=0.3),
            ac.OutsideEvidenceError, "write 1 or more",
        ),
        (
            lambda: chance_on_frontier(["bohdan"], "range_max", "EUR_2024"),
            ac.OutsideEvidenceError, "give at least two",
        ),
    ],
)  # fmt: skip
def test_a_question_without_an_answer_says_what_to_do(call, error, message):
    with pytest.raises(error, match=message):
        call()


# --------------------------------------------------------------------------------------
# Pictures and the terminal
# --------------------------------------------------------------------------------------


def test_a_frontier_is_drawn_between_options_of_one_kind_only(reach):
    with pytest.raises(ac.NotComparableError, match="choose with basis"):
        reach.chart()
    alone = cost_per_capability(
        ["caesar", "k9"], "range_max", "EUR_2024", under=SHELL, scope="with_support",
        basis="contract_price", condition="new",
    )  # fmt: skip
    assert "on the frontier: caesar" in alone.chart().description
    assert f"Range max, km ({SHELL})".casefold() in alone.chart().description.casefold()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "armscost.cli", "compare", *arguments, "--to", "EUR_2024"],
        capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"},
    )  # fmt: skip


def test_the_terminal_gives_the_same_answer_and_draws_it(tmp_path):
    picture = tmp_path / "out.svg"
    kind = ("--scope", "with_support", "--basis", "contract_price", "--condition", "new")
    done = run("caesar", "k9", "--per", "range_max", "--under", SHELL, *kind,
               "--chart", str(picture))  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Cost per range_max in EUR_2024/km: caesar, k9" in done.stdout
    assert "[k9-range-max-dan-viet-2]" in done.stdout.replace("\n  ", "")
    assert max(len(line.rstrip()) for line in done.stdout.splitlines()) <= 80
    assert picture.read_text().startswith("<svg")


def test_the_terminal_says_what_a_sum_buys_and_refuses_two_questions():
    done = run("bohdan", "caesar", "--equal-budget", "100 million EUR_2024")
    assert done.returncode == 0, done.stderr
    assert "What 100,000,000 EUR_2024 buys of each" in done.stdout
    for arguments, message in (
        (("--per", "range_max", "--equal-budget", "1 million EUR_2024"), "one at a time"),
        (("--under", SHELL), "go with --per"),
        (("--equal-budget", "1 million EUR_2023"), "--equal-budget is in EUR_2023"),
        (("--per", "range_mx"), "did you mean 'range_max'"),
    ):
        done = run("bohdan", *arguments)
        assert done.returncode == 1
        assert message in done.stderr
        assert len(done.stderr.splitlines()) == 1

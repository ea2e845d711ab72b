"""What armscost never does: one test at least for each "never" of its promise.

Each of them looks at everything there is (every system, every pair of moneys, every row), not
at an example.
"""

from __future__ import annotations

import ast
import itertools
import operator
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import armscost as ac
from armscost import units
from armscost.comparison.unit_price import GROUP, count_facts_once
from armscost.curation import build
from armscost.curation.text import read_curated
from armscost.prices.book import default_book
from armscost.records import TABLES

ROOT = Path(__file__).parents[1]
SOURCE = Path(ac.__file__).parent
PRICED = sorted(set(ac.load("costs")["system_id"].dropna()))


@pytest.fixture(scope="module")
def everything():
    """Every system with a price that can be used, compared one by one."""
    found, refused = {}, {}
    for system in PRICED:
        try:
            found[system] = ac.compare([system], to="EUR_2024")
        except ac.OutsideEvidenceError as error:
            refused[system] = str(error)
    assert all("can be used" in reason for reason in refused.values())
    assert len(found) > 40
    return found


# --------------------------------------------------------------------------------------
# Never store a converted, deflated or averaged figure
# --------------------------------------------------------------------------------------


def test_money_is_stored_to_the_cent_as_somebody_could_have_printed_it():
    # A conversion, a deflation or a quotient leaves a tail of digits.
    for table, names in {
        "costs": ("amount_low", "amount", "amount_high", "total_low", "total_amount", "total_high"),
        "contributions": ("amount_low", "amount", "amount_high"),
        "learning_lots": ("total_cost", "unit_cost"),
    }.items():
        for name in names:
            cents = ac.load(table)[name].dropna() * 100
            assert np.isclose(cents, cents.round(), rtol=0, atol=1e-3).all(), (table, name)


def test_every_stored_number_stands_in_the_curated_text():
    entries, problems = read_curated(build.curated_folder())
    assert problems == []
    for name in ("costs", "outputs", "deliveries", "capabilities", "claims", "contributions"):
        frame = ac.load(name)
        numbers = frame.select_dtypes("number").columns.difference(["credibility"])
        stored = sorted(frame[column].dropna().sum() for column in numbers)
        typed = [
            sum(float(e.values[column]) for e in entries if e.table == name and column in e.values)
            for column in numbers
        ]
        assert stored == pytest.approx(sorted(typed), rel=1e-12)


def test_no_column_is_made_for_a_converted_figure():
    made = re.compile(
        r"(amount|total|cost|price)\w*_(eur|usd)|real|deflated|rebased|converted|mean"
    )
    assert [f for t in TABLES.values() for f in t.model_fields if made.search(f)] == []


def test_a_unit_price_that_was_computed_says_so_and_is_not_stored(everything):
    costs = ac.load("costs").set_index("cost_id")
    printed = costs[["amount_low", "amount", "amount_high"]].notna().any(axis=1)
    seen = 0
    for result in everything.values():
        for row in result.trace.itertuples():
            quotient = "total over" in row.computed
            assert quotient == (not printed[row.cost_id])
            seen += quotient
    assert seen > 100


# --------------------------------------------------------------------------------------
# Never guess
# --------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["scope", "condition", "tax", "cost_basis", "price_basis"])
def test_no_figure_gets_a_scope_that_nobody_typed(field):
    row = ac.load("costs").query("amount == amount and currency == currency").iloc[0]
    typed = {k: v for k, v in row.items() if v == v and v is not None}
    TABLES["costs"].model_validate(typed)
    if TABLES["costs"].model_fields[field].is_required():
        with pytest.raises(ValidationError, match=field):
            TABLES["costs"].model_validate({k: v for k, v in typed.items() if k != field})
    else:
        default = TABLES["costs"].model_validate({k: v for k, v in typed.items() if k != field})
        assert getattr(default, field) is None


def test_a_figure_without_a_price_year_is_left_out_and_never_given_one(everything):
    costs = ac.load("costs").set_index("cost_id")
    dateless = set(costs.index[costs["price_year"].isna() & costs["currency"].notna()])
    assert dateless
    for result in everything.values():
        assert not dateless & set(result.trace["cost_id"])
        listed = result.left_out.set_index("figure")["reason"]
        assert all(listed[figure] for figure in dateless & set(listed.index))


def test_no_rate_is_carried_forward():
    rates = ac.load("exchange_rates")
    # A currency that became the euro has a rate by law for ever.
    joined = rates.loc[rates["basis"] == "legal_rate", "currency"]
    fixed = rates[(rates["basis"] == "daily_fixing") & ~rates["currency"].isin(joined)]
    last = fixed.groupby("currency")["date"].max()
    assert len(last) > 25
    for currency, day in last.items():
        after = pd.Timestamp(day) + pd.Timedelta(days=8)
        with pytest.raises(ac.NoRateError, match=currency):
            ac.exchange_rate("EUR", str(currency), on=str(after.date()))


@pytest.mark.parametrize("order", ["deflate_then_exchange", "exchange_then_deflate"])
@pytest.mark.parametrize("currency", ["EUR", "USD", "GBP", "PLN", "UAH", "DKK"])
def test_nothing_is_extrapolated_past_an_index(currency, order):
    areas = {"EUR": "EA", "USD": "USA", "GBP": "GBR", "PLN": "POL", "UAH": "UKR", "DKK": "DNK"}
    indices = ac.load("price_indices")
    index = indices[indices["area"] == areas[currency]]
    for year in (int(index["year"].min()) - 1, int(index["year"].max()) + 1):
        with pytest.raises(ac.NoRateError, match=r"\d{4}"):
            ac.rebase(ac.quantity(1.0, f"{currency}_{year}"), f"{currency}_2024", order=order)


def test_a_missing_rate_is_an_error_that_names_the_years_there_are():
    with pytest.raises(ac.NoRateError, match=r"\d{4}") as caught:
        ac.rebase(ac.quantity("1 EUR_2029"), "EUR_2024")
    assert "2029" in str(caught.value)


def test_a_model_of_the_future_runs_in_constant_prices():
    question = {"budget": "1 billion EUR_2025", "start": "2025-05", "months": 6, "draws": 200}
    plain = ac.danish_model("bohdan", **question)
    assert not [name for name in plain.schedule if "then_year" in name]
    marked = ac.danish_model("bohdan", **question, escalation=0.03)
    assert [name for name in marked.schedule if "then_year" in name]
    assert [line for line in marked.assumptions if line.startswith("ASSUMED: prices rise")]


# --------------------------------------------------------------------------------------
# Never mix money
# --------------------------------------------------------------------------------------

MONEYS = [f"{code}_{year}" for code in units.CURRENCIES for year in (2010, 2024, 2025)]
a_money = st.sampled_from(MONEYS)
an_amount = st.floats(0.01, 1e12)
MIXING = [operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge]


@settings(max_examples=150, deadline=None)
@given(a_money, a_money, an_amount, an_amount)
def test_two_currencies_or_two_price_years_never_meet(one, other, first, second):
    left, right = ac.quantity(first, one), ac.quantity(second, other)
    for mix in MIXING:
        if one == other:
            mix(left, right)
        else:
            with pytest.raises(TypeError, match="convert"):
                mix(left, right)
    if one != other:
        assert left != right
        with pytest.raises(TypeError):
            left.to(other)
        with pytest.raises(TypeError):
            np.add(np.array([first]) * left.units, right)


def test_no_function_of_ours_takes_two_moneys_for_one():
    euros, dollars = ac.quantity("2 million EUR_2025"), ac.quantity("2 million USD_2025")
    older = ac.quantity("2 million EUR_2024")
    for other in (dollars, older):
        with pytest.raises(TypeError):
            ac.Estimate(low=euros, best=euros, high=other, bounds="min_max", shape="triangular")
        curve = ac.LearningCurve(first_unit=euros, slope=0.9, theory="crawford")
        with pytest.raises(TypeError):
            curve.affordable(other)
    with pytest.raises((TypeError, ac.ArmscostError)):
        ac.rebase(euros * dollars, "EUR_2024")


# --------------------------------------------------------------------------------------
# Never drop or reorder a caller's rows, never round
# --------------------------------------------------------------------------------------

a_row = st.tuples(
    st.one_of(st.none(), st.floats(-1e15, 1e15, allow_subnormal=False)),
    st.sampled_from(["EUR", "usd", "GBP", "UAH", "XXX", None, ""]),
    st.sampled_from([1999, 2010, 2020, 2024, 2030, None]),
    st.text(max_size=5),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(a_row, max_size=30))
def test_rows_come_back_all_of_them_in_order_and_as_they_were(rows):
    names = ["amount", "currency", "price_year", "note"]
    frame = pd.DataFrame(rows, columns=names).astype(
        {"amount": "float64", "currency": "str", "price_year": "Int64", "note": "str"}
    )
    before = frame.copy(deep=True)
    answered = ac_rebase_frame(frame, "EUR_2024", missing="keep")
    pd.testing.assert_frame_equal(frame, before)
    pd.testing.assert_frame_equal(answered[names], before)
    for row in answered.itertuples():
        if row.rebase_status == "ok":
            price = ac.quantity(1.0, f"{row.currency.upper()}_{row.price_year}")
            factor = ac.rebase(price, "EUR_2024").magnitude
            assert row.amount_rebased == pytest.approx(row.amount * factor, rel=1e-14)
        else:
            assert np.isnan(row.amount_rebased)


def ac_rebase_frame(*args, **kwargs):
    from armscost.frames import rebase_frame

    return rebase_frame(*args, **kwargs)


def test_nothing_that_computes_rounds():
    # What prints may; whole units are counted with floor and ceil; a parity is one by its digits.
    shows = {"terminal.py", "terminal_evidence.py", "charts", "cli.py"}
    rounding = []
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE)
        if place.parts[0] in shows:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ("round", "around", "round_", "rint", "fix", "trunc"):
                    rounding.append(f"{place}:{node.lineno} {ast.unparse(node)}")
    assert [line for line in rounding if not any(known in line for known in ROUNDED)] == []


# Each of these rounds something that is no answer; why stands beside it.
ROUNDED: tuple[str, ...] = ()


# --------------------------------------------------------------------------------------
# Never pool unlike figures, unless asked; no ratio between unlike groups
# --------------------------------------------------------------------------------------


def test_no_row_holds_unlike_figures(everything):
    costs = ac.load("costs").set_index("cost_id")
    for result in everything.values():
        keys = ["system_id", "cost_basis", "scope", "condition", "per"]
        sizes = result.trace.groupby(keys, dropna=False).ngroups
        assert sizes == len(result.table)
        assert result.pooled == []
        for row in result.trace.itertuples():
            for key in keys[1:4]:
                was = costs.at[row.cost_id, key]
                assert getattr(row, key) == was or (pd.isna(was) and pd.isna(getattr(row, key)))


def test_pooling_is_asked_for_and_lists_what_was_pooled(everything):
    many = [name for name, result in everything.items() if len(result.table) > 1][:8]
    for system in many:
        pooled = ac.compare([system], to="EUR_2024", pool=True)
        assert len(pooled.table) < len(everything[system].table)
        counted = pooled.trace[pooled.trace["counted"]]
        for scope in counted["scope"].unique():
            assert any(scope in line for line in pooled.pooled)
        assert pooled.table["ratio"].isna().all()
        assert set(pooled.pooled) <= set(pooled.assumptions)


def test_unknown_is_like_nothing_and_unlike_groups_have_no_ratio():
    table = ac.compare([name for name in PRICED if name in ac.load("systems")["system_id"].values
                        ][:40], to="EUR_2024").table  # fmt: skip
    first = table["system_id"].iloc[0]
    own = table[table["system_id"] == first]
    alike = set(own[["cost_basis", "scope", "condition", "per"]].itertuples(index=False, name=None))
    for row in table.itertuples():
        key = (row.cost_basis, row.scope, row.condition, row.per)
        if row.scope == "unknown" or pd.isna(row.condition) or key not in alike:
            assert pd.isna(row.ratio), row
            assert row.ratio_note
        else:
            assert row.ratio > 0


def test_planned_and_delivered_output_never_stand_in_one_figure():
    outputs = ac.load("outputs")
    assert outputs["status"].notna().all()
    result = ac.danish_model(
        "bohdan", "1 billion EUR_2025", start="2025-05", months=6, draws=200
    )  # fmt: skip
    used = result.inputs["danish_model"]
    assert {"rate", "capacity"} <= set(used)
    made = set(outputs.query("status in ('delivered', 'produced')")["source_id"])
    assert set(used["rate"].sources) <= made


# --------------------------------------------------------------------------------------
# Never count one fact twice because two papers printed it
# --------------------------------------------------------------------------------------


def test_a_fact_counts_once_in_every_group(everything):
    for result in everything.values():
        counted = result.trace[result.trace["counted"]]
        assert not counted.duplicated([*GROUP, "fact_id"]).any()
        facts = result.trace.groupby(GROUP, dropna=False)["fact_id"].nunique()
        assert result.table["n_facts"].sum() == facts.sum()


def test_a_second_paper_that_prints_every_fact_changes_no_count(everything):
    for result in everything.values():
        paper = result.trace.assign(
            cost_id=result.trace["cost_id"] + "-again",
            source_id="another-paper",
            published=None,
            reliability="F",
        )
        told_twice = count_facts_once(pd.concat([result.trace, paper], ignore_index=True))
        counted = told_twice[told_twice["counted"]]
        assert set(counted["cost_id"]) == set(result.trace.loc[result.trace["counted"], "cost_id"])


# --------------------------------------------------------------------------------------
# Never touch network, logger, working folder or the host's registry
# --------------------------------------------------------------------------------------

# An audit hook hears of every socket and file that Python opens, whoever asks for it.
WATCH = """
import sys
touched = []
FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.bind",
             "socket.sendto", "urllib.Request", "http.client.connect", "ftplib.connect",
             "os.chdir", "webbrowser.open")
def watch(event, args):
    if event in FORBIDDEN:
        touched.append((event, str(args)[:120]))
        raise RuntimeError(f"{event} is not allowed: {args}")
    if event == "open" and watch.on and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        touched.append((event, str(args)[:120]))
watch.on = True
sys.addaudithook(watch)
"""


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-B", "-c", WATCH + code], capture_output=True, text=True, check=False,
        timeout=600, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout.strip()


def test_importing_every_module_touches_nothing():
    code = """
import importlib, logging, os, pkgutil, pint
def state():
    registry = pint.get_application_registry().get()
    return (os.getcwd(), list(logging.root.handlers), logging.root.level, id(registry),
            [str(step) for step in registry.preprocessors], dict(os.environ))
before = state()
import armscost
names = [m.name for m in pkgutil.walk_packages(armscost.__path__, "armscost.")
         if not m.name.endswith("__main__")]
for name in names:
    importlib.import_module(name)
assert state() == before
assert touched == [], touched
print(len(names))
"""
    assert int(run(code)) > 60


def test_the_whole_public_face_runs_without_a_network():
    # Every public name runs the example of its own description, every command its own help's.
    code = """
watch.on = False
import doctest, armscost, importlib
flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
runner, finder = doctest.DocTestRunner(optionflags=flags, verbose=False), doctest.DocTestFinder()
silent = []
for name in armscost.__all__:
    value = getattr(armscost, name)
    module = importlib.import_module(value.__module__)
    found = finder.find(value, name, module=module, globs=dict(vars(module)))
    examples = sum(len(test.examples) for test in found)
    if not examples and not (isinstance(value, type) and value.__module__.endswith("errors")):
        silent.append(name)
    for test in found:
        runner.run(test)
assert runner.failures == 0, runner.failures
import contextlib, io, shlex
from armscost.cli import cli
run = 0
for name, command in cli.commands.items():
    if name in ("data", "rebase"):  # they write, or read what is not there
        continue
    for line in "\\n".join(command.examples).replace("\\\\\\n", " ").splitlines():
        with contextlib.redirect_stdout(io.StringIO()):
            cli.main(shlex.split(line)[1:], standalone_mode=False)
        run += 1
assert run > 20, run
assert touched == [], touched
print("; ".join(silent))
"""
    quiet = {name for name in run(code).split("; ") if name}
    # Results are shown by the example of the function that makes them.
    assert all(name[0].isupper() for name in quiet), quiet


# --------------------------------------------------------------------------------------
# A number in README or docs is printed by a command
# --------------------------------------------------------------------------------------

FENCED = re.compile(r"^```.*?^```$|<code>.*?</code>|`[^`]*`", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
CODES = "|".join([*units.CURRENCIES, "€", r"\$"])
A_FIGURE = re.compile(
    rf"(?:{CODES}) ?\d|\d[\d.,]* ?(?:{CODES}|million|billion|thousand|times\b|per cent)"
)
PROSE = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*/*.md"))]
# Records of what was decided, and what figures look like when they are cited, quote on purpose.
QUOTING = ("decisions", "systems", "reference")


@pytest.mark.parametrize(
    "page",
    [page for page in PROSE if page.parent.name not in QUOTING],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_no_figure_is_typed_into_prose(page):
    text = QUOTED.sub("", FENCED.sub("", page.read_text(encoding="utf-8")))
    text = re.sub(r"\*[^*]*\*", "", text)
    assert A_FIGURE.findall(text) == []


def test_the_default_book_is_the_tables_and_nothing_else():
    assert "data version" in default_book().version
    assert ac.data_version() in default_book().version


def test_every_pair_of_years_of_a_currency_is_its_own_dimension():
    dimensions = {
        str(ac.quantity(1, money).dimensionality) for money in itertools.islice(MONEYS, 60)
    }
    assert len(dimensions) == 60

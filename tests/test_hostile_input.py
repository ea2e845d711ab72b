"""Whatever is typed or read: an answer, or one clear error; nothing in between.

At the API an error is an ``ArmscostError`` or an ``OSError``; in the terminal it is exit status 1
and one line; a file is written whole or not at all; a number is right or is not there.
"""

from __future__ import annotations

import ast
import contextlib
import gzip
import inspect
import math
import re
import resource
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import armscost as ac
from armscost import cli as terminal
from armscost import units
from armscost.charts import save
from armscost.cli.group import cli
from armscost.curation.check import check
from armscost.curation.text import IN_CSV_FILES, read_curated
from armscost.errors import ArmscostError, Problem
from armscost.frames import rebase_file
from armscost.records import columns

SOURCE = Path(ac.__file__).parent
ONE_ERROR = (ArmscostError, OSError)
LONG = 9_000
# hypothesis tries words that stand in the source, too: one that means something is not odd.
MEANT = {
    *ac.tables(), *units.CURRENCIES, "deflate_then_exchange", "exchange_then_deflate", "market",
    "ppp", "ppp_imf", "text", "bibtex",
    *(word for table in ac.tables() for cell in ac.describe(table)["allowed"].dropna()
      for word in cell.split(", ")),
    *(name for table in ("systems", "sources", "claims")
      for name in ac.load(table)[f"{table[:-1]}_id"]),
    *ac.load("claims")["subject_id"], *ac.load("claims")["object_id"],
    *ac.load("price_indices")["index"], *ac.conflicts().table["kind"],
}  # fmt: skip
odd_text = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "", " ", "\x00", "\r\n", "\ufeff", "\u202e", "٣", "²", "NaN", "inf", "-0", "None",
            "../../etc/passwd", "/dev/null", "~", "$(id)", "`id`", "%s%n", "{0}", "'; drop table",
            "=1+1", "@sum", "9" * 400, "a" * LONG, "(" * LONG, "\ud800",
        ]
    ),
).filter(lambda text: text not in MEANT)  # fmt: skip


def answers_or_refuses(ask, *args, **kwargs):
    """The answer, or None where it was refused in our own words, short enough to be read."""
    try:
        return ask(*args, **kwargs)
    except ONE_ERROR as error:
        said = str(error)
    assert 0 < len(said) < 12_000
    return None


# --------------------------------------------------------------------------------------
# Texts of money
# --------------------------------------------------------------------------------------

figure = st.one_of(
    st.integers(0, 10**12).map(str), st.floats(0, 1e15, allow_subnormal=False).map(repr)
)
unit = st.builds(
    "{}{}_{}".format,
    st.sampled_from(["", "k", "M", "G"]),
    st.sampled_from(sorted(units.CURRENCIES)),
    st.integers(1980, 2030),
)
SCALE = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9}


@given(figure, st.sampled_from(["", "thousand", "million", "billion"]), unit)
def test_a_sum_is_read_as_it_is_written(number, word, name):
    price = ac.quantity(f"{number} {word} {name}")
    whole = name[-8:]
    factor = {"": 1.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}[word]
    expected = float(number) * factor * SCALE[name[:-8]]
    assert price.to(whole).magnitude == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "2 300 000 EUR_2025", "2'300'000 EUR_2025", "2.300.000 EUR_2025", "2,300,000 EUR_2025",
        "2\u202f300 EUR_2025", "2\u00a0300 EUR_2025", "5–6 EUR_2025", "5 - 6 EUR_2025",
        "3m EUR_2025", "3M EUR_2025", "3 bn EUR_2025", "2 3 EUR_2025", "(2)(3) EUR_2025",
        "2 EUR_2025 3", "2 EUR_2025; 3", "2 ± 1 EUR_2025", "nan EUR_2025", "inf EUR_2025",
        "1e400 EUR_2025", "9**9**9**9 EUR_2025", "2 million million EUR_2025", "½ EUR_2025",
        "2 EUR_2025 # million", "2\x00 EUR_2025", "EUR_2025**2", "2 EUR_2025 USD_2025",
    ],
)  # fmt: skip
def test_what_could_be_read_in_two_ways_is_refused(text):
    with pytest.raises((ArmscostError, TypeError)) as caught:
        ac.quantity(text)
    assert isinstance(caught.value, ArmscostError)


tokens = st.lists(
    st.sampled_from(
        ["2", ".5", "1e3", "EUR_2024", "MUSD_2020", "EUR", "million", "km", "m", "%", "/", "*",
         "**", "^", "(", ")", "+", "-", "per", "and", "nan", "_", "\x00", "€", "'", '"', "#", ";",
         "\n"]
    ),
    max_size=8,
).map(" ".join)  # fmt: skip


@settings(max_examples=200)
@given(st.one_of(odd_text, tokens))
@example("9**9**9 EUR_2024")
@example("(" * 150 + "EUR_2024" + ")" * 40)
def test_any_text_is_money_or_is_refused(text):
    price = answers_or_refuses(ac.quantity, text)
    if price is not None:
        assert math.isfinite(price.magnitude)
        assert sum(character.isdigit() for character in text) >= 4
    rebased = answers_or_refuses(ac.rebase, ac.quantity("1 EUR_2020"), text)
    if rebased is not None:
        assert math.isfinite(rebased.magnitude)


# --------------------------------------------------------------------------------------
# Arguments
# --------------------------------------------------------------------------------------


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(odd_text, st.sampled_from(["name", "to", "basis", "scope", "order", "index", "rate"]))
def test_compare_answers_or_refuses(text, place):
    if place == "name":
        assert answers_or_refuses(ac.compare, [text], to="EUR_2024") is None
    elif place == "to":
        assert answers_or_refuses(ac.compare, ["zuzana-2"], to=text) is None
    else:
        known = ("consumer",)
        answer = answers_or_refuses(ac.compare, ["zuzana-2"], to="EUR_2024", **{place: text})
        assert answer is None or text in known


@settings(max_examples=60)
@given(st.lists(odd_text, max_size=3), odd_text)
def test_names_are_found_or_refused(names, style):
    for ask in (ac.load, ac.describe, ac.system):
        assert answers_or_refuses(ask, style) is None
    assert answers_or_refuses(ac.cite, names) in (None, "")
    assert answers_or_refuses(ac.cite, ["re-russia-2025-04"], style=style) is None
    assert answers_or_refuses(ac.check_claims, about=[style]) is None
    assert answers_or_refuses(ac.conflicts, kind=style) is None
    assert answers_or_refuses(ac.exchange_rate, style, "EUR", on=2024) is None
    assert answers_or_refuses(ac.exchange_rate, "USD", "EUR", on=style) is None


WORDS = ["start", "spread", "stock_value", "measure", "order", "rate", "budget", "system"]
SUMS = ["0 EUR_2025", "-1 EUR_2025", "1e-300 EUR_2025", "1e300 EUR_2025", "5 EUR_2025/km",
        "1 EUR_1980", "1 EUR_2030"]  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(WORDS), odd_text)
@example("budget", "5 EUR_2025/km")
@example("budget", "km/EUR_2025")
def test_the_danish_model_refuses_words_that_mean_nothing(place, text):
    question = {"system": "bohdan", "budget": "1 billion EUR_2025", "start": "2025-05"}
    question |= {"months": 2, "draws": 16}
    assert answers_or_refuses(ac.danish_model, **(question | {place: text})) is None


a_number = st.one_of(
    st.integers(-3, 400), st.floats(allow_nan=True, allow_infinity=True), st.just(10**30)
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["months", "draws", "seed", "escalation"]), a_number)
@example("escalation", 3)
@example("months", float("nan"))
@example("seed", -1)
def test_the_danish_model_refuses_numbers_that_are_none(place, number):
    if place == "draws" and number > 1_000:
        return
    question = {"months": 2, "draws": 16, "seed": 1, "escalation": None} | {place: number}
    answer = answers_or_refuses(
        ac.danish_model, "bohdan", "1 billion EUR_2025", start="2025-05", **question
    )
    if answer is not None:
        spent = answer.schedule.select_dtypes("number").drop(columns="limit_share")
        assert (spent.to_numpy() >= 0).all()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["price", "rate", "capacity", "lead_time", "slope", "ramp", "other_orders",
                     "local_content", "nonsense", "western_purchase.price", ""]),
    st.one_of(odd_text, a_number, st.sampled_from(["40/month", "15 months", "0/month", "-1 months",
              "2 MEUR_2025", "1e300/month", "40 per fortnight", "nan/month"])),
)  # fmt: skip
def test_overrides_are_read_or_refused(name, value):
    answer = answers_or_refuses(
        ac.danish_model, "bohdan", "1 billion EUR_2025", start="2025-05", months=2, draws=16,
        overrides={name: value},
    )  # fmt: skip
    if answer is not None:
        assert answer.overridden == {name: value}
        assert (answer.schedule["deliveries_p50"] >= 0).all()


# --------------------------------------------------------------------------------------
# Every argument of every public function
# --------------------------------------------------------------------------------------

LOTS = {"first_unit": [1, 11, 31, 71], "last_unit": [10, 30, 70, 150],
        "total_cost": [711.6, 997.5, 1607.6, 2672.2]}  # fmt: skip
ROWS = {"amount": [5.0], "currency": ["USD"], "price_year": [2020]}
CURVE = ac.LearningCurve(first_unit=100.0, slope=0.85, theory="crawford")
INPUTS = {"a": ac.Estimate(1.0, 2.0, 3.0, bounds="min_max"), "b": 2.0}
CHOICES = {"cost": [0, 100, 110], "effect": [0, 1, 3]}


def product(a, b):
    return a * b


# One valid and cheap call of each; every other argument has a default.
VALID = {
    "Estimate": {"low": 1.0, "best": 2.0, "high": 3.0, "bounds": "min_max"},
    "GompertzRamp": {"ceiling": 40.0, "midpoint": 5.0, "growth": 0.3},
    "LearningCurve": {"first_unit": 100.0, "slope": 0.85, "theory": "crawford"},
    "LinearRamp": {"start": 2.0, "ceiling": 40.0, "months": 12.0},
    "LogisticRamp": {"ceiling": 40.0, "midpoint": 5.0, "growth": 0.3},
    "PriceBook": {},
    "SteppedRamp": {"steps": {0: 5.0, 6: 10.0}},
    "aggregate_total": {"curves": [CURVE], "m": 1, "n": 5},
    "ahp_weights": {"pairwise": [[1, 3], [1 / 3, 1]]},
    "backtest": {"system": "bohdan", "until": "2024-06"},
    "backtest_all": {"until": "2024-06"},
    "backtest_lots": {"series": "pac3mse-hw"},
    "breakeven_quantity": {"a": CURVE, "b": CURVE, "nonrecurring_a": 0, "nonrecurring_b": 0},
    "chance_cheaper": {"systems": ["bohdan", "caesar"], "to": "EUR_2024", "draws": 16},
    "chance_on_frontier": {
        "systems": ["bohdan", "caesar"], "measure": "range_max", "to": "EUR_2024", "draws": 16,
    },
    "check_claims": {"about": ["bohdan"]},
    "cite": {"source_ids": ["re-russia-2025-04"]},
    "compare": {"systems": ["zuzana-2"], "to": "EUR_2024"},
    "conflicts": {},
    "constant_prices": {"nominal": [1.0, 2.0], "index": [100.0, 110.0], "base": 100.0},
    "contribution_totals": {"to": "EUR_2024"},
    "cost_exchange": {"attacker": 1.0, "defender": 2.0, "kill_probability": 0.5},
    "cost_per_capability": {
        "systems": ["bohdan", "caesar"], "measure": "range_max", "to": "EUR_2024", "draws": 16,
    },
    "cost_ratio": {"a": "bohdan", "b": "caesar", "to": "EUR_2024", "pool": True},
    "danish_model": {
        "system": "bohdan", "budget": "1 billion EUR_2025", "start": "2025-05", "months": 2,
        "draws": 16,
    },
    "data_version": {},
    "deliveries": {"orders": [5.0, 0.0], "capacity": [2.0, 2.0], "lead_time": 1.0},
    "describe": {"name": "costs"},
    "efficiency": {"inputs": [[1.0], [2.0]], "outputs": [[1.0], [3.0]]},
    "equal_budget": {"systems": ["bohdan", "caesar"], "budget": "1 billion EUR_2024"},
    "equal_effect": {
        "systems": ["bohdan", "caesar"], "effect": 100.0, "measure": "range_max",
        "to": "EUR_2024", "draws": 16,
    },
    "exchange_rate": {"base": "USD", "quote": "EUR", "on": 2024},
    "exponent_of_slope": {"slope": 0.85},
    "fit_learning_curve": {"lots": LOTS, "theory": "crawford"},
    "fit_ramp": {
        "dates": ["2023-01-01", "2023-07-01", "2024-01-01", "2024-07-01", "2025-01-01"],
        "rates": [1.0, 4.0, 9.0, 13.0, 15.0], "shape": "logistic",
    },
    "frontier": {"options": CHOICES},
    "iman_conover": {"X": np.arange(20.0).reshape(10, 2), "target": [[1, 0.5], [0.5, 1]]},
    "industry_gap": {"year": 2025},
    "learning_lost_factor": {"weights": {"tooling": 1.0}, "lost": {"tooling": 0.5}},
    "littles_law": {"in_process": 10.0, "throughput": 5.0},
    "load": {"name": "systems"},
    "measures": {},
    "normalise_quantity": {
        "price_a": 4.0, "price_b": 3.0, "lot_a": (1, 10), "lot_b": (1, 100), "slope": 0.9,
        "theory": "crawford", "draws": 16,
    },
    "nunn_mccurdy": {"estimate": 120.0, "current_baseline": 100.0, "original_baseline": 90.0},
    "order_size_effect": {"category": "self-propelled howitzer"},
    "orders_from_money": {"money": [10.0, 5.0], "unit_cost": 2.0},
    "outlay_weighted_index": {"raw": [1.0, 1.02], "outlays": [0.6, 0.4]},
    "pareto": {"points": [[1.0, 2.0], [2.0, 1.0]], "senses": ["min", "max"]},
    "price_gap": {"to": "EUR_2024", "pool": True, "draws": 16},
    "priced_lots": {"series": "pac3mse-hw", "to": "USD_2024", "index": "defence"},
    "production_break": {"curve": CURVE, "built": 10, "lost": 0.5},
    "quantity": {"amount": 5.0, "unit": "EUR_2024"},
    "rank": {
        "matrix": [[1.0, 2.0], [2.0, 1.0]], "weights": [0.5, 0.5], "senses": ["min", "max"],
        "normalisation": "vector",
    },
    "rate_effect": {"rate": 24.0, "rate_slope": 0.9},
    "rebase": {"quantity": "5 USD_2020", "to": "EUR_2024"},
    "rebase_file": {"source": "rows.csv", "out": "answer.csv", "to": "EUR_2024"},
    "rebase_frame": {"frame": pd.DataFrame(ROWS), "to": "EUR_2024"},
    "simulate": {"model": product, "inputs": INPUTS, "draws": 16},
    "slope_error": {"units": 250, "slope_used": 0.85, "slope_true": 0.87},
    "slope_of_exponent": {"exponent": -0.2},
    "sobol": {"model": product, "inputs": INPUTS, "base_samples": 16},
    "sum_of_estimates": {"estimates": [INPUTS["a"]], "correlation": 0.0},
    "system": {"name": "caesar"},
    "tables": {},
    "theory_difference": {"m": 2, "first_unit": 50.0, "slope": 0.885},
    "tornado": {"model": product, "inputs": INPUTS},
    "unit_cost_measures": {
        "costs": {"procurement": 100.0}, "procured": 10,
    },
    "valid_admiralty": {"code": "B2"},
}  # fmt: skip
CURVED = {"slope": 0.85, "theory": "crawford"}
DRAWN = ac.simulate(product, INPUTS, draws=16)
FITTED = ac.fit_learning_curve(LOTS, theory="crawford")
METHODS = {
    "Estimate.exact": (ac.Estimate.exact, {"value": 2.0}),
    "Estimate.from_mean_cv": (ac.Estimate.from_mean_cv, {"mean": 2.0, "cv": 0.3}),
    "Estimate.from_p10_p90": (ac.Estimate.from_p10_p90, {"p10": 2.0, "p90": 3.0}),
    "Estimate.normal": (ac.Estimate.normal, {"mean": 2.0, "sd": 0.3}),
    "Estimate.quantile": (INPUTS["a"].quantile, {"q": 0.8}),
    "Estimate.sample": (INPUTS["a"].sample, {"n": 5, "rng": 1}),
    "Estimate.uniform": (ac.Estimate.uniform, {"low": 2.0, "high": 3.0}),
    "Estimate.where": (INPUTS["a"].where, {"point": 2.0}),
    "LearningCurve.affordable": (CURVE.affordable, {"budget": 500.0}),
    "LearningCurve.at": (CURVE.at, {"x": 2.5}),
    "LearningCurve.average": (CURVE.average, {"n": 5}),
    "LearningCurve.from_average": (
        ac.LearningCurve.from_average, {"units": 5, "average": 80.0} | CURVED,
    ),
    "LearningCurve.from_total": (
        ac.LearningCurve.from_total,
        {"first_unit": 100.0, "total": 400.0, "units": 5, "theory": "crawford"},
    ),
    "LearningCurve.from_unit": (ac.LearningCurve.from_unit, {"unit": 5, "cost": 80.0} | CURVED),
    "LearningCurve.lot_average": (CURVE.lot_average, {"m": 2, "n": 5}),
    "LearningCurve.midpoint": (CURVE.midpoint, {"m": 2, "n": 5}),
    "LearningCurve.midpoint_approximate": (CURVE.midpoint_approximate, {"m": 2, "n": 5}),
    "LearningCurve.total": (CURVE.total, {"m": 2, "n": 5}),
    "LearningCurve.total_approximate": (CURVE.total_approximate, {"m": 2, "n": 5}),
    "LearningCurve.unit": (CURVE.unit, {"n": 5}),
    "LearningFit.predict": (FITTED.predict, {"first": 151, "last": 200}),
    "PriceBook.exchange_rate": (ac.PriceBook().exchange_rate, VALID["exchange_rate"]),
    "Simulation.quantile": (DRAWN.quantile, {"q": 0.8}),
    "Simulation.s_curve": (DRAWN.s_curve, {}),
    "Simulation.where": (DRAWN.where, {}),
}  # fmt: skip
CALLS = {name: (getattr(ac, name), valid) for name, valid in VALID.items()} | METHODS
# What they return; made by them and not by callers.
RESULTS = {"BreakEven", "Comparison", "CostPerCapability", "DanishModel", "LearningFit"}
# What a caller's own function says of its own arguments is not ours to reword.
RIGHTLY_RAW = {
    "simulate": "inputs={}: TypeError: product() missing",
}
WRONG_VALUES = [None, 5, "text", [], ["caesar"], {}, math.nan, math.inf, -1, object()]


def test_every_public_name_has_a_valid_call():
    errors = {name for name in ac.__all__ if issubclass(type(getattr(ac, name)), type)
              and issubclass(getattr(ac, name), ArmscostError)}  # fmt: skip
    assert set(VALID) == set(ac.__all__) - RESULTS - errors


# They answer from many figures; of these every second wrong value is enough.
SLOW = {"backtest_lots", "check_claims", "chance_on_frontier", "conflicts", "cost_per_capability",
        "equal_effect", "order_size_effect", "price_gap"}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_every_argument_of_every_function_is_answered_or_refused_in_our_words(name, tmp_path):
    ask, valid = CALLS[name]
    wrongs = WRONG_VALUES[:: 2 if name in SLOW else 1]
    places = [p for p in inspect.signature(ask).parameters.values() if p.kind != p.VAR_KEYWORD]
    with contextlib.chdir(tmp_path):
        Path("rows.csv").write_text("amount,currency,price_year\n5,USD,2020\n")
        ask(**valid)
        raw = []
        for place in places:
            # Of a flag anything is true or false, so one is enough.
            for wrong in wrongs[-1:] if isinstance(place.default, bool) else wrongs:
                try:
                    ask(**valid | {place.name: wrong})
                except ArmscostError:
                    pass
                except Exception as error:  # noqa: BLE001 - whatever it is, it is told
                    raw.append(f"{place.name}={wrong!r}: {type(error).__name__}: {error}")
    assert [line for line in raw if not line.startswith(RIGHTLY_RAW.get(name, "="))] == []


# --------------------------------------------------------------------------------------
# The terminal
# --------------------------------------------------------------------------------------


def told(capsys, *arguments: str) -> tuple[int, str, str]:
    """Exit status, output and errors of the command, run as the terminal runs it."""
    before = sys.argv
    sys.argv = ["armscost", *arguments]
    capsys.readouterr()
    try:
        terminal.main()
        status = 0
    except SystemExit as stop:
        status = int(stop.code or 0)
    finally:
        sys.argv = before
    return status, *capsys.readouterr()


def assert_clear(status: int, out: str, err: str) -> None:
    if status == 0:
        assert (bool(out), err) == (True, "")
    else:
        lines = err.splitlines()
        assert (status, len(lines)) == (1, 1), err
        assert lines[0].startswith("armscost: ")


# Commands that write are tested with files of their own.
READING = sorted(set(cli.commands) - {"data", "rebase"})
OPTIONS = sorted(
    {name for command in READING for p in cli.commands[command].params for name in p.opts
     if name.startswith("-") and name not in ("--chart", "--months")}
)  # fmt: skip
arguments = st.lists(
    st.one_of(
        st.sampled_from([*READING, *OPTIONS, "bohdan", "caesar", "EUR_2024", "2025-05", "json",
                         "item_only", "1 billion EUR_2025", "range_max", "price=1", "--", "-"]),
        odd_text,
    ),
    max_size=6,
)  # fmt: skip


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(arguments=arguments)
@example(arguments=[])
@example(arguments=["compare"])
@example(arguments=["cite", "\x00"])
@example(arguments=["backtest", "backtest", "\r"])
@example(arguments=["danish-model", "bohdan", "--budget", "5", "--start", "2025-05"])
def test_any_arguments_are_answered_or_refused_in_one_line(arguments, capsys, tmp_path):
    with contextlib.chdir(tmp_path):
        assert_clear(*told(capsys, *arguments))
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", READING)
def test_every_command_shows_its_help_and_refuses_a_wrong_option(command, capsys):
    assert_clear(*told(capsys, command, "--help"))
    status, _, err = told(capsys, command, "--no-such-option")
    assert status == 1
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("path", "said"), [("nowhere/chart.svg", ""), (".", ""), ("chart.exe", "svg")]
)
def test_a_chart_that_cannot_be_written_is_refused_and_leaves_nothing(capsys, tmp_path, path, said):
    with contextlib.chdir(tmp_path):
        status, out, err = told(capsys, "compare", "zuzana-2", "--to", "EUR_2024", "--chart", path)
    assert status == 1
    assert_clear(status, out, err)
    assert said in err
    assert list(tmp_path.iterdir()) == []


# --------------------------------------------------------------------------------------
# Curated text
# --------------------------------------------------------------------------------------

BOMB = "name: &a [x, x, x, x, x, x, x, x, x]\n" + "\n".join(
    f"k{n}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]" for n in range(9)
)
HOSTILE_YAML = {
    "bytes": b"\xff\xfe\x00\x01",
    "nuls": b"name: a\x00b\n",
    "nothing": b"",
    "a scalar": b"42",
    "a list": b"- 1\n- 2\n",
    "a tag": b"name: !!python/object/apply:os.system ['id']\n",
    "an unknown tag": b"!thing\nname: x\n",
    "anchors": b"name: &a x\nsummary: *a\n",
    "an unknown alias": b"name: *nobody\n",
    "a bomb": BOMB.encode(),
    "a circle": b"costs: &a\n- *a\n",
    "a merge": b"base: &b {name: x}\n<<: *b\n",
    "deep": b"name: " + b"[" * 3_000,
    "deep blocks": b"".join(b" " * n + b"a:\n" for n in range(1_000)),
    "two documents": b"name: a\n---\nname: b\n",
    "a binary": b"name: !!binary aGVsbG8=\n",
    "a complex key": b"? [a, b]\n: 1\n? {c: d}\n: 2\n",
    "tabs": b"name:\tx\n\tcategory: y\n",
    "bom": b"\xef\xbb\xbfname: x\ncategory: tank\n",
    "crlf": b"name: x\r\ncategory: tank\r\ncosts:\r\n- amount: abc\r\n",
    "long": b"name: " + b"x" * 300_000,
    "costs of text": b"name: x\ncosts: many\n",
    "costs of lists": b"name: x\ncosts:\n- [1, 2]\n- 3\n- null\n",
    "keys that are no text": b"1: x\ntrue: y\nnull: z\n~: w\n",
}
HOSTILE_CSV = {
    "bytes": b"\xff\xfe\x00\x01",
    "nuls": b"source_id,title\na\x00b,c\n",
    "nothing": b"",
    "only a head": b"source_id,title\n",
    "huge cell": b"source_id,title\na," + b"x" * 5_000_000 + b"\n",
    "an open quote": b'source_id,title\n"a,b\nc,d\n',
    "ragged": b"source_id,title\na\nb,c,d,e\n",
    "a column twice": b"source_id,source_id\na,b\n",
    "an unknown column": b"source_idd,title\na,b\n",
    "carriage returns": b"source_id,title\ra,b\rc,d\r",
    "crlf": b"source_id,title\r\na,b\r\n",
    "bom": b"\xef\xbb\xbfsource_id,title\na,b\n",
    "form feeds": b"source_id,title\na\x0cb\x1cc,d\n",
    "formulas": b"source_id,title\n=1+1,@sum\n",
}


def curated(folder: Path, *, yaml: bytes | None = None, csv: bytes | None = None) -> Path:
    """A folder of curated text with one hostile file in it."""
    (folder / "datasets" / "curated" / "systems").mkdir(parents=True, exist_ok=True)
    where = folder / "datasets" / "curated"
    if yaml is not None:
        (where / "systems" / "caesar.yaml").write_bytes(yaml)
    (where / "sources.csv").write_bytes(b"source_id,title\n" if csv is None else csv)
    return where


def faults_of(folder: Path) -> list[Problem]:
    """Every fault of form and content, each with a place inside its file."""
    entries, problems = read_curated(folder)
    _, more = check(entries)
    for problem in problems + more:
        assert (folder.parent.parent / problem.file).exists()
        assert problem.reason
        assert "Traceback" not in str(problem)
    return problems + more


@pytest.mark.parametrize("kind", HOSTILE_YAML)
def test_hostile_yaml_is_a_list_of_faults(kind, tmp_path):
    assert faults_of(curated(tmp_path, yaml=HOSTILE_YAML[kind])), kind


@pytest.mark.parametrize("kind", HOSTILE_CSV)
def test_hostile_csv_is_a_list_of_faults_or_has_no_row(kind, tmp_path):
    faults = faults_of(curated(tmp_path, csv=HOSTILE_CSV[kind]))
    assert faults or kind in ("nothing", "only a head")


REAL = (SOURCE.parents[1] / "datasets" / "curated" / "systems" / "dita.yaml").read_bytes()


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    place=st.integers(0, len(REAL)),
    junk=st.one_of(st.binary(max_size=12), st.sampled_from(
        [b"\x00", b"\t", b"- ", b"&a ", b"*a", b"!!set ", b"{", b"]", b"'", b'"', b"|", b"\r"])),
)  # fmt: skip
def test_real_yaml_with_anything_put_in_is_read_or_told(place, junk, tmp_path):
    faults_of(curated(tmp_path, yaml=REAL[:place] + junk + REAL[place:]))


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    junk=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(
        lambda text: text.encode("utf-8", "surrogatepass"))),
    table=st.sampled_from(IN_CSV_FILES),
)  # fmt: skip
def test_any_bytes_in_any_csv_are_read_or_told(junk, table, tmp_path):
    where = curated(tmp_path)
    head = ",".join(columns(table)).encode() + b"\n"
    (where / f"{table}.csv").write_bytes(head + junk)
    faults_of(where)
    (where / f"{table}.csv").unlink()


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path):
    where = curated(tmp_path)
    (where / "systems" / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    (where / "systems" / "folder.yaml").mkdir()
    named = {Path(problem.file).name for problem in read_curated(where)[1]}
    assert {"gone.yaml", "folder.yaml"} <= named


# --------------------------------------------------------------------------------------
# Files for `armscost rebase`
# --------------------------------------------------------------------------------------

GOOD = {"amount": [1.0, 2.0], "currency": ["USD", "EUR"], "price_year": [2020, 2021]}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    pq.write_table(pa.table(GOOD), tmp_path / "in" / "good.parquet")
    return tmp_path


def refused(capsys, folder: Path, source: str | Path, out: str = "out/out.parquet", *more: str):
    """The command fails in one line and leaves nothing behind; its line."""
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    with contextlib.chdir(folder):
        status, output, err = told(
            capsys, "rebase", str(source), "-o", out, "--to", "EUR_2024", *more
        )
    assert status == 1, output
    assert_clear(status, output, err)
    after = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    assert after == before
    return err


def parquet_bytes(folder: Path) -> bytes:
    return (folder / "in" / "good.parquet").read_bytes()


SPOILT = {
    "empty.parquet": lambda whole: b"",
    "truncated.parquet": lambda whole: whole[: len(whole) // 2],
    "headless.parquet": lambda whole: whole[4:],
    "magic.parquet": lambda whole: b"PAR1" + b"\x00" * 100 + b"PAR1",
    "footer.parquet": lambda whole: whole[:-8] + b"\xff\xff\xff\x7f" + b"PAR1",
    "text.parquet": lambda whole: b"amount,currency,price_year\n1,USD,2020\n",
    "empty.csv": lambda whole: b"",
    "binary.csv": lambda whole: bytes(range(256)) * 20,
    "latin.csv": lambda whole: "amount,currency,price_year,buyer\n1,USD,2020,Malmö\n".encode(
        "latin-1"
    ),
    "ragged.csv": lambda whole: b"amount,currency,price_year\n1,USD,2020\n2,USD\n3,USD,2020,x,y\n",
    "quote.csv": lambda whole: b'amount,currency,price_year\n1,"USD,2020\n2,USD,2020\n',
    "plain.csv.gz": lambda whole: b"amount,currency,price_year\n1,USD,2020\n",
    "cut.csv.gz": lambda whole: gzip.compress(b"amount,currency,price_year\n" * 5_000)[:60],
    "plain.csv.zst": lambda whole: b"amount,currency,price_year\n1,USD,2020\n",
}


@pytest.mark.parametrize("name", SPOILT)
@pytest.mark.parametrize("out", ["out/out.parquet", "out/out.csv"])
def test_a_spoilt_file_is_refused_and_nothing_is_written(name, out, folder, capsys):
    (folder / "in" / name).write_bytes(SPOILT[name](parquet_bytes(folder)))
    refused(capsys, folder, f"in/{name}", out)


WRONG = {
    "amounts of text": {"amount": ["ten", "1,5"]},
    "amounts of dates": {"amount": pa.array([1, 2], pa.date32())},
    "amounts of lists": {"amount": [[1.0], [2.0]]},
    "amounts of truths": {"amount": [True, False]},
    "currencies of numbers": {"currency": [1, 2]},
    "currencies of bytes": {"currency": [b"\xff", b"\x00"]},
    "huge currencies": {"currency": ["U" * 2_000_000, "EUR"]},
    "currencies of nothing": {"currency": pa.nulls(2)},
    "years of fractions": {"price_year": [2020.5, 2021.25]},
    "years of text": {"price_year": ["twenty", "2020½"]},
    "years far away": {"price_year": [-1, 10**12]},
    "years that are none": {"price_year": [float("nan"), float("inf")]},
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_types_are_refused_and_nothing_is_written(kind, folder, capsys):
    pq.write_table(pa.table(GOOD | WRONG[kind]), folder / "in" / "wrong.parquet")
    refused(capsys, folder, "in/wrong.parquet")


@pytest.mark.parametrize("kind", WRONG)
def test_kept_rows_of_wrong_types_carry_no_number(kind, folder):
    pq.write_table(pa.table(GOOD | WRONG[kind]), folder / "in" / "wrong.parquet")
    out = folder / "out" / "out.parquet"
    answer = answers_or_refuses(
        rebase_file, folder / "in" / "wrong.parquet", out, "EUR_2024", missing="keep"
    )
    if answer is None:
        assert not out.exists()
        return
    written = pq.read_table(out).to_pylist()
    good = rebase_file(folder / "in" / "good.parquet", out.with_name("good.parquet"), "EUR_2024")
    right = pq.read_table(good.path)["amount_rebased"].to_pylist()
    for row, number in zip(written, right, strict=True):
        assert row["amount_rebased"] is None or row["amount_rebased"] == number
        assert (row["amount_rebased"] is None) == (row["rebase_status"] != "ok")


NAMES = ["../in/good.parquet", "it's.parquet", "a;b.parquet", "ü 測試.parquet", "%s.parquet",
         "--help.parquet", "a\nb.parquet", "*.parquet", "{x}.parquet", "$HOME.parquet"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_a_name_and_nothing_else(name, folder, capsys):
    source = folder / "in" / name
    if not source.exists():
        source.write_bytes(parquet_bytes(folder))
    (folder / "in" / "other.parquet").write_bytes(b"not parquet: a pattern would read it")
    with contextlib.chdir(folder / "in"):
        status, _, err = told(
            capsys, "rebase", "--to", "EUR_2024", "-o", f"../out/{Path(name).name}", "--", name
        )
    assert (status, err) == (0, "")
    assert pq.read_table(folder / "out" / Path(name).name).num_rows == 2
    assert len(list((folder / "out").iterdir())) == 1


@pytest.mark.parametrize(
    "name",
    ["https://example.org/a.parquet", "s3://bucket/a.parquet", "", "/dev/stdin",
     "in", "in/nowhere.parquet", "../../../../etc/passwd", "a" * 5_000 + ".parquet"],
)  # fmt: skip
def test_what_is_no_file_here_is_refused(name, folder, capsys):
    refused(capsys, folder, name)


@pytest.mark.parametrize(
    "out",
    ["nowhere/out.parquet", "out", "out/out.exe", "in/good.parquet", "in/../in/good.parquet",
     "in/same.parquet", "/dev/full", "/proc/out.parquet", "", "a" * 5_000 + ".csv"],
)  # fmt: skip
def test_where_nothing_can_be_written_nothing_is(out, folder, capsys):
    (folder / "in" / "same.parquet").symlink_to(folder / "in" / "good.parquet")
    refused(capsys, folder, "in/good.parquet", out)


def test_a_name_that_no_system_knows_is_refused(folder):
    good = folder / "in" / "good.parquet"
    with pytest.raises(ArmscostError):
        rebase_file("\x00.parquet", good, "EUR_2024")
    with pytest.raises(ArmscostError):
        rebase_file(good, "\x00.parquet", "EUR_2024")
    with pytest.raises(ArmscostError):
        save(ac.compare(["zuzana-2"], to="EUR_2024").chart(), "\x00.svg")


def test_a_link_is_followed_to_read_and_replaced_to_write(folder, capsys):
    (folder / "in" / "link.parquet").symlink_to(folder / "in" / "good.parquet")
    (folder / "in" / "loop.parquet").symlink_to(folder / "in" / "loop.parquet")
    refused(capsys, folder, "in/loop.parquet")
    precious = folder / "precious.txt"
    precious.write_text("keep me")
    (folder / "out" / "out.parquet").symlink_to(precious)
    rebase_file(folder / "in" / "link.parquet", folder / "out" / "out.parquet", "EUR_2024")
    assert precious.read_text() == "keep me"
    assert pq.read_table(folder / "out" / "out.parquet").num_rows == 2


def test_a_failed_run_leaves_the_former_result_alone(folder, capsys):
    former = folder / "out" / "out.parquet"
    former.write_bytes(b"former")
    pq.write_table(pa.table(GOOD | {"currency": ["XXX", "EUR"]}), folder / "in" / "unknown.parquet")
    refused(capsys, folder, "in/unknown.parquet")
    assert former.read_bytes() == b"former"


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_file_that_cannot_be_read_is_refused(ending, folder, capsys):
    # The own memory's first page: nobody can read it, not even root.
    (folder / "in" / f"memory.{ending}").symlink_to("/proc/self/mem")
    refused(capsys, folder, f"in/memory.{ending}")


@pytest.mark.parametrize("out", ["out/out.parquet", "out/out.csv", "out/out.csv.gz"])
def test_a_full_disk_is_one_line_and_no_half_file(out, folder):
    source = folder / "in" / "long.parquet"
    duckdb.sql(
        "COPY (SELECT random() AS amount, 'USD' AS currency, 2020 AS price_year "
        f"FROM range(300000)) TO '{source}' (FORMAT parquet)"
    )

    def small_files() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = subprocess.run(
        [sys.executable, "-m", "armscost.cli", "rebase", str(source), "-o", str(folder / out),
         "--to", "EUR_2024"],
        capture_output=True, text=True, timeout=120, preexec_fn=small_files,
    )  # fmt: skip
    assert_clear(done.returncode, done.stdout, done.stderr)
    assert done.returncode == 1
    assert list((folder / "out").iterdir()) == []


def test_formulas_and_huge_cells_go_through_untouched(folder):
    cells = ["=1+1", "@sum(A1)", "+cmd|' /C calc'!A0", "x" * 1_000_000, 'a "quoted", cell\r\n', ""]
    rows = pd.DataFrame({"amount": 1.0, "currency": "USD", "price_year": 2020, "note": cells})
    rows.to_csv(folder / "in" / "cells.csv", index=False)
    for name in ("out.csv", "out.parquet"):
        rebase_file(folder / "in" / "cells.csv", folder / "out" / name, "EUR_2024")
    found = pq.read_table(folder / "out" / "out.parquet")["note"].to_pylist()
    text = pd.read_csv(folder / "out" / "out.csv", keep_default_na=False)["note"].tolist()
    assert [cell or "" for cell in found] == cells == text


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_windows_text_is_read_as_what_it_is(mark, end, folder):
    lines = [b"amount,currency,price_year", b"10.5,USD,2020", b"3,EUR,2024", b""]
    (folder / "in" / "a.csv").write_bytes(mark + end.join(lines))
    summary = rebase_file(folder / "in" / "a.csv", folder / "out" / "a.csv", "EUR_2024")
    assert (summary.rows, summary.converted) == (2, 2)
    written = pd.read_csv(folder / "out" / "a.csv")
    assert list(written.columns[:3]) == ["amount", "currency", "price_year"]
    assert written["amount_rebased"][1] == 3.0


# --------------------------------------------------------------------------------------
# The code itself
# --------------------------------------------------------------------------------------

DANGEROUS = re.compile(
    r"^(eval|exec|compile|__import__|breakpoint)$|^os\.(system|popen|exec\w*|spawn\w*)$"
    r"|\.(eval|read_pickle|to_pickle)$"
)
DANGEROUS_MODULES = {
    "pickle", "cPickle", "dill", "marshal", "shelve", "subprocess", "socket", "urllib", "http",
    "requests", "ftplib", "telnetlib", "smtplib", "ctypes", "code",
}  # fmt: skip


@pytest.mark.parametrize(
    "path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE))
)
def test_no_module_evaluates_text_unpickles_or_knows_the_network(path):
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and DANGEROUS.search(ast.unparse(node.func)):
            found.append(ast.unparse(node)[:60])
        elif isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.split(".")[0] in DANGEROUS_MODULES]
        elif (
            isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in DANGEROUS_MODULES
        ):
            found.append(node.module)
    assert found == []

"""What a reader is told where an answer is refused: each call with its words, in one golden file.

The calls are in ``tests/refused_calls``, one a line. Read the golden file aloud
(``tests/__snapshots__/test_refusals.ambr``): every line says what was given, what is allowed and
what to do. ``pytest tests/test_refusals.py --snapshot-update`` keeps a meant change.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import armscost as ac
from armscost import estimates, learning, prices, units
from armscost.curation import build, publication, rates
from armscost.danish_model import outlook
from armscost.danish_model.backtest import Beliefs
from armscost.errors import MissingExtraError
from armscost.production import ProductionRates

CALLS = {
    path.stem.replace("_", " "): path.read_text(encoding="utf-8").splitlines()
    for path in sorted(Path(__file__).with_name("refused_calls").glob("*.txt"))
}


def lots(*rows: tuple[int, int, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["first_unit", "last_unit", "total_cost"])


LOTS = lots((1, 10, 1000.0), (11, 30, 1620.0), (31, 60, 2150.0), (61, 100, 2580.0))
NAMES = {
    "Curve": ac.LearningCurve,
    "Estimate": ac.Estimate,
    "ProductionRates": ProductionRates,
    "LOTS": LOTS,
    "estimates": estimates,
    "learning": learning,
    "outlook": outlook,
    "units": units,
    "prices": prices,
    "Beliefs": Beliefs,
    "lots": lots,
    "ac": ac,
    "duckdb": duckdb,
    "np": np,
    "pa": pa,
    "pd": pd,
    "pl": pl,
    "many": pd.DataFrame(
        {
            "amount": [1.0, 2.0, None, 4.0, 5.0, 6.0, 7.0],
            "currency": ["EUR", "QQQ", "EUR", "USD", "XYZ", "ABC", "UAH"],
            "price_year": [2015, 2015, 2015, 1990, 2015, 2015, 1999],
        }
    ),
    "curve": ac.LearningCurve(first_unit=100.0, slope=0.85, theory="crawford"),
    "fit": ac.fit_learning_curve(LOTS, theory="crawford"),
    "rate_fit": ac.fit_learning_curve(
        LOTS.assign(annual_quantity=[10, 20, 15, 40]), theory="crawford", rate=True
    ),
    "ramp": ac.fit_ramp(
        ["2024-01", "2024-03", "2024-05", "2024-07", "2024-09"],
        [1.0, 2.0, 4.0, 5.0, 5.2],
        shape="logistic",
    ),
    "price": ac.Estimate(2.0, 2.3, 3.8, bounds="p10_p90", shape="lognormal"),
    "eur": lambda amount: ac.quantity(amount, "EUR_2024"),
    "usd": lambda amount: ac.quantity(amount, "USD_2024"),
    "matrix": pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 1.0]}, index=["x", "y"]),
    "frame": pd.DataFrame(
        {"amount": [1.0, 2.0], "currency": ["EUR", "QQQ"], "price_year": [2015, 2015]}
    ),
}


@pytest.mark.parametrize("part", CALLS)
def test_a_refusal_says_what_was_given_what_is_allowed_and_what_to_do(part, snapshot):
    told = [f">>> {call}\n{refusal(call)}" for call in CALLS[part]]
    assert "\n".join(told) == snapshot


def refusal(call: str) -> str:
    try:
        answer = eval(call, dict(NAMES))
    except ac.ArmscostError as error:
        return f"{type(error).__name__}: {error}"
    except TypeError as error:  # a keyword not given is Python's to refuse, money added pint's
        return f"TypeError: {str(error).partition('() ')[2] or error}"
    raise AssertionError(f"{call} was not refused: {answer!r}")


@pytest.mark.parametrize(
    ("module", "ask"),
    [
        ("SALib.analyze", lambda: ac.sobol(lambda a: a, {"a": NAMES["price"]})),
        ("openpyxl", lambda: publication.write_workbook({}, Path("x.xlsx"), "0")),
        ("ruamel.yaml", build.build),
        ("currency_converter", rates.ecb_exchange_rates),
        ("altair", lambda: ac.compare(["caesar"], "EUR_2024").chart()),
    ],
)
def test_a_part_that_is_not_installed_is_named_with_the_command(module, ask, snapshot, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError) as caught:
        ask()
    assert str(caught.value) == snapshot


def test_a_process_that_never_registered_is_told_what_to_call(snapshot, monkeypatch):
    packed = pickle.dumps(ac.quantity("5 EUR_2024"))
    monkeypatch.setattr(units, "_is_registered", lambda registry: False)
    with pytest.raises(ac.ArmscostError) as caught:
        pickle.loads(packed)
    assert str(caught.value) == snapshot


def test_a_data_folder_without_its_files_is_told(tmp_path, snapshot):
    with pytest.raises(ac.ArmscostError) as no_folder:
        build.build(tmp_path)
    (tmp_path / "data" / "curated" / "systems").mkdir(parents=True)
    with pytest.raises(ac.CurationError) as no_sources:
        build.build(tmp_path / "data")
    said = str(no_folder.value).replace(str(tmp_path), "…")
    assert [said, str(no_sources.value)] == snapshot

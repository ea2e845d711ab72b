"""Many at once give what one gives; answers cross process borders, or say what is missing."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import pickle
import random
import subprocess
import sys
import threading

import pandas as pd
import pytest

import armscost as ac
from armscost.units import register

THREADS = 8
BUDGET = "1 billion EUR_2025"


def rebased(currency: str, year: int, to: str) -> tuple[float, str]:
    price = ac.rebase(ac.quantity(1_000_000.0, f"{currency}_{year}"), to)
    return float(price.magnitude), str(price.units)


def refused(currency: str) -> str:
    try:
        ac.rebase(ac.quantity("1 USD_2024") + ac.quantity(1, f"{currency}_2024"), "EUR_2024")
    except TypeError as error:
        return type(error).__name__
    return "mixed"


def compared(system: str, to: str) -> str:
    result = ac.compare([system], to=to)
    return result.table.to_json() + result.trace.to_json() + "".join(result.assumptions)


def modelled(seed: int) -> str:
    answer = ac.danish_model(
        "bohdan", BUDGET, start="2025-05", months=6, draws=300, seed=seed,
        alternatives={"western_purchase": "caesar"},
    )  # fmt: skip
    return answer.summary.to_json() + answer.schedule.to_json() + str(answer.switch_budget)


JOBS = [
    *[
        (rebased, (currency, year, to))
        for currency in ("USD", "GBP", "PLN", "SEK", "CZK", "DKK", "NOK", "CAD")
        for year in range(2012, 2025)
        for to in ("EUR_2024", "USD_2020", "GBP_2018")
    ],
    *[(refused, (currency,)) for currency in ("EUR", "GBP", "PLN", "JPY", "CHF")],
    *[
        (compared, (system, to))
        for system in ("bohdan", "caesar", "zuzana-2", "pzh-2000")
        for to in ("EUR_2024", "USD_2024")
    ],
    *[(modelled, (seed,)) for seed in (1, 2, 3)],
]


def run_all(seed: int) -> dict[int, object]:
    """Every job in an order of its own, by its place in JOBS."""
    order = list(range(len(JOBS)))
    random.Random(seed).shuffle(order)
    return {place: JOBS[place][0](*JOBS[place][1]) for place in order}


PROGRAM = """
import concurrent.futures, sys, threading
sys.path.insert(0, sys.argv[1])
import test_threads_and_processes as jobs
start = threading.Barrier(jobs.THREADS)
def work(seed):
    start.wait()
    return jobs.run_all(seed)
with concurrent.futures.ThreadPoolExecutor(jobs.THREADS) as pool:
    many = list(pool.map(work, range(jobs.THREADS)))
one = jobs.run_all(99)
assert all(found == one for found in many), "threads disagree"
print(sum(len(found) for found in many))
"""


def test_eight_threads_agree_with_one_from_the_first_call_on():
    # In a process of its own, so that nothing is loaded or remembered when the threads start.
    here = __file__.rsplit("/", 1)[0]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, here], capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) == THREADS * len(JOBS)


def test_threads_that_load_the_tables_at_once_get_frames_of_their_own():
    start = threading.Barrier(THREADS)

    def spoil(_: int) -> pd.DataFrame:
        start.wait()
        frame = ac.load("costs")
        frame["amount"] = -1.0
        frame.attrs["armscost"] = "spoilt"
        return frame

    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(spoil, range(THREADS)))
    fresh = ac.load("costs")
    assert (fresh["amount"].dropna() > 0).all()
    assert fresh.attrs["armscost"] != "spoilt"


# --------------------------------------------------------------------------------------
# Processes
# --------------------------------------------------------------------------------------


def halved(result: ac.Comparison) -> tuple[str, ac.Comparison]:
    return result.title, result


def told(answer: ac.DanishModel) -> tuple[str, ac.DanishModel]:
    return str(answer.switch_budget), answer


@pytest.fixture(scope="module")
def workers():
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, spawn, initializer=register) as pool:
        yield pool


@pytest.mark.parametrize(
    "money",
    [
        ac.quantity("2 MEUR_2024"),
        ac.quantity([1.0, 2.5], "kUSD_2019/km"),
        ac.Estimate(
            low=ac.quantity("2 MEUR_2025"),
            best=ac.quantity("2.3 MEUR_2025"),
            high=ac.quantity("3.8 MEUR_2025"),
            bounds="p10_p90",
            shape="lognormal",
        ).quantile(0.8),
    ],
    ids=["a price", "an array", "a quantile"],
)
def test_money_comes_back_as_it_went(workers, money):
    back = workers.submit(pickle.loads, pickle.dumps(money)).result()
    assert back.units == money.units
    assert back.magnitude == pytest.approx(money.magnitude, rel=0)


def test_a_comparison_comes_back_whole(workers):
    result = ac.compare(["bohdan", "caesar"], to="EUR_2024")
    title, back = workers.submit(halved, result).result()
    assert title == result.title
    pd.testing.assert_frame_equal(back.table, result.table)
    assert str(back.explain("caesar")) == str(result.explain("caesar"))
    assert back.left_out.equals(result.left_out)


def test_a_danish_model_comes_back_whole(workers):
    answer = ac.danish_model("bohdan", BUDGET, start="2025-05", months=6, draws=300)
    switch, back = workers.submit(told, answer).result()
    assert switch == str(answer.switch_budget) == str(back.switch_budget)
    pd.testing.assert_frame_equal(back.schedule, answer.schedule)
    assert back.to_markdown() == answer.to_markdown()


def test_every_error_crosses_the_border_with_its_words(workers):
    for ask, error in [
        (lambda: ac.system("ceasar"), ac.UnknownNameError),
        (lambda: ac.quantity("5 EUR"), ac.UnknownNameError),
        (lambda: ac.rebase("1 EUR_2029", "EUR_2024"), ac.NoRateError),
        (lambda: ac.danish_model("bohdan", "0 EUR_2025", start="2025-05"), ac.OutsideEvidenceError),
    ]:
        with pytest.raises(error) as caught:
            ask()
        assert str(workers.submit(pickle.loads, pickle.dumps(caught.value)).result()) == str(
            caught.value
        )


def test_a_worker_that_did_not_register_is_told_what_to_call():
    answer = ac.danish_model("bohdan", BUDGET, start="2025-05", months=6, draws=300)
    pickled = pickle.dumps(answer)
    program = "import pickle, sys; pickle.loads(sys.stdin.buffer.read())"
    done = subprocess.run(
        [sys.executable, "-c", program], input=pickled, capture_output=True, timeout=120
    )
    assert done.returncode == 1
    assert b"call armscost.units.register() there first" in done.stderr

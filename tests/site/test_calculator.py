"""The calculator: it agrees with the library's central case, and does what its controls say."""

import itertools
import json
import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import armscost as ac
from armscost.danish_model import flows
from armscost.danish_model.answer import _median_line

pytestmark = pytest.mark.site

LIMITS = flows.LIMITS


@pytest.fixture
def calculator(served: str, new_tab: Any) -> Any:
    """The calculator, open."""
    page = new_tab().open(f"{served}/calculator.html")
    page.wait_for_function("document.querySelector('#c-said').textContent.length > 0")
    return page


def _data(site: Path) -> Any:
    text = (site / "assets/calculator/data.js").read_text(encoding="ascii")
    return json.loads(text.partition(" = ")[2].rstrip(";\n"))


def _questions(data: Any) -> list[dict[str, Any]]:
    """A sample of a grid of inputs, the same in every run, with each value of each input in it."""
    grid = list(itertools.product(
        data["systems"], (2, 150, 1000, 25_000), ("EUR_2025", "USD_2022", "UAH_2024", "GBP_2018"),
        ("2024-06", "2025-05", "2026-08"), (6, 24, 47), (None, 10, 100),
    ))  # fmt: skip
    names = ("system", "budget", "money", "start", "months", "free")
    return [dict(zip(names, one, strict=True)) for one in random.Random(8).sample(grid, 60)]


def _central(question: dict[str, Any], channels: dict[str, str]) -> dict[str, Any]:
    """The library's central case: every input at its median."""
    first = channels.pop("danish_model")
    answer = ac.danish_model(
        first,
        f"{question['budget']} million {question['money']}",
        start=question["start"],
        months=question["months"],
        alternatives=channels,
        overrides={} if question["free"] is None else {"other_orders": 1 - question["free"] / 100},
        draws=2,
    )
    months = question["months"]
    money = np.full(months, question["budget"] * 1e6 / months)
    found = {}
    for row in answer.summary.to_dict("records"):
        line = _median_line(answer.inputs[row["channel"]], months)
        found[row["channel"]] = (flows.run(money, line), row["switch_budget"])
    return found


def test_it_agrees_with_the_library_on_a_grid(calculator: Any, site: Path) -> None:
    data = _data(site)
    compared = 0
    for question in _questions(data):
        currency, year = question["money"].split("_")
        asked = {**question, "currency": currency, "year": year}
        del asked["money"]
        got = calculator.evaluate("question => armscostCalculator.ask(question)", asked)
        channels = {
            one["channel"]: one["system"] for one in data["systems"][question["system"]]["channels"]
        }
        if any("why" in one for one in got):
            with pytest.raises(ac.ArmscostError):
                _central(question, channels)
            continue
        expected = _central(question, channels)
        for one in got:
            _same(one, *expected[one["channel"]], question)
            compared += 1
    assert compared > 60


def _same(one: dict[str, Any], run: Any, switch: float, question: dict[str, Any]) -> None:
    where = f"{one['channel']} {question}"
    arrived = np.cumsum(run.delivered[0])
    assert np.max(np.abs(np.array(one["arrived"]) - arrived)) <= 1, where
    assert abs(one["units"] - arrived[-1]) <= 1, where
    assert abs(one["ordered"] - run.ordered.sum()) <= 1, where
    assert math.isclose(one["spent"], run.spent.sum(), rel_tol=0.01, abs_tol=1.0), where
    assert one["limit"] == run.limit[0].tolist(), where
    if math.isinf(switch):
        assert one["switch_budget"] is None, where
    else:
        assert math.isclose(one["switch_budget"], switch, rel_tol=0.01), where


def test_sliders_and_fields_move_together(calculator: Any) -> None:
    slider = calculator.get_by_label("Budget, slider")
    field = calculator.get_by_label("Budget, in millions")
    before = float(field.input_value())
    slider.focus()
    for _ in range(10):
        calculator.keyboard.press("ArrowLeft")
    assert float(field.input_value()) < before
    field.fill("250")
    assert math.isclose(float(slider.input_value()), math.log10(250), abs_tol=0.01)
    calculator.wait_for_function(
        "/^EUR 250 million/.test(document.querySelector('#c-said').textContent)"
    )
    calculator.get_by_label("First month, slider").focus()
    calculator.keyboard.press("ArrowRight")
    assert calculator.get_by_label("First month", exact=True).input_value() == "2025-06"
    calculator.get_by_role("button", name="Start again").click()
    assert float(field.input_value()) == before


def test_more_of_the_line_never_brings_less(calculator: Any) -> None:
    units = [
        calculator.evaluate("free => armscostCalculator.ask({free})[0].units", free)
        for free in range(0, 101, 10)
    ]
    assert units == sorted(units)
    assert units[0] == 0
    assert units[-1] > units[1]


def test_capacity_binds_above_the_switch_and_money_below(calculator: Any) -> None:
    switch = calculator.evaluate("armscostCalculator.ask({})[0].switch_budget")
    for factor, at_least in ((1.05, True), (0.95, False)):
        limits = calculator.evaluate(
            "budget => armscostCalculator.ask({budget})[0].limit", switch * factor / 1e6
        )
        assert (limits.count(LIMITS.index("capacity")) / len(limits) >= 0.5) is at_least


def test_the_pictures_say_what_they_show(calculator: Any) -> None:
    units = calculator.evaluate("armscostCalculator.ask({})[0].units")
    picture = calculator.locator("#c-over-time svg")
    assert f"Danish model {units:,}" in picture.get_attribute("aria-label")
    assert calculator.locator("#c-by-budget .switch").count() == 1
    assert calculator.locator("#c-limits .limit-bar").count() == 4
    assert f"{units:,}" in calculator.locator("#c-table").inner_text()


def test_a_value_out_of_range_is_refused_and_changes_nothing(calculator: Any) -> None:
    said = calculator.locator("#c-said").inner_text()
    field = calculator.get_by_label("Share of the line free for these orders, %")
    field.fill("140")
    assert field.get_attribute("aria-invalid") == "true"
    calculator.wait_for_timeout(300)
    assert calculator.locator("#c-said").inner_text() == said


def test_another_system_starts_where_its_figures_do(calculator: Any, site: Path) -> None:
    for name in _data(site)["systems"]:
        calculator.get_by_label("System that the Danish model buys").select_option(name)
        assert calculator.locator("#c-over-time svg").count() == 1, name


def test_the_code_for_the_full_answer_runs(calculator: Any) -> None:
    calculator.get_by_label("Budget, in millions").fill("300")
    calculator.get_by_label("Share of the line free for these orders, %").fill("40")
    code = calculator.locator("#c-code").inner_text()
    names: dict[str, Any] = {}
    exec(code, names)
    row = names["answer"].summary.set_index("channel").loc["danish_model"]
    page = calculator.evaluate("armscostCalculator.ask({})[0].units")
    assert row["units_p10"] <= page <= row["units_p90"]

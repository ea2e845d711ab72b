"""What a user types: mypy and pyright check it against the installed wheel, and it runs."""

from typing import Any, assert_type

import armscost as ac

result = ac.compare(["bohdan", "caesar"], to="EUR_2024", scope=["programme", "item_only"])
assert_type(result, ac.Comparison)
assert_type(result.assumptions, list[str])
assert_type(result.to_markdown(), str)
assert_type(result.explain("bohdan").text, str)

answer = ac.danish_model(
    "bohdan", "100 million EUR_2025", start="2025-05", months=3, draws=100,
    alternatives={"western_purchase": "caesar"},
)  # fmt: skip
assert_type(answer, ac.DanishModel)
assert_type(answer.sources, list[str])

assert_type(ac.exchange_rate("GBP", "EUR", on="2025-04-11").value, float)
assert_type(ac.cite(["re-russia-2025-04"], style="bibtex"), str)
assert_type(ac.data_version(), str)
assert_type(ac.tables(), list[str])

curve = ac.LearningCurve(first_unit=100.0, slope=0.85, theory="crawford")
assert_type(curve, ac.LearningCurve)
own: dict[str, list[Any]] = {"amount": [1.0], "currency": ["EUR"], "price_year": [2020]}

try:
    ac.system("ceasar")
except ac.UnknownNameError as error:
    assert_type(error.nearest, list[str])
    print("typed program:", error)

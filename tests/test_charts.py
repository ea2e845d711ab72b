"""The charts promise: every figure drawn, unchanged, with units and words; the same each time."""

from __future__ import annotations

import contextlib
import inspect
import json
import math
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from armscost import charts
from armscost.charts.prices import SCOPES
from armscost.charts.rows import short, unit_words
from armscost.charts.style import SHAPES
from armscost.errors import (
    ArmscostError,
    MissingExtraError,
    OutsideEvidenceError,
    UnknownNameError,
)

PRICES = pd.DataFrame(
    [
        ("bohdan", None, 2.3e6, None, "unknown", True, "re-russia-2025-04", "C3"),
        ("bohdan", 2.2e6, 2.45e6, 2.8e6, "item_only", True, "ministry-2025", "B2"),
        ("caesar", 3e6, 3.5e6, 4e6, "unknown", True, "agency-2024-01", "C3"),
        ("caesar", None, 5.5e6, None, "item_only", False, "tasr-2018-05", "B2"),
        ("zuzana-2", 5.2e6, None, 6.6e6, "package", True, "tasr-2018-05", "B2"),
    ],
    columns=["system", "low", "value", "high", "scope", "counted", "source", "grade"],
)
OPTIONS = pd.DataFrame(
    [
        ("bohdan", 2.0e6, 2.3e6, 2.8e6, 42.0, "efficient"),
        ("caesar", 3.0e6, 4.3e6, 5.5e6, 42.0, "dominated"),
        ("archer", 4.2e6, 4.6e6, 5.8e6, 50.0, "efficient"),
    ],
    columns=["name", "cost_low", "cost", "cost_high", "effect", "status"],
)
STEPS = pd.DataFrame(
    {
        "step": ["Caesar", "wages", "unexplained", "Bohdan"],
        "amount": [4.3e6, -0.9e6, -1.1e6, 2.3e6],
        "low": [None, -1.3e6, None, None],
        "high": [None, -0.6e6, None, None],
        "kind": ["total", "part", "unexplained", "total"],
    }
)
SWINGS = pd.DataFrame(
    {
        "input": ["lead time", "share free", "price"],
        "output_low": [510.0, 300.0, 560.0],
        "output_high": [440.0, 600.0, 400.0],
        "input_low": [2, 0.3, 2.0e6],
        "input_high": [7, 0.9, 2.9e6],
        "input_unit": ["months", "", "EUR_2025"],
    }
)
SCHEDULE = pd.DataFrame(
    [
        (channel, month, 8.0 * i * k, 10.0 * i * k, 11.0 * i * k)
        for k, channel in enumerate(["danish_model", "co_production"], start=1)
        for i, month in enumerate(["2025-05", "2025-06", "2025-07"])
    ],
    columns=["channel", "month", "p10", "p50", "p90"],
)
OUTPUT = pd.DataFrame(
    [
        ("2023-06", None, 6.0, None, "produced", "minister"),
        ("2024-10", 10.0, None, 15.0, "produced", "maker"),
        ("2025-10", None, 40.0, None, "capacity", "president"),
    ],
    columns=["date", "low", "value", "high", "status", "said_by"],
)
CAPACITY = pd.DataFrame(
    {
        "year": [2024, 2025],
        "capacity": [20e9, None],
        "capacity_low": [18e9, 30e9],
        "capacity_high": [25e9, 38e9],
        "funded": [9e9, 13e9],
        "idle_low": [0.39, 0.43],
        "idle_high": [0.72, 0.68],
        "idle": [0.55, None],
    }
)
MORE = pd.DataFrame(
    {
        "channel": ["danish_model", "donation_from_stock"],
        "p10": [30, 0],
        "p50": [38, 0],
        "p90": [44, 0],
        "limit": ["money", "stock"],
    }
)
DRAWS = np.random.default_rng(1).lognormal(14.7, 0.25, 2_000)

MAKE = {
    "price_ladder": (lambda t: charts.price_ladder(t, "EUR_2024"), PRICES),
    "cost_against_capability": (
        lambda t: charts.cost_against_capability(t, cost_unit="EUR_2024", effect="Range, km"),
        OPTIONS,
    ),
    "gap": (lambda t: charts.gap(t, "EUR_2024", title="From a Caesar to a Bohdan"), STEPS),
    "s_curve": (
        lambda t: charts.s_curve(t, "EUR_2024", point=2.3e6),
        pd.DataFrame({"probability": [0.05, 0.5, 0.95], "value": [1.5e6, 2.4e6, 4.0e6]}),
    ),
    "tornado": (lambda t: charts.tornado(t, "howitzers", base=480), SWINGS),
    "deliveries": (
        lambda t: charts.deliveries(t, "Howitzers delivered, in all", title="What 1bn buys"),
        SCHEDULE,
    ),
    "ramp": (lambda t: charts.ramp(t, "Howitzers a month", title="Output of Bohdan"), OUTPUT),
    "idle_capacity": (lambda t: charts.idle_capacity(t, "USD_2025"), CAPACITY),
    "marginal": (lambda t: charts.marginal(t, "More howitzers by April 2027"), MORE),
}
every_chart = pytest.mark.parametrize("name", MAKE)


def make(name, table=None):
    function, sample = MAKE[name]
    return function(sample if table is None else table)


def parts(spec, key):
    """Every value that stands under a key, anywhere in a specification."""
    if isinstance(spec, dict):
        found = [spec[key]] if key in spec else []
        return found + [v for value in spec.values() for v in parts(value, key)]
    return [v for value in spec for v in parts(value, key)] if isinstance(spec, list) else []


def drawn(chart):
    """All rows inside a specification."""
    return [row for rows in chart.to_dict(validate=False)["datasets"].values() for row in rows]


# --- every chart --------------------------------------------------------------------------------


@every_chart
def test_title_and_alternative_text_say_what_it_shows(name):
    spec = make(name).to_dict()
    assert spec["title"]["text"][0]
    assert all(len(line) <= 90 for key in spec["title"] for line in spec["title"][key])
    assert " ".join(spec["title"]["text"]) in spec["description"]
    assert re.search(r"\d", spec["description"])


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("price_ladder", "EUR at 2024 prices"),
        ("cost_against_capability", "EUR at 2024 prices"),
        ("cost_against_capability", "Range, km"),
        ("gap", "EUR at 2024 prices"),
        ("s_curve", "EUR at 2024 prices"),
        ("s_curve", "Probability"),
        ("tornado", "howitzers"),
        ("deliveries", "Howitzers delivered, in all"),
        ("ramp", "Howitzers a month"),
        ("idle_capacity", "USD at 2025 prices"),
        ("marginal", "More howitzers by April 2027"),
    ],
)
def test_axes_carry_the_unit(name, unit):
    titles = [text for text in parts(make(name).to_dict(), "title") if isinstance(text, str)]
    assert any(unit in text for text in titles)


@every_chart
def test_the_same_table_gives_the_same_specification(name):
    assert json.dumps(make(name).to_dict()) == json.dumps(make(name).to_dict())


def test_another_process_gives_the_same_specification():
    code = (
        "import json, pandas as pd\n"
        "from armscost import charts\n"
        "t = pd.DataFrame({'channel': ['a', 'b'], 'p50': [1, 2], 'limit': ['money', None]})\n"
        "print(json.dumps(charts.marginal(t, 'More').to_dict()))"
    )
    run = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert run[0].stdout == run[1].stdout
    assert json.loads(run[0].stdout)["title"]["text"] == ["What one more EUR 100m buys"]


@every_chart
def test_colours_come_from_the_theme_alone(name):
    spec = make(name).to_dict()
    config = spec.pop("config")
    assert not re.search(r"#[0-9a-fA-F]{3,6}\b", json.dumps(spec))
    assert config == charts.theme("light")


@every_chart
def test_dark_differs_in_its_configuration_only_and_leaves_the_light_one_alone(name):
    light = make(name)
    before = light.to_dict()
    dark = charts.themed(light, "dark").to_dict()
    assert light.to_dict() == before
    assert dark.pop("config") == charts.theme("dark") != before.pop("config")
    assert dark == before


@every_chart
def test_nothing_is_fetched(name):
    spec = make(name).to_dict()
    assert not parts(spec, "url")
    assert set(re.findall(r"https?://[^\"]+", json.dumps(spec))) == {spec["$schema"]}


@every_chart
def test_the_callers_table_is_left_as_it_was(name):
    table = MAKE[name][1]
    before = table.copy(deep=True)
    make(name)
    pd.testing.assert_frame_equal(table, before)


@every_chart
def test_an_empty_table_says_that_there_is_nothing_to_draw(name):
    with pytest.raises(OutsideEvidenceError, match=f"{name} was given an empty table"):
        make(name, MAKE[name][1].iloc[:0])


@every_chart
def test_a_missing_column_is_named_with_what_the_table_has(name):
    table = MAKE[name][1]
    needed = {"price_ladder": "scope", "s_curve": "value", "tornado": "output_low"}
    column = needed.get(name, table.columns[0])
    with pytest.raises(UnknownNameError, match=f"no column for {name} '{column}'.*help") as caught:
        make(name, table.rename(columns={column: f"{column}x"}))
    assert f"{column}x" in caught.value.nearest


@pytest.mark.parametrize("name", ["gap", "tornado", "deliveries", "idle_capacity", "marginal"])
def test_two_rows_for_one_place_are_refused(name):
    table = MAKE[name][1]
    with pytest.raises(OutsideEvidenceError, match="is there twice"):
        make(name, pd.concat([table, table.iloc[[1]]]))


def test_any_name_can_be_drawn(tmp_path):
    name = """Zuzána "2" <'a' & b> \\ ]"""
    ladder = make("price_ladder", PRICES.assign(system=name))
    swings = make("tornado", SWINGS.assign(input=[name, "b" * 60, "c d " * 20]))
    for chart in (ladder, swings):
        root = ET.parse(charts.save(chart, tmp_path / "out.svg")).getroot()
        assert 'Zuzána "2"' in " ".join(root.itertext())


@pytest.mark.parametrize("name", [n for n in MAKE if n != "s_curve"])
def test_what_is_no_table_is_refused(name):
    with pytest.raises(OutsideEvidenceError, match=r"pandas DataFrame, not list"):
        make(name, [1, 2])


@every_chart
def test_without_altair_it_says_what_to_install(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "altair", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'armscost\[charts\]'"):
        make(name)


def test_importing_the_module_loads_neither_altair_nor_pandas():
    code = (
        "import sys, armscost.charts\n"
        "print(sorted({'altair', 'pandas', 'vl_convert', 'pint'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


# --- files --------------------------------------------------------------------------------------


@every_chart
def test_svg_is_a_picture_600_wide_with_readable_text_and_its_alternative(name, tmp_path):
    chart = make(name)
    root = ET.parse(charts.save(chart, tmp_path / "out.svg")).getroot()
    assert 560 <= float(root.get("width")) <= 610
    assert root.get("role") == "img"
    assert root.get("aria-label") == chart.description
    assert root.find("{*}desc").text == chart.description
    texts = root.findall(".//{*}text")
    assert chart.to_dict()["title"]["text"][0] in {text.text for text in texts}
    sizes = [float(text.get("font-size").removesuffix("px")) for text in texts]
    assert len(texts) > 5
    assert min(sizes) >= 12
    assert len(root.findall(".//{*}path")) > 5


def test_png_is_twice_as_large_for_print(tmp_path):
    content = charts.save(make("tornado"), tmp_path / "out.png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n")
    assert int.from_bytes(content[16:20]) == 1200
    assert len(content) > 10_000


def test_json_is_the_specification(tmp_path):
    chart = make("gap")
    path = charts.save(chart, str(tmp_path / "out.json"))
    assert json.loads(path.read_text()) == chart.to_dict()


@pytest.mark.parametrize("ending", [".svg", ".png", ".json"])
def test_the_same_chart_gives_the_same_file(ending, tmp_path):
    one, two = (charts.save(make("ramp"), tmp_path / f"{n}{ending}") for n in "ab")
    assert one.read_bytes() == two.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"a{ending}", f"b{ending}"]


@pytest.mark.parametrize("name", ["out.pdf", "out", "out.svg.txt", ".svg"])
def test_another_ending_is_refused_with_those_allowed(name, tmp_path):
    with pytest.raises(OutsideEvidenceError, match=r"ends in \.svg, \.png, \.json"):
        charts.save(make("gap"), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_page_is_refused_because_it_would_call_the_network(tmp_path):
    with pytest.raises(OutsideEvidenceError, match="network"):
        charts.save(make("gap"), tmp_path / "out.html")


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no folder .*nowhere.*make it first"):
        charts.save(make("gap"), tmp_path / "nowhere" / "out.svg")


@pytest.mark.parametrize("ending", [".svg", ".png", ".json"])
def test_a_chart_that_cannot_be_drawn_leaves_the_old_file(ending, tmp_path):
    altair = pytest.importorskip("altair")
    path = tmp_path / f"out{ending}"
    path.write_bytes(b"old")
    with pytest.raises(altair.utils.schemapi.SchemaValidationError):
        charts.save(altair.Chart(), path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_behind(tmp_path):
    (tmp_path / "out.json").mkdir()
    with pytest.raises(OSError, match=r"out\.json"):
        charts.save(make("gap"), tmp_path / "out.json")
    assert [p.name for p in tmp_path.iterdir()] == ["out.json"]


def test_a_picture_without_vl_convert_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(MissingExtraError, match=r"armscost\[charts\]"):
        charts.save(make("gap"), tmp_path / "out.svg")
    assert charts.save(make("gap"), tmp_path / "out.json").exists()


# --- style --------------------------------------------------------------------------------------


def luminance(colour):
    """Relative luminance, WCAG 2."""
    levels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in levels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, two):
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_stands_out_from_its_ground(mode):
    theme = charts.theme(mode)
    colours = [theme["title"]["color"], theme["title"]["subtitleColor"], theme["text"]["color"]]
    colours += [theme[part]["labelColor"] for part in ("axis", "legend", "header")]
    assert all(contrast(colour, theme["background"]) >= 4.5 for colour in colours)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_bars_side_by_side_differ_in_grey_too(mode):
    assert contrast(*charts.theme(mode)["range"]["ordinal"]) >= 1.6


def test_each_name_of_a_vocabulary_has_its_own_shape():
    assert len(set(SHAPES)) == len(SHAPES) >= len(SCOPES)
    shape = parts(make("price_ladder").to_dict(), "shape")[0]["scale"]
    assert shape["domain"] == list(SCOPES)
    assert shape["range"] == list(SHAPES)


def test_a_scope_has_the_same_colour_whatever_else_is_drawn():
    alone = make("price_ladder", PRICES[PRICES["scope"] == "package"]).to_dict()
    colours = [parts(spec, "color") for spec in (alone, make("price_ladder").to_dict())]
    scales = [
        next(c["scale"] for c in cs if isinstance(c, dict) and "scale" in c) for cs in colours
    ]
    assert scales[0] == scales[1]


def test_an_unknown_mode_lists_the_two():
    with pytest.raises(UnknownNameError, match="dark, light"):
        charts.theme("sepia")


@given(st.floats(-1e15, 1e15).filter(lambda v: v == 0 or abs(v) >= 1e-3))
def test_a_short_number_keeps_three_digits(value):
    number, size = re.fullmatch(r"(−?[\d.,]+(?:e[+-]\d+)?)(k|m|bn|)", short(value)).groups()
    read = float(number.replace("−", "-").replace(",", ""))
    read *= {"": 1, "k": 1e3, "m": 1e6, "bn": 1e9}[size]
    assert math.isclose(read, value, rel_tol=0.00501, abs_tol=0)


@pytest.mark.parametrize(
    ("value", "text"),
    [(450, "450"), (8_500, "8,500"), (999.7, "1,000"), (12_500, "12.5k"), (999_900, "1m"),
     (2.3e6, "2.3m"), (1.4e9, "1.4bn"), (0, "0"), (-0.05, "−0.05"), (100, "100")],
)  # fmt: skip
def test_short_numbers_read_as_said(value, text):
    assert short(value) == text


def test_a_unit_names_its_price_year_in_words():
    assert unit_words("USD_2024") == "USD at 2024 prices"
    assert unit_words("USD_2024 per km") == "USD at 2024 prices per km"
    with pytest.raises(OutsideEvidenceError, match="EUR_2024"):
        unit_words("")


# --- prices -------------------------------------------------------------------------------------

AMOUNTS = st.floats(1.0, 1e9)
LADDERS = st.lists(
    st.tuples(
        st.sampled_from(["bohdan", "caesar", "k9 'Thunder'"]),
        st.sampled_from(SCOPES),
        st.lists(AMOUNTS, min_size=1, max_size=3).map(sorted),
        st.booleans(),
    ),
    min_size=1,
    max_size=15,
)


def ladder(rows):
    return pd.DataFrame(
        [
            {"system": system, "scope": scope, "counted": counted}
            | dict(zip({1: ["value"], 2: ["low", "high"], 3: ["low", "value", "high"]}[len(n)], n,
                       strict=True))
            for system, scope, n, counted in rows
        ],
        columns=["system", "scope", "counted", "low", "value", "high"],
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(LADDERS, st.sampled_from(["linear", "log"]))
def test_each_price_is_on_the_ladder_once_and_unrounded(rows, scale):
    table = ladder(rows)
    marks = [r for r in drawn(charts.price_ladder(table, "EUR_2024", scale=scale)) if "value" in r]
    got = [(r["system"], r["scope"], r["low"], r["value"], r["high"]) for r in marks]
    given = table.astype(object).where(table.notna(), None)
    assert got == list(
        given[["system", "scope", "low", "value", "high"]].itertuples(index=False, name=None)
    )


@settings(max_examples=25, deadline=None)
@given(LADDERS)
def test_no_mark_on_the_ladder_hides_another(rows):
    marks = [r for r in drawn(charts.price_ladder(ladder(rows), "EUR_2024")) if "value" in r]
    places = {}
    for mark in marks:
        ends = [mark[k] for k in ("low", "value", "high") if mark[k] is not None]
        for low, high in places.get(mark["place"], []):
            assert max(ends) < low or min(ends) > high
        places.setdefault(mark["place"], []).append((min(ends), max(ends)))
    systems = {place: {m["system"] for m in marks if m["place"] == place} for place in places}
    assert all(len(names) == 1 for names in systems.values())


def test_prices_that_are_not_counted_are_hollow():
    layers = make("price_ladder").to_dict()["layer"]
    filled = {
        layer["transform"][1]["filter"]: layer["mark"]["filled"]
        for layer in layers if layer["mark"]["type"] == "point"
    }  # fmt: skip
    assert filled == {"datum.counted": True, "!datum.counted": False}
    assert "Hollow: not counted." in " ".join(make("price_ladder").to_dict()["title"]["subtitle"])
    assert "Hollow" not in str(make("price_ladder", PRICES[PRICES["counted"]]).to_dict()["title"])


def test_a_price_tells_its_source_and_grade():
    told = parts(make("price_ladder").to_dict(), "tooltip")[0]
    assert {"source", "grade", "scope", "value"} <= {line["field"] for line in told}
    assert "printed" not in {line["field"] for line in told}


def test_systems_stand_in_the_callers_order():
    spec = make("price_ladder", PRICES.iloc[::-1]).to_dict()
    axis = next(a for a in parts(spec, "axis") if "values" in a)
    assert re.findall(r'"(zuzana-2|caesar|bohdan)"', axis["labelExpr"]) == [
        "zuzana-2", "caesar", "bohdan"
    ]  # fmt: skip
    assert axis["values"] == sorted(axis["values"])


def test_the_ladder_starts_at_zero_unless_a_log_scale_is_asked_for():
    linear, log = (
        parts(charts.price_ladder(PRICES, "EUR_2024", scale=scale).to_dict(), "x")[0]
        for scale in ("linear", "log")
    )
    assert linear["scale"]["zero"] is True
    assert log["scale"]["type"] == "log"
    assert log["title"].endswith("log scale")


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"scope": "naked"}, UnknownNameError, "no scope 'naked'"),
        ({"scope": None}, OutsideEvidenceError, "row 0 has no scope"),
        ({"system": ""}, OutsideEvidenceError, "row 0 has no system"),
        ({"low": 9e9, "high": 9e9}, OutsideEvidenceError, "must rise in that order"),
        ({"value": None}, OutsideEvidenceError, "has no number in low, value, high"),
        ({"value": None, "low": 1.0}, OutsideEvidenceError, "only one of low and high"),
        ({"value": math.inf}, OutsideEvidenceError, "write a finite number"),
        ({"value": "2.3m"}, OutsideEvidenceError, "value='2.3m'; write a finite number"),
        ({"value": True}, OutsideEvidenceError, "write a finite number"),
    ],
)
def test_a_row_that_cannot_be_drawn_says_which_and_why(change, error, message):
    row = {"system": "k9", "scope": "unknown", "value": 1e6, "low": None, "high": None} | change
    with pytest.raises(error, match=re.escape(message)):
        charts.price_ladder(pd.DataFrame([row], dtype=object), "EUR_2024")


def test_a_log_scale_cannot_show_a_price_of_nothing():
    table = pd.DataFrame({"system": ["k9"], "scope": ["unknown"], "value": [0.0]})
    with pytest.raises(OutsideEvidenceError, match="scale='linear'"):
        charts.price_ladder(table, "EUR_2024", scale="log")
    with pytest.raises(UnknownNameError, match="linear"):
        charts.price_ladder(table, "EUR_2024", scale="square")


def test_a_range_open_at_one_side_ends_at_its_value():
    table = pd.DataFrame({"system": ["k9"], "scope": ["unknown"], "value": [2.0], "low": [1.0]})
    assert drawn(charts.price_ladder(table, "EUR_2024"))[0]["high"] == 2.0


def test_the_frontier_joins_the_efficient_options_by_rising_capability():
    spec = make("cost_against_capability").to_dict()
    line = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "line")
    assert [r["name"] for r in spec["datasets"][line["data"]["name"]]] == ["bohdan", "archer"]
    assert "on the frontier: bohdan, archer" in spec["description"]


def test_each_option_is_named_once_beside_its_mark():
    spec = make("cost_against_capability").to_dict()
    sides = {row["name"]: row["side"] for row in drawn(make("cost_against_capability"))}
    texts = [layer for layer in spec["layer"] if layer["mark"]["type"] == "text"]
    assert len(texts) == 2 * len(set(sides.values()))
    assert set(sides) == {"bohdan", "caesar", "archer"}


def test_a_gap_is_a_staircase_from_one_price_to_the_other():
    rows = drawn(make("gap"))
    assert [(r["start"], r["end"]) for r in rows] == [
        (0.0, 4.3e6), (4.3e6, 3.4e6), (3.4e6, pytest.approx(2.3e6)), (0.0, 2.3e6)
    ]  # fmt: skip
    assert [r["label"] for r in rows] == ["4.3m", "−900k (−1.3m to −600k)", "−1.1m", "2.3m"]


def test_the_numbers_of_a_gap_stand_below_its_names_where_a_narrow_page_cuts_nothing(tmp_path):
    names = STEPS["step"].to_list()
    words = " ".join(ET.parse(charts.save(make("gap"), tmp_path / "gap.svg")).getroot().itertext())
    for name, number in zip(
        names, ["4.3m", "−900k (−1.3m to −600k)", "−1.1m", "2.3m"], strict=True
    ):
        assert f"{name} {number}" in " ".join(words.split()), words


def test_steps_that_do_not_add_up_are_refused_with_what_is_left():
    with pytest.raises(OutsideEvidenceError, match=r"'unexplained' with amount -1\.1e\+06"):
        make("gap", STEPS[STEPS["kind"] != "unexplained"])


@pytest.mark.parametrize(
    ("kinds", "error", "message"),
    [
        (["part", "part", "part", "total"], OutsideEvidenceError, "first and last"),
        (["total", "total", "part", "total"], OutsideEvidenceError, "between"),
        (["total", "magic", "part", "total"], UnknownNameError, "no kind of step 'magic'"),
    ],
)
def test_a_gap_goes_from_total_to_total(kinds, error, message):
    with pytest.raises(error, match=message):
        make("gap", STEPS.assign(kind=kinds))


# --- uncertainty --------------------------------------------------------------------------------


def test_the_s_curve_marks_the_quantiles_of_the_draws():
    marks = {r["mark"]: r["value"] for r in drawn(charts.s_curve(DRAWS, "EUR_2024")) if "mark" in r}
    assert marks == pytest.approx(
        {f"p{q}": np.quantile(DRAWS, q / 100) for q in (10, 50, 80, 90)}, rel=1e-12
    )


def test_the_s_curve_says_where_the_point_estimate_lies():
    point = float(np.quantile(DRAWS, 0.3))
    text = charts.s_curve(DRAWS, "EUR_2024", point=point).description
    assert "30% of the runs are at or below it" in text
    assert "Dashed" not in charts.s_curve(DRAWS, "EUR_2024").description


def test_a_point_beyond_the_curve_is_not_given_a_share_it_does_not_have():
    table = MAKE["s_curve"][1]
    for point, share in ((1.0, "under 5%"), (9e9, "over 95%")):
        assert share in charts.s_curve(table, "EUR_2024", point=point).description


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "shape"),
        ([1.0, math.nan], "finite"),
        ([[1.0, 2.0]], "shape"),
        (pd.DataFrame({"probability": [0.2, 0.9], "value": [1, 2]}), "reach from 0.1"),
        (pd.DataFrame({"probability": [5, 95], "value": [1, 2]}), "fractions of 1"),
        (pd.DataFrame({"probability": [0.1, 0.9], "value": [2, 1]}), "must rise"),
    ],
)
def test_what_is_no_curve_is_refused(given, message):
    with pytest.raises(OutsideEvidenceError, match=message):
        charts.s_curve(given, "EUR_2024")


def test_the_widest_swing_is_on_top():
    y = parts(make("tornado").to_dict(), "y")[0]
    assert y["sort"] == ["share free", "price", "lead time"]


def test_bars_of_a_tornado_carry_the_value_of_the_input():
    ends = {(r["input"], r["end"]): r["at"] for r in drawn(make("tornado")) if "end" in r}
    assert ends["lead time", "input at its low"] == "2 months"
    assert ends["price", "input at its high"] == "2.9m EUR 2025"
    bare = SWINGS[["input", "output_low", "output_high"]]
    assert {r["at"] for r in drawn(make("tornado", bare)) if "end" in r} == {""}


def test_a_tornado_needs_its_middle():
    with pytest.raises(OutsideEvidenceError, match="base is nan"):
        charts.tornado(SWINGS, "howitzers", base=math.nan)


# --- output -------------------------------------------------------------------------------------


def test_deliveries_are_small_pictures_in_the_callers_order_on_one_scale():
    spec = make("deliveries").to_dict()
    assert spec["facet"]["sort"] == ["Danish model", "Co-production"]
    assert "resolve" not in spec
    assert "Co-production: 40 (32 to 44)" in spec["description"]


@pytest.mark.parametrize(
    "months",
    [
        ["2025-05", "2025-06", "2025-07"],
        list(pd.period_range("2025-05", periods=3, freq="M")),
        list(pd.date_range("2025-05-01", periods=3, freq="MS")),
        [d.date() for d in pd.date_range("2025-05-01", periods=3, freq="MS")],
    ],
)
def test_months_may_be_text_periods_or_dates_and_never_slip(months):
    table = SCHEDULE.assign(month=months * 2)
    assert {row["month"] for row in drawn(make("deliveries", table))} == {
        "2025-05-01T00:00:00", "2025-06-01T00:00:00", "2025-07-01T00:00:00"
    }  # fmt: skip


@pytest.mark.parametrize("month", [2025, 202505.0, None, "soon", pd.NaT])
def test_a_month_that_is_no_date_is_refused(month):
    with pytest.raises(OutsideEvidenceError, match=r"write .*'2024-06'"):
        make("deliveries", SCHEDULE.assign(month=month))


def test_quantiles_out_of_order_are_refused():
    with pytest.raises(OutsideEvidenceError, match=r"p10=99\.0"):
        make("deliveries", SCHEDULE.assign(p10=99.0))


def test_deliveries_of_nothing_are_still_a_picture(tmp_path):
    table = SCHEDULE.assign(p10=0, p50=0, p90=0)
    assert charts.save(make("deliveries", table), tmp_path / "out.svg").stat().st_size > 5_000


def test_the_ramp_keeps_what_was_done_and_what_was_meant_apart():
    chart = make("ramp")
    rows = drawn(chart)
    assert [(r["low"], r["value"], r["high"], r["status"]) for r in rows] == [
        (None, 6.0, None, "produced"),
        (10.0, None, 15.0, "produced"),
        (None, 40.0, None, "capacity"),
    ]  # fmt: skip
    assert "2 produced, 1 capacity" in chart.description
    spec = chart.to_dict()
    assert not [layer for layer in spec["layer"] if layer["mark"]["type"] == "line"]
    assert {"said_by", "status"} <= {t["field"] for t in parts(spec, "tooltip")[0]}
    with pytest.raises(UnknownNameError, match="no status 'actual'"):
        make("ramp", OUTPUT.assign(status="actual"))


def test_a_fitted_line_is_drawn_under_the_figures():
    fitted = pd.DataFrame({"date": ["2023-06", "2025-10"], "value": [5.0, 38.0]})
    chart = charts.ramp(OUTPUT, "Howitzers a month", title="Output", fitted=fitted)
    spec = chart.to_dict()
    kinds = [layer["mark"].get("style") for layer in spec["layer"]]
    assert kinds.index("fitted") < len(kinds) - 2
    assert "Dashed: fitted." in spec["title"]["subtitle"][0]


def test_a_year_with_a_range_only_has_no_bar_but_its_range():
    bars = [r for r in drawn(make("idle_capacity")) if r.get("what") == "capacity"]
    assert [(r["low"], r["value"], r["high"]) for r in bars] == [
        (18e9, 20e9, 25e9), (30e9, None, 38e9)
    ]  # fmt: skip


def test_idle_shares_are_written_over_the_year():
    labels = {r["year"]: r["label"] for r in drawn(make("idle_capacity")) if "label" in r}
    assert labels == {2024: "39% to 72% idle", 2025: "43% to 68% idle"}
    bare = CAPACITY.drop(columns=["idle_low", "idle", "idle_high"])
    assert not [r for r in drawn(make("idle_capacity", bare)) if "label" in r]


def test_what_more_money_buys_says_what_binds():
    labels = {r["channel"]: r["label"] for r in drawn(make("marginal"))}
    assert labels == {
        "Danish model": "38 (30 to 44), limit: money",
        "Donation from stock": "0, limit: stock",
    }


VALID = {
    "cost_against_capability": {"table": OPTIONS, "cost_unit": "EUR_2024", "effect": "Range, km"},
    "deliveries": {"schedule": SCHEDULE, "measure": "Howitzers", "title": "Deliveries"},
    "gap": {"table": STEPS, "unit": "EUR_2024", "title": "The gap"},
    "idle_capacity": {"table": CAPACITY, "unit": "USD_2024"},
    "marginal": {"table": MORE, "measure": "More howitzers"},
    "price_ladder": {"table": PRICES, "unit": "EUR_2024"},
    "ramp": {"observations": OUTPUT, "measure": "Howitzers a month", "title": "Output"},
    "s_curve": {"samples_or_quantiles": [1.0, 2.0, 3.0], "unit": "EUR_2024"},
    "save": {"chart": charts.price_ladder(PRICES, "EUR_2024"), "path": "chart.json"},
    "theme": {},
    "themed": {"chart": charts.price_ladder(PRICES, "EUR_2024"), "mode": "dark"},
    "tornado": {"table": SWINGS, "unit": "EUR_2024", "base": 4.5},
}


@pytest.mark.parametrize("name", charts.__all__)
def test_whatever_is_given_is_drawn_or_refused_in_our_words(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    draw, valid = getattr(charts, name), VALID[name]
    draw(**valid)
    for place in inspect.signature(draw).parameters:
        for wrong in (None, 5, "text", [], ["caesar"], {}, math.nan, -1, object()):
            with contextlib.suppress(ArmscostError):
                draw(**valid | {place: wrong})

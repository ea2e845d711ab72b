"""The terminal gives the same answers, in 80 columns, and every fault is one clear line."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import armscost as ac
from armscost import cli, datasets


def run(*arguments: str, columns: int = 80) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "armscost.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "COLUMNS": str(columns), "TERM": "dumb", "NO_COLOR": "1"},
    )


def told(*arguments: str, columns: int = 80) -> str:
    done = run(*arguments, columns=columns)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


# --------------------------------------------------------------------------------------
# Golden pages: look at the difference before accepting a new one
# --------------------------------------------------------------------------------------

PAGES = {
    "help": ("--help",),
    "rebase_help": ("rebase", "--help"),
    "compare_help": ("compare", "--help"),
    "compare": ("compare", "bohdan", "zuzana-2", "--to", "EUR_2024"),
    "compare_item_only": (
        "compare", "caesar", "zuzana-2", "--to", "USD_2024", "--scope", "item_only",
    ),
    "compare_pooled": ("compare", "bohdan", "pzh-2000", "--to", "EUR_2024", "--pool"),
    "compare_per": (
        "compare", "caesar", "k9", "--to", "EUR_2024", "--scope", "with_support",
        "--per", "range_max", "--under", "rocket-assisted shell",
    ),
    "compare_equal_budget": (
        "compare", "bohdan", "zuzana-2", "--to", "EUR_2024",
        "--equal-budget", "100 million EUR_2024",
    ),
    "explain": ("compare", "bohdan", "--to", "EUR_2024", "--explain", "bohdan"),
    "markdown": ("compare", "zuzana-2", "--to", "EUR_2024", "--format", "markdown"),
    "danish_model": (
        "danish-model", "bohdan", "--budget", "1 billion EUR_2025", "--start", "2025-05",
        "--against", "western_purchase=caesar", "--set", "capacity=40/month",
    ),
    "danish_model_help": ("danish-model", "--help"),
    "show": ("show", "msta-s"),
    "describe": ("tables", "learning_slopes"),
    "cite": ("cite", "re-russia-2025-04"),
    "bibtex": ("cite", "re-russia-2025-04", "--style", "bibtex"),
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_page(page, snapshot):
    assert told(*PAGES[page]) == snapshot


@pytest.mark.parametrize("columns", [80, 140])
@pytest.mark.parametrize("page", sorted(set(PAGES) - {"cite", "bibtex", "markdown", "explain"}))
def test_a_page_fits_its_terminal(page, columns):
    lines = told(*PAGES[page], columns=columns).splitlines()
    wide = [line for line in lines if len(line.rstrip()) > columns]
    assert wide == []


# --------------------------------------------------------------------------------------
# The same answers
# --------------------------------------------------------------------------------------


def test_csv_and_json_carry_the_numbers_unrounded():
    table = ac.compare(["zuzana-2"], to="EUR_2024").table
    arguments = ("compare", "zuzana-2", "--to", "EUR_2024", "--format")
    read = pd.read_csv(io.StringIO(told(*arguments, "csv")))
    assert read["median"].tolist() == table["median"].tolist()
    answer = json.loads(told(*arguments, "json"))
    assert [row["median"] for row in answer["table"]] == table["median"].tolist()
    assert answer["assumptions"]
    assert answer["sources"]


def test_tables_prints_rows_and_distinct_facts():
    rows = list(csv.DictReader(io.StringIO(told("tables", "--format", "csv"))))
    assert [row["table"] for row in rows] == ac.tables()
    costs = next(row for row in rows if row["table"] == "costs")
    assert int(costs["rows"]) == len(ac.load("costs"))
    assert int(costs["facts"]) == ac.load("costs")["fact_id"].nunique()


def test_show_lists_the_systems_and_every_figure_of_one():
    assert "caesar" in told("show", "--format", "csv")
    figures = json.loads(told("show", "caesar", "--format", "json"))
    assert len(figures) == len(datasets.figures_of("caesar"))


def test_the_choices_of_the_terminal_are_the_vocabularies():
    from armscost.cli import group
    from armscost.records import Cost
    from armscost.terminal import FORMATS

    fields = Cost.model_fields
    assert datasets.kind_of(fields["cost_basis"].annotation)[1] == group.BASES
    assert datasets.kind_of(fields["scope"].annotation)[1] == group.SCOPES
    assert datasets.kind_of(fields["condition"].annotation)[1] == group.CONDITIONS
    assert group.FORMATS == FORMATS


def test_version_prints_code_and_data():
    assert told("--version").strip() == f"armscost {ac.__version__}, data {ac.data_version()}"


# --------------------------------------------------------------------------------------
# Faults: one clear line, exit status 1, never a traceback
# --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("compre",), "no command 'compre'; did you mean 'compare'?"),
        (("compare", "ceasar", "--to", "EUR_2024"), "did you mean 'caesar'"),
        (("compare", "caesar"), "Missing option '--to'"),
        (("compare", "--to", "EUR_2024"), "Missing argument"),
        (("compare", "caesar", "--to", "EUR"), "write it with its year"),
        (("compare", "caesar", "--to", "EUR_1970"), "price years run from"),
        (("compare", "caesar", "--to", "EUR_2024", "--scope", "gun"), "--scope"),
        (("compare", "caesar", "--to", "EUR_2024", "--index", "cpu"), "no price index 'cpu'"),
        (("compare", "caesar", "--to", "EUR_2024", "--explain", "krab"), "krab"),
        (("compare", "caesar", "--to", "EUR_2024", "--formt", "csv"), "--formt"),
        (("danish-model", "bohdan", "--budget", "1 EUR", "--start", "2025-05"), "with its year"),
        (
            ("danish-model", "bohdan", "--budget", "1 EUR_2025", "--start", "2025-05",
             "--set", "capacity"),
            "has no '='",
        ),
        (("show", "zuzana"), "did you mean 'zuzana-2'"),
        (("tables", "cost"), "did you mean 'costs'"),
        (("cite", "re-russia"), "did you mean 're-russia-2025-04'"),
    ],
)  # fmt: skip
def test_a_fault_is_one_clear_line(arguments, words):
    done = run(*arguments)
    assert done.returncode == 1
    assert done.stdout == ""
    assert words in done.stderr
    assert done.stderr.startswith("armscost: ")
    assert done.stderr.count("\n") == 1


def test_data_check_lists_every_fault_with_its_place(tmp_path, monkeypatch, capsys):
    import shutil

    from armscost.curation import build as curation

    folder = tmp_path / "datasets"
    shutil.copytree(datasets.data_folder(), folder)
    path = folder / "curated" / "systems" / "caesar.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("total_amount: 300000000", "total_amount: lots", 1), encoding="utf-8"
    )
    before = {p.name: p.read_bytes() for p in folder.glob("*.parquet")}
    monkeypatch.setattr(curation, "curated_folder", lambda _=None: folder / "curated")
    for command in ("check", "build"):
        monkeypatch.setattr(sys, "argv", ["armscost", "data", command])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        assert stop.value.code == 1
        said = capsys.readouterr().err
        assert "datasets/curated/systems/caesar.yaml:" in said
        assert 'total_amount = "lots": not a number' in said
        assert "Traceback" not in said
    assert {p.name: p.read_bytes() for p in folder.glob("*.parquet")} == before
    assert [p for p in Path(folder).iterdir() if p.name.startswith(".build-")] == []


def test_rebase_writes_a_file_and_says_what_it_could_not_convert(tmp_path):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        "amount,currency,price_year\n100,USD,2020\n5,XXX,2020\n7,EUR,2030\n", encoding="utf-8"
    )
    refused = run("rebase", str(source), "-o", str(out), "--to", "EUR_2024")
    assert refused.returncode == 1
    assert refused.stderr.startswith("armscost: ")
    assert "XXX" in refused.stderr
    assert not out.exists()
    kept = told("rebase", str(source), "-o", str(out), "--to", "EUR_2024", "--missing", "keep")
    assert "1 of 3 rows rebased to EUR_2024" in kept
    assert "unknown currency: XXX, 2020" in kept
    rows = pd.read_csv(out)
    expected = ac.rebase(ac.quantity("100 USD_2020"), "EUR_2024").magnitude
    assert rows["amount_rebased"].iloc[0] == pytest.approx(expected, rel=1e-12)
    assert sorted(tmp_path.iterdir()) == sorted([source, out])


def test_a_reader_that_goes_away_is_no_fault():
    done = subprocess.run(
        f"{sys.executable} -m armscost.cli show --format csv | head -n 1",
        shell=True, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stdout.startswith("system_id")
    assert "Traceback" not in done.stderr

"""Faults of the curated text: each is told with its place and its mend; nothing is written."""

import csv
import io
import random
import shutil
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from armscost.curation.build import build, curated_folder, differences
from armscost.curation.check import check
from armscost.curation.provenance import check_provenance
from armscost.curation.rules import rounding
from armscost.curation.text import IN_CSV_FILES, Entry, read_curated
from armscost.datasets import kind_of
from armscost.errors import CurationError, Problem
from armscost.records import TABLES

CURATED = curated_folder()
SPOILT = Path(__file__).with_name("spoilt")
SEED = 3
# Free text can hold anything: only a fault of form (a list, an empty line) can be wrong in it.
# The name of a system's file is its system_id, so that it is never typed in the file.
PATTERNED = {
    "source_id": "No such source",
    "system_id": "No Such System",
    "part_of": "Not An Id",
    "origin_id": "Some Ministry",
    "fact_id": "Fact No 1",
    "subject_id": "Bohdan Gun",
    "object_id": "Caesar Gun",
    "series_id": "F35_AIRFRAME",
    "currency": "Euro",
    "area": "Ukraine",
    "country": "Ukraine",
    "url": "www.example.org",
    "language": "ukr",
    "measure": "Range (max)",
    "index": "CPI all items",
    "kind": "GDP PPP",
}
DATES_SAID = ("price_date", "stated_on", "dated", "published")


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    """Every entry of the real curated text."""
    found, problems = read_curated(CURATED)
    assert not problems
    return found


# --------------------------------------------------------------------------------------
# The real text
# --------------------------------------------------------------------------------------


def test_the_curated_text_has_no_fault(entries):
    _, problems = check(entries)
    assert not problems
    assert not check_provenance(CURATED, entries)


# --------------------------------------------------------------------------------------
# Single-field faults, in memory: (entry, field, wrong value or None to take it away, kind)
# --------------------------------------------------------------------------------------

Fault = tuple[Entry, str, str | None, str]


def wrong_types(entry: Entry) -> list[Fault]:
    wrong = {"number": "abc", "integer": "20x4", "date": "2024-13-01"}
    faults = []
    for name in entry.values:
        kind, _ = kind_of(TABLES[entry.table].model_fields[name].annotation)
        if kind in wrong:
            faults.append((entry, name, wrong[kind], "wrong type"))
        if name in ("accessed", "period", "delivery_start", "delivery_end", *DATES_SAID):
            faults.append((entry, name, "July 2024", "wrong type"))
    return faults


def unknown_words(entry: Entry) -> list[Fault]:
    faults = []
    for name in entry.values:
        kind, _ = kind_of(TABLES[entry.table].model_fields[name].annotation)
        if kind == "vocabulary":
            faults.append((entry, name, "somehow", "unknown vocabulary"))
        elif name in PATTERNED or name.endswith("_id"):
            faults.append((entry, name, PATTERNED.get(name, "Not An Id"), "unknown vocabulary"))
    for name, code in (("currency", "EUX"), ("area", "XKY"), ("country", "XKY")):
        if name in entry.values:
            faults.append((entry, name, code, "unknown vocabulary"))
    return faults


def low_above_high(entry: Entry) -> list[Fault]:
    faults = []
    for triple in TABLES[entry.table].ranges:
        given = [name for name in triple if float(entry.values.get(name, 0)) > 0]
        if len(given) > 1:
            top = float(entry.values[given[-1]])
            faults.append((entry, given[0], f"{top * 1.5:.6f}", "low > high"))
    return faults


def unknown_references(entry: Entry) -> list[Fault]:
    faults = []
    if entry.table != "sources" and "source_id" in entry.values:
        faults.append((entry, "source_id", "reuters-2099-01", "unknown source"))
    if entry.table in ("contributions", "learning_lots") and "system_id" in entry.values:
        faults.append((entry, "system_id", "caesarr", "unknown system"))
    if "part_of" in entry.values:
        faults.append((entry, "part_of", "no-such-contribution", "part_of unresolved"))
        itself = entry.values["contribution_id"]
        faults.append((entry, "part_of", itself, "part_of unresolved"))
    return faults


def years_out_of_range(entry: Entry) -> list[Fault]:
    return [
        (entry, name, year, "price year out of range")
        for name in ("price_year", "year", "fiscal_year")
        for year in ("1790", "2090")
        if name in entry.values
    ]


def sums_that_do_not_add_up(entry: Entry) -> list[Fault]:
    price, total = ("unit_cost" if entry.table == "learning_lots" else "amount"), "total_cost"
    if entry.table == "costs":
        total = "total_amount"
    if not {"quantity", total} <= set(entry.values):
        return []
    one = float(entry.values[total]) / float(entry.values["quantity"])
    return [
        (entry, price, f"{one * off:.4f}", "quantity x price is not the total")
        for off in (0.5, 1.2)
    ]


def dates_after_access(entry: Entry) -> list[Fault]:
    return [
        (entry, name, date, "date after access")
        for name in DATES_SAID
        for date in ("2049", "2031-01-01")
        if name in entry.values
    ]


def missing_fields(entry: Entry) -> list[Fault]:
    fields = TABLES[entry.table].model_fields
    required = [n for n in entry.values if fields[n].is_required() and n in entry.places]
    return [(entry, name, None, "missing required") for name in required if name != "system_id"]


def unknown_fields(entry: Entry) -> list[Fault]:
    return [(entry, "remark", "a field that is not there", "unknown field")]


def grades_too_high(entry: Entry) -> list[Fault]:
    alone = entry.table in ("indicators", "capabilities") and "credibility" in entry.values
    return [(entry, "credibility", "1", "grade without a second origin")] if alone else []


MAKERS = (
    wrong_types,
    unknown_words,
    low_above_high,
    unknown_references,
    years_out_of_range,
    sums_that_do_not_add_up,
    dates_after_access,
    missing_fields,
    unknown_fields,
    grades_too_high,
)


def duplicate_ids(entries: list[Entry]) -> list[Fault]:
    """The key of an entry typed again in the next entry of its table."""
    faults = []
    last: dict[str, Entry] = {}
    for entry in entries:
        key = TABLES[entry.table].key
        other = last.get(entry.table)
        if other and len(key) == 1 and entry.table != "systems":
            faults.append((entry, key[0], other.values[key[0]], "duplicate id"))
        same = other and all(
            other.values.get(k) == entry.values.get(k) for k in key if k not in ("year", "date")
        )
        if same and "year" in key and not {"date"} & (set(entry.values) | set(other.values)):
            faults.append((entry, "year", other.values["year"], "duplicate id"))
        last[entry.table] = entry
    return faults


def all_faults(entries: list[Entry]) -> list[Fault]:
    faults = [fault for make in MAKERS for entry in entries for fault in make(entry)]
    return faults + duplicate_ids(entries)


def chosen(faults: list[Fault], each: int) -> list[Fault]:
    """A seeded choice: one of each kind, table and field, ``each`` of a kind, one in each file."""
    rng = random.Random(SEED)
    rng.shuffle(faults)
    seen: Counter[tuple[str, str, str]] = Counter()
    picked = []
    for fault in faults:
        entry, name, _, kind = fault
        spots = [(kind, entry.table, name), ("file", entry.file, ""), ("kind", kind, "")]
        if not seen[spots[0]] or not seen[spots[1]] or seen[spots[2]] < each:
            picked.append(fault)
            seen.update(spots)
    return picked


def spoilt(entry: Entry, name: str, value: str | None) -> Entry:
    values = {k: v for k, v in entry.values.items() if k != name}
    places = dict(entry.places)
    if value is None:
        del places[name]
    else:
        values[name] = value
    return replace(entry, values=values, places=places)


def batches(faults: list[Fault], size: int, entries: list[Entry]) -> list[list[Fault]]:
    """Faults in groups that spoil each entry at most once, and no two with the same key."""
    before: dict[int, int] = {}
    last: dict[str, int] = {}
    for entry in entries:
        before[id(entry)] = last.get(entry.table, 0)
        last[entry.table] = id(entry)
    groups: list[list[Fault]] = []
    used: list[set[int]] = []
    for fault in faults:
        spots = {id(fault[0])}
        if fault[3] == "duplicate id":
            spots.add(before[id(fault[0])])
        for group, taken in zip(groups, used, strict=True):
            if len(group) < size and not spots & taken:
                group.append(fault)
                taken |= spots
                break
        else:
            groups.append([fault])
            used.append(spots)
    return groups


def is_told(fault: Fault, problems: list[Problem]) -> bool:
    """Whether a fault is reported with its file, the line of its field, and its field.

    A field that is missing has no line: its entry's is given. Where two fields disagree, either
    may be named: low or high, price or total, date or year, one part of a key or another.
    """
    entry, name, value, kind = fault
    names = {name}
    if kind == "low > high":
        names |= {n for triple in TABLES[entry.table].ranges for n in triple}
    if kind == "quantity x price is not the total":
        names |= {"unit_cost", "total_cost", "amount", "total_amount", "quantity", ""}
    if kind == "duplicate id":
        names |= set(TABLES[entry.table].key)
    lines = {entry.places[n][0] for n in names if n in entry.places}
    if value is None or name not in entry.places or "" in names:
        lines.add(entry.line)
    return any(p.file == entry.file and p.line in lines and p.field in names for p in problems)


def test_every_one_of_more_than_500_single_field_faults_is_told_with_file_and_line(entries):
    faults = chosen(all_faults(entries), 30)
    place = {id(entry): number for number, entry in enumerate(entries)}
    missed = []
    for group in batches(faults, 100, entries):
        broken = list(entries)
        for entry, name, value, _ in group:
            broken[place[id(entry)]] = spoilt(entry, name, value)
        _, problems = check(broken)
        missed += [fault for fault in group if not is_told(fault, problems)]
    assert [(e.file, e.line, name, value, kind) for e, name, value, kind in missed] == []
    assert len(faults) >= 500

    kinds = Counter(kind for *_, kind in faults)
    assert set(kinds) == {kind for *_, kind in all_faults(entries)}
    assert min(kinds.values()) >= 30, kinds
    files = {entry.file for entry, *_ in faults}
    assert files == {entry.file for entry in entries}


def test_the_faults_cover_every_field_that_can_be_wrong(entries):
    touched = defaultdict(set)
    for entry, name, _, _ in chosen(all_faults(entries), 30):
        touched[entry.table].add(name)
    for table, model in TABLES.items():
        filled = {name for e in entries if e.table == table for name in e.values}
        for name in filled - touched[table]:
            kind, _ = kind_of(model.model_fields[name].annotation)
            free_text = kind == "text" and not model.model_fields[name].is_required()
            by_file_name = name == "system_id"
            assert free_text or by_file_name, f"{table}.{name} was never spoilt"


# --------------------------------------------------------------------------------------
# Faults in the text itself
# --------------------------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path):
    """A small copy of the curated text: the file of one system and the sources it names."""
    folder = tmp_path / "datasets" / "curated"
    (folder / "systems").mkdir(parents=True)
    shutil.copy(CURATED / "VERSION", folder / "VERSION")
    caesar = (CURATED / "systems" / "caesar.yaml").read_text(encoding="utf-8")
    (folder / "systems" / "caesar.yaml").write_text(caesar, encoding="utf-8")
    sources = (CURATED / "sources.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in sources[1:] if f"source_id: {line.split(',')[0]}\n" in caesar]
    (folder / "sources.csv").write_text("".join([sources[0], *kept]), encoding="utf-8")
    return folder


def spoil_yaml(path: Path, entry: Entry, name: str, value: str | None) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    line, column = entry.places[name]
    if value is None:
        begins_entry = lines[line - 1].startswith("- ")
        lines[line - 1] = "- variant: x" if begins_entry else "#"
    else:
        lines[line - 1] = lines[line - 1][: column - 1] + value
    path.write_text("\n".join(lines), encoding="utf-8")


def spoil_csv(path: Path, entry: Entry, name: str, value: str | None) -> None:
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    rows[entry.line - 1][rows[0].index(name)] = value or ""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def test_faults_typed_into_the_files_are_told_with_file_and_line(entries, tmp_path):
    """Sixty faults on the whole way from text to report: one each in every file, and more."""
    by_file = defaultdict(list)
    for fault in chosen(all_faults(entries), 200):
        if fault[1] in fault[0].places and fault[0].table != "systems":
            by_file[fault[0].file].append(fault)
    systems = sorted(f for f in by_file if f.endswith(".yaml"))
    picked = random.Random(SEED).sample(systems, 40)
    picked += [f"datasets/curated/{table}.csv" for table in IN_CSV_FILES]
    folder = tmp_path / "datasets" / "curated"
    shutil.copytree(CURATED, folder)
    typed = []
    for file in picked:
        for fault in batches(by_file[file], 2, entries)[0]:
            spoil = spoil_yaml if file.endswith(".yaml") else spoil_csv
            spoil(tmp_path / file, *fault[:3])
            typed.append(fault)
    assert len(typed) >= 60
    again, of_form = read_curated(folder)
    _, problems = check(again)
    told = of_form + problems
    assert [(e.file, e.line, n, v) for e, n, v, k in typed if not is_told((e, n, v, k), told)] == []


def line_of(path: Path, text: str) -> int:
    return path.read_text(encoding="utf-8").split("\n").index(text) + 1


def test_the_message_names_place_field_value_reason_and_mend(copy):
    path = copy / "systems" / "caesar.yaml"
    line = line_of(path, "  amount: 5500000")
    path.write_text(path.read_text().replace("  amount: 5500000", "  amount: abc", 1))
    with pytest.raises(CurationError) as caught:
        build(copy.parent)
    assert (
        f'datasets/curated/systems/caesar.yaml:{line}:11 amount = "abc": not a number; '
        "write it in EUR without separators (e.g. 4200000)"
    ) in str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("scope: with_support", "scope: with_suport", "did you mean with_support? allowed: item_o"),
        ("currency: DKK", "currency: DK", 'currency = "DK": not of the right form; write three'),
        ("currency: DKK", "currency: DKR", 'currency = "DKR": unknown currency; did you mean'),
        ("price_year: 2017", "price_year: 2907", "out of range; must be at most 2030"),
        ("price_year: 2017", "price_year: 2016", "differs from the year of price_date 2017-05"),
        ("source_id: tasr-caesar-2018-05-23", "source_id: tasr-caesar-2018", "unknown source; did"),
        ("price_date: 2017-05", "price_date: 2031-05", "is after the source was read (2026-11)"),
        ("price_date: 2017-05", "price_date: 2017-02-30", "no such day; write 2024, 2024-07 or"),
        ("per: gun", "par: gun", "no such field in costs; did you mean per?"),
        ("  per: gun\n", "", 'per = "": is missing: what one item is'),
        ("quantity: 72", "quantity: 7 2", "not a number; write it without separators"),
        ("costs:", "cost:", "no such field in systems"),
        (
            "  amount: 5500000",
            "  amount: 5500000\n  quantity: 16\n  total_amount: 92000000",
            "is 8.8e+07, and total_amount is 9.2e+07: more than rounding apart",
        ),
        ("  variant: 8x8", "  variant: [8x8, 6x6]", "must be one value, not a list"),
        ("  buyer: Denmark (FMI)", "  buyer: Denmark (FMI)\n  buyer: FMI", "given twice; keep one"),
        ("check_url: https", "check_url: x", "write an address that begins with http://"),
        ("326792-clanok.html", "326792-clanok.html?utm_source=rss", "holds tracking parts"),
        ("name: Caesar", "name: [Caesar", "not YAML"),
        ("credibility: 3", "credibility: 2", "1 and 2 need a second origin"),
        (
            "  check: second_page\n  check_url",
            "  check: second_page\n  locator",
            "needs the page in",
        ),
        ("  check: second_page\n", "", "a price is looked at twice: write check and check_url"),
        ("  quantity: 15\n  total_amount: 300000000\n", "", "neither an amount, a total nor a qua"),
        ("  variant: 8x8", "  system_id: archer", "the file's name is the system_id; delete this"),
        ("name: Caesar", "name: Caesar: a gun", "put a text that holds ': ' in quotes"),
        ("  variant: 8x8", "\tvariant: 8x8", "indent with spaces, not tabs"),
        ("source_id: tasr-caesar-2018-05-23", "source_id: nobody", "a row in datasets/curated/sou"),
        ("currency: DKK", "currency: QQQ", "to add one: docs/how-to/add-a-currency.md"),
    ],
)
def test_a_typo_of_each_kind_gets_its_own_clear_message(copy, old, new, message):
    path = copy / "systems" / "caesar.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CurationError) as caught:
        build(copy.parent)
    assert message in str(caught.value)
    assert all(p.file == "datasets/curated/systems/caesar.yaml" for p in caught.value.problems)
    assert all(p.line >= 1 for p in caught.value.problems)


def test_all_faults_are_told_at_once_in_the_order_of_the_files(copy):
    path = copy / "systems" / "caesar.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("quantity: 72", "quantity: many", 1)
    text = text.replace("scope: item_only", "scope: gun", 1).replace("tax: unknown", "tax: no", 1)
    path.write_text(text, encoding="utf-8")
    sources = copy / "sources.csv"
    sources.write_text(sources.read_text(encoding="utf-8").replace(",B,", ",Z,", 1))
    with pytest.raises(CurationError) as caught:
        build(copy.parent)
    problems = caught.value.problems
    assert len(problems) >= 4
    assert [(p.file, p.line) for p in problems] == sorted((p.file, p.line) for p in problems)
    assert str(caught.value).startswith(f"{len(problems)} faults in the curated files; nothing was")


def test_every_kind_of_fault_is_told_in_these_words(snapshot):
    """``tests/spoilt/curated`` holds one fault of each kind; the golden file is what is said."""
    with pytest.raises(CurationError) as caught:
        build(SPOILT)
    assert str(caught.value) == snapshot


def files_of(folder: Path) -> dict[str, tuple[int, bytes]]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p): (p.stat().st_mtime_ns, p.read_bytes()) for p in files}


def test_nothing_is_written_on_a_fault_and_everything_without(copy):
    datasets = copy.parent
    build(datasets)
    differences(datasets)
    path = copy / "systems" / "caesar.yaml"
    good = path.read_text(encoding="utf-8")
    path.write_text(good.replace("tax: unknown", "tax: perhaps", 1), encoding="utf-8")
    before = files_of(datasets)
    with pytest.raises(CurationError):
        build(datasets)
    assert files_of(datasets) == before

    path.write_text(good.replace("tax: unknown", "tax: included", 1), encoding="utf-8")
    with pytest.raises(CurationError, match=r"costs\.parquet differs from the curated text; run:"):
        differences(datasets)
    (datasets / "outputs.parquet").unlink()
    with pytest.raises(CurationError) as caught:
        differences(datasets)
    what = "is missing; run: armscost data build"
    missing = Problem(f"{datasets.name}/outputs.parquet", 0, 0, "", "", what)
    assert missing in caught.value.problems


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("systems/abc.yml", "name: Abc\n", "is read by nothing"),
        ("cost.csv", "cost_id\n", "is read by nothing"),
        ("systems/Msta S.yaml", "name: x\ncategory: tank\nsummary: y\n", "not of the right form"),
        ("systems/msta.yaml", "- a\n- b\n", "must begin with name:"),
        ("systems/msta.yaml", "name: x\nname: y\n", "given twice; keep one"),
        ("systems/msta.yaml", "costs: 5\n", "must be a list: each entry begins with '- '"),
        ("systems/msta.yaml", "costs:\n- 5\n", "must be a block of 'field: value' lines"),
        ("claims.csv", "claim_id,claimid\n", "no such column; did you mean claim_id?"),
        ("claims.csv", "claim_id,fact_id\na\n", "has 1 cells, the head has 2"),
        ("claims.csv", "claim_id,claim_id\n", "column given twice"),
        (
            "left_out.csv",
            "evidence_id,evidence_file,reason\nS1,a.csv,\n",
            'reason = "": is missing',
        ),
    ],
)
def test_faults_of_form_are_told(copy, name, content, message):
    (copy / name).write_text(content, encoding="utf-8")
    with pytest.raises(CurationError) as caught:
        build(copy.parent)
    assert message in str(caught.value)


def test_a_file_that_is_no_utf8_is_told_and_not_guessed(copy):
    (copy / "systems" / "msta.yaml").write_bytes("name: Müller".encode("latin-1"))
    with pytest.raises(CurationError, match="cannot be read as UTF-8 text"):
        build(copy.parent)


def test_norway_stays_norway_and_a_month_stays_a_month(copy):
    (copy / "systems" / "nasams.yaml").write_text(
        "name: NO\ncategory: air defence system\nother_names: 2024-07\nsummary: yes\n"
    )
    found, problems = read_curated(copy)
    system = next(e for e in found if e.file.endswith("nasams.yaml"))
    assert not problems
    assert system.values == {
        "system_id": "nasams",
        "name": "NO",
        "category": "air defence system",
        "other_names": "2024-07",
        "summary": "yes",
    }


# --------------------------------------------------------------------------------------
# The ledger of the evidence
# --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kept", "left_out", "message"),
    [
        ("S1,a.csv,cost,x", "S2,a.csv,why", "no such table; did you mean costs?"),
        ("S1,a.csv,systems,cesar", "S2,a.csv,why", "no such row in systems; did you mean caesar?"),
        ("S1,a.csv,systems,caesar", "S1,a.csv,why", "left out, and kept at"),
        ("S1,a.csv,systems,caesar", "row,file,why", "not a file of the evidence"),
        ("S1,a.csv,systems,caesar", "S2,a.csv,", 'reason = "": is missing'),
        ("S1,a.csv,systems,caesar\nS1,a.csv,systems,caesar", "S2,a.csv,why", "duplicate: also at"),
    ],
)
def test_the_ledger_of_the_evidence_points_to_rows_that_exist(copy, kept, left_out, message):
    head = "evidence_id,evidence_file,table,row_id\n"
    (copy / "evidence_ids.csv").write_text(head + kept + "\n", encoding="utf-8")
    head = "evidence_id,evidence_file,reason\n"
    (copy / "left_out.csv").write_text(head + left_out + "\n", encoding="utf-8")
    with pytest.raises(CurationError) as caught:
        build(copy.parent)
    assert message in str(caught.value)


# --------------------------------------------------------------------------------------
# Grades
# --------------------------------------------------------------------------------------


def test_rounding_is_half_a_unit_of_the_last_printed_digit():
    assert rounding(2_000_000) == pytest.approx(0.25)
    assert rounding(2_300_000) == pytest.approx(0.05 / 2.3)
    assert rounding(2.5) == pytest.approx(0.02)
    assert rounding(184_000_000) < rounding(180_000_000)


def graded(**given: str) -> Entry:
    values = {
        "indicator_id": "a",
        "subject": "arms",
        "measure": "share",
        "value": "5",
        "source_id": "paper-2024",
        "credibility": "3",
        "qualifier": "exact",
        "statement": "Five.",
    }
    return Entry("indicators", "f.csv", 2, values | given)


def source(origin: str) -> Entry:
    values = {
        "source_id": "paper-2024",
        "origin_id": origin,
        "publisher": "Paper",
        "publisher_kind": "general press",
        "title": "T",
        "url": "https://example.org",
        "published": "2024",
        "accessed": "2026-11",
        "reliability": "C",
    }
    return Entry("sources", "sources.csv", 2, values)


URL = "https://example.org/2"


@pytest.mark.parametrize(
    ("given", "origin", "message"),
    [
        ({"credibility": "2"}, "paper", "need a second origin"),
        ({"credibility": "2", "check": "second_origin", "check_url": URL}, "paper", None),
        ({"credibility": "1", "check": "second_origin", "check_url": URL}, "paper", "needs an off"),
        ({"credibility": "1", "check": "second_origin", "check_url": URL}, "x-ministry", None),
        ({"credibility": "2", "check": "second_origin"}, "paper", "needs the page in check_url"),
        ({"credibility": "4"}, "paper", "says what contradicts the figure"),
        ({"credibility": "4", "note": "conflict: six"}, "paper", None),
        ({"credibility": "3", "check": "not_refound", "check_note": "x"}, "paper", "write 6"),
        ({"credibility": "6", "check": "not_refound", "check_note": "x"}, "paper", None),
        ({"credibility": "6", "check": "not_refound"}, "paper", "needs a check_note"),
        ({"check": "mismatch"}, "paper", "needs a check_note"),
    ],
)
def test_a_grade_must_follow_the_rules(given, origin, message):
    _, problems = check([source(origin), graded(**given)])
    if message is None:
        assert not problems
    else:
        assert len(problems) == 1
        assert message in problems[0].reason

"""What the built site promises: whole, from this machine alone, readable by everyone.

Run it with `make test-site`, which builds the site first.
"""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

pytestmark = pytest.mark.site

HERE = Path(__file__).parent
SCREENSHOTS = HERE.parents[1] / "screenshots"
SHOWN = {
    "home": "index.html",
    "explorer": "explorer.html",
    "calculator": "calculator.html",
    "question": "questions/unit-cost.html",
    "system": "systems/caesar.html",
}


# --- every page -----------------------------------------------------------------------------


def test_no_page_leaves_the_machine_fails_or_lacks_a_chart(walk: Any) -> None:
    assert walk.faults == []
    assert sum(page["charts"] for page in walk.pages.values()) > 20


def test_no_link_inside_the_site_is_broken(walk: Any, site: Path, served: str) -> None:
    broken = []
    for name, page in walk.pages.items():
        for link in page["links"]:
            if not link.startswith(served):
                continue
            parts = urlsplit(link)
            target = unquote(parts.path).lstrip("/")
            if target == "" or target.endswith("/"):
                target += "index.html"
            anchor = unquote(parts.fragment)
            if not (site / target).exists():
                broken.append(f"{name} links to {target}, which is not there")
            elif anchor and target in walk.pages and not _has(walk.pages[target], target, anchor):
                broken.append(f"{name} links to {target}#{anchor}; no such anchor")
    assert broken == []


def _has(page: dict[str, Any], target: str, anchor: str) -> bool:
    # The explorer keeps its question in the address: explorer.html#system=caesar.
    question = target == "explorer.html" and "=" in anchor
    return question or anchor == "__top" or anchor in page["ids"]


def test_every_page_has_a_title_a_language_one_heading_and_said_pictures(walk: Any) -> None:
    for name, page in walk.pages.items():
        assert page["title"], name
        assert page["language"] == "en", name
        assert page["headings"] == 1, name
        assert page["unsaid"] == 0, name


def test_the_site_is_light(site: Path) -> None:
    total = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    assert total < 30e6


def test_the_vendored_charts_match_altair(served: str, new_tab: Any) -> None:
    import altair

    tab = new_tab()
    page = tab.open(f"{served}/{SHOWN['system']}")
    versions = page.evaluate("[vega.version, vegaLite.version, vegaEmbed.version]")
    assert versions[1] == altair.VEGALITE_VERSION
    majors = [altair.VEGA_VERSION.split(".")[0], altair.VEGAEMBED_VERSION.split(".")[0]]
    assert [versions[0].split(".")[0], versions[2].split(".")[0]] == majors


# --- everyone can read it -------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("what", SHOWN)
def test_axe_finds_nothing_serious(what: str, scheme: str, served: str, new_tab: Any) -> None:
    page = new_tab(scheme=scheme).open(f"{served}/{SHOWN[what]}")
    style = page.evaluate("document.body.getAttribute('data-md-color-scheme')")
    assert style == {"light": "default", "dark": "slate"}[scheme]
    for part in page.locator("details:not([open])").all():
        part.evaluate("part => { part.open = true }")
    page.add_script_tag(content=(HERE / "vendor" / "axe.min.js").read_text(encoding="utf-8"))
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    found = [
        f"{fault['id']} ({fault['impact']}): {fault['nodes'][0]['html'][:200]} "
        f"{fault['nodes'][0].get('failureSummary', '')} [{len(fault['nodes'])}]"
        for fault in result["violations"]
        if fault["impact"] in ("serious", "critical")
    ]
    assert found == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("what", SHOWN)
def test_a_page_fits_its_screen(what: str, width: int, served: str, new_tab: Any) -> None:
    SCREENSHOTS.mkdir(exist_ok=True)
    for scheme in ("light", "dark"):
        page = new_tab(width, 844 if width == 390 else 900, scheme).open(f"{served}/{SHOWN[what]}")
        page.wait_for_timeout(300)  # words that are said with a delay
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=SCREENSHOTS / f"{what}-{width}-{scheme}.png")
        if scheme == "light" and what != "explorer":
            page.screenshot(path=SCREENSHOTS / f"{what}-{width}-whole.png", full_page=True)


# --- from a folder --------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["home", "explorer", "calculator", "system"])
def test_a_page_works_from_a_folder(what: str, site: Path, new_tab: Any) -> None:
    page = new_tab().open((site / SHOWN[what]).as_uri())
    if what == "explorer":
        page.get_by_role("searchbox", name="Search").fill("caesar")
        page.wait_for_function("document.querySelectorAll('.grid tbody tr').length < 200")
        assert page.locator(".grid tbody tr").count() > 0
    if what == "calculator":
        page.get_by_label("Budget, in millions").fill("500")
        page.wait_for_function("/500 million/.test(document.querySelector('#c-said').textContent)")


def test_the_data_of_the_pages_are_plain_assignments(site: Path) -> None:
    for name in ("explorer", "calculator"):
        text = (site / "assets" / name / "data.js").read_text(encoding="ascii")
        found = re.fullmatch(r"window\.ARMSCOST_[A-Z]+ = (.*);\n", text, re.DOTALL)
        assert found
        assert json.loads(found[1])["version"]
    for path in site.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert 'type="module"' not in page, path

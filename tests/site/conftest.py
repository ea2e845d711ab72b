"""The built site, served on this machine, and a browser that watches what it asks for."""

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DRAWN = """() => [...document.querySelectorAll("[data-spec]")]
    .every(place => place.querySelector("svg, canvas"))"""


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site: ARMSCOST_SITE, or site/ of this checkout."""
    folder = Path(os.environ.get("ARMSCOST_SITE", ROOT / "site")).resolve()
    assert (folder / "index.html").exists(), f"no site in {folder}; run: make docs"
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """The address of the site on the loopback interface."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium under Playwright; without it the site cannot be tested."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium")
    assert path, "no chromium; run: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Tab:
    """A page of the browser, with all that went wrong in it."""

    page: Any
    faults: list[str] = field(default_factory=list)

    def open(self, address: str) -> Any:
        """Go there, and wait until every chart is drawn."""
        from playwright.sync_api import TimeoutError as TooLate

        self.page.goto(address)
        try:
            self.page.wait_for_function(DRAWN, timeout=20_000)
        except TooLate:
            self.faults.append(f"{address}: a chart is not drawn")
        return self.page

    def watch(self) -> None:
        """Note every request that leaves the machine, every failed one and every error."""

        def asked(request: Any) -> None:
            parts = urlsplit(request.url)
            if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
                self.faults.append(f"{self.page.url} asks {request.url}")

        def said(message: Any) -> None:
            if message.type == "error":
                self.faults.append(f"{self.page.url} console: {message.text}")

        def answered(response: Any) -> None:
            if response.status >= 400:
                self.faults.append(f"{self.page.url}: {response.status} for {response.url}")

        self.page.on("request", asked)
        self.page.on("console", said)
        self.page.on("response", answered)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))


@pytest.fixture
def new_tab(chromium: Any) -> Iterator[Any]:
    """A function that opens a watched tab; at the end of the test no tab has a fault."""
    tabs: list[Tab] = []

    def make(width: int = 1280, height: int = 900, scheme: str = "light") -> Tab:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, accept_downloads=True
        )
        tab = Tab(context.new_page())
        tab.watch()
        tabs.append(tab)
        return tab

    yield make
    for tab in tabs:
        tab.page.context.close()
    assert [fault for tab in tabs for fault in tab.faults] == []


FOUND = """() => ({
  ids: [...document.querySelectorAll("[id], a[name]")].flatMap(e => [e.id, e.name]).filter(Boolean),
  links: [...document.querySelectorAll("a[href]")].map(e => e.href),
  title: document.title,
  language: document.documentElement.lang,
  headings: document.querySelectorAll("h1").length,
  charts: document.querySelectorAll("[data-spec]").length,
  unsaid: [...document.querySelectorAll("[data-spec]")]
    .filter(e => !e.getAttribute("aria-label") && !e.closest("[aria-label]")).length
    + document.querySelectorAll("img:not([alt])").length,
})"""


@dataclass
class Walk:
    """Every page opened once: what each holds, and all that went wrong on the way."""

    pages: dict[str, dict[str, Any]]
    faults: list[str]


@pytest.fixture(scope="session")
def walk(site: Path, served: str, chromium: Any) -> Walk:
    """Open every page of the site, one after the other."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    tab = Tab(context.new_page())
    tab.watch()
    pages = {}
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        pages[name] = tab.open(f"{served}/{name}").evaluate(FOUND)
    context.close()
    return Walk(pages, tab.faults)

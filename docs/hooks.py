"""What MkDocs runs: pages written before it reads them, and named in the nav; data after."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
if str(DOCS) not in sys.path:  # the pages' own blocks import it too
    sys.path.insert(0, str(DOCS))

import site_data  # noqa: E402 - found through the line above
from armscost_site import generate  # noqa: E402 - the same


def on_config(config: Any) -> Any:
    """Write the pages that follow from the data and the code, and put them into the nav."""
    sections = generate.everything(DOCS)
    for entry in config["nav"]:
        for title, pages in entry.items():
            if title in sections and isinstance(pages, list):
                pages.extend(sections[title])
            if title == "About":
                _decisions(pages)
    return config


def on_post_build(config: Any) -> None:
    """Write what the explorer and the calculator read beside them."""
    site_data.build_assets(config["site_dir"])


def _decisions(pages: list[Any]) -> None:
    """Every note of docs/decisions, so that a new one needs no line in the nav."""
    notes = sorted((DOCS / "decisions").glob("*.md"))
    listed = [f"decisions/{note.name}" for note in notes if note.name != "index.md"]
    for entry in pages:
        if isinstance(entry, dict) and "Decisions" in entry:
            entry["Decisions"] = ["decisions/index.md", *listed]

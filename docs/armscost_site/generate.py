"""Write the pages that follow from the data and the code; what is the same stays untouched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import armscost as ac
from armscost import charts
from armscost_site import card, reference, systems

Nav = list[Any]


def everything(docs: Path) -> dict[str, Nav]:
    """Write all generated files below ``docs``.

    Args:
        docs: The folder of the site's text.

    Returns:
        What belongs into the nav, by its section.
    """
    pages: dict[str, str] = {}
    nav = {"Systems": systems.pages(pages), "Reference": reference.pages(pages)}
    for folder in ("systems", "reference"):
        _forget(docs, folder, pages)
    for name, text in pages.items():
        write(docs / name, text)
    themes = {mode: charts.theme(mode) for mode in ("light", "dark")}
    write(docs / "assets/chart-themes.js", f"window.armscostThemes={json.dumps(themes)};\n")
    card.draw(docs / "assets/card.svg", docs / "assets/card.png", data=ac.data_version())
    return nav


def write(path: Path, text: str) -> None:
    """Write a file only where it changes, so that `make serve` does not build for ever."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _forget(docs: Path, folder: str, pages: dict[str, str]) -> None:
    """Remove pages of systems and modules that are no more."""
    for path in (docs / folder).rglob("*.md"):
        if str(path.relative_to(docs)) not in pages:
            path.unlink()


if __name__ == "__main__":
    everything(Path(__file__).parents[1])

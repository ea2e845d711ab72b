"""What the pages of this site are made with; no part of the library.

``blocks`` is for the code blocks of the hand-written pages; ``generate`` writes the pages that
follow from the data and the code; ``card`` draws the picture that a shared link shows.
"""

from __future__ import annotations

from armscost_site.blocks import (
    assumptions,
    left_out,
    money,
    number,
    output,
    percent,
    run,
    show,
    sources,
    table,
)

__all__ = [
    "assumptions",
    "left_out",
    "money",
    "number",
    "output",
    "percent",
    "run",
    "show",
    "sources",
    "table",
]

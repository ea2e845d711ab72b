"""Charts to files: as a picture or as their specification."""

from __future__ import annotations

import json
import os
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from armscost.charts.style import altair
from armscost.errors import MissingExtraError, OutsideEvidenceError

if TYPE_CHECKING:
    from altair.typing import ChartType as Chart

FORMATS = (".svg", ".png", ".json")


def save(chart: Chart, path: str | os.PathLike[str]) -> Path:
    """Write a chart as a picture or as its specification; all of the file or nothing.

    Args:
        chart: An Altair chart.
        path: Where to; ``.svg``, ``.png`` (at twice the size, for print) or ``.json`` (the
            Vega-Lite specification, keys sorted). The folder must exist.

    Returns:
        The path written.

    Raises:
        MissingExtraError: Without Altair or vl-convert.
        OutsideEvidenceError: For another ending. A page (``.html``) would load its drawing code
            from the network; the site of this library brings its own.
        FileNotFoundError: For a folder that is not there.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise OutsideEvidenceError(f"{path!r} is no name of a file")
    if not hasattr(chart, "to_dict") or not hasattr(chart, "save"):
        raise OutsideEvidenceError(f"{chart!r} is no chart; draw one with armscost.charts")
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in FORMATS or "\0" in path.name:
        why = (
            "; a page would load its drawing code from the network, so save the .json and embed it"
            if kind in (".html", ".htm") else ""
        )  # fmt: skip
        raise OutsideEvidenceError(
            f"cannot write a chart as {path.name!r}; write a name that ends in "
            f"{', '.join(FORMATS)}{why}"
        )
    if not path.parent.is_dir():
        raise FileNotFoundError(f"no folder {str(path.parent)!r} for {path.name!r}; make it first")
    content = _rendered(chart, kind)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _rendered(chart: Chart, kind: str) -> bytes:
    altair()
    if kind == ".json":
        return (json.dumps(chart.to_dict(), indent=1, sort_keys=True) + "\n").encode()
    try:
        import vl_convert  # noqa: F401 - Altair draws with it, and asks for it in other words
    except ImportError:
        raise MissingExtraError("charts as pictures", "charts") from None
    if kind == ".png":
        picture = BytesIO()
        chart.save(picture, format="png", scale_factor=2)
        return picture.getvalue()
    drawing = StringIO()
    chart.save(drawing, format="svg")
    return _with_alt_text(drawing.getvalue(), chart).encode()


def _with_alt_text(svg: str, chart: Chart) -> str:
    """A drawing that tells a screen reader what it shows; Vega leaves that to the page."""
    text = str(chart.description)
    head = f'<svg role="img" aria-label={quoteattr(text)} '
    svg = svg.replace("<svg ", head, 1)
    start = svg.index(">") + 1
    return f"{svg[:start]}<desc>{escape(text)}</desc>{svg[start:]}"

"""The picture that a shared link shows: our own drawing, as PNG because that is what is read."""

from __future__ import annotations

from pathlib import Path


def draw(template: Path, target: Path, **words: str) -> None:
    """Turn the drawing into a PNG of 1200 by 630 pixels, where it is not yet that.

    Args:
        template: An SVG with ``{name}`` where words go.
        target: The picture.
        **words: What goes there.
    """
    import vl_convert

    drawing = template.read_text(encoding="utf-8")
    for name, word in words.items():
        drawing = drawing.replace("{" + name + "}", word)
    picture = vl_convert.svg_to_png(drawing, scale=1)
    if not target.exists() or target.read_bytes() != picture:
        target.write_bytes(picture)

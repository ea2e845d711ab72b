"""What the explorer and the calculator read, written at build; call it from any mkdocs hook.

The data are classic script assignments, not JSON files, so that the pages also work from a local
folder, where a browser fetches nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import calculator_data
import explorer_data


def build_assets(folder: str | Path) -> list[Path]:
    """Write the data of the explorer and the calculator below a folder.

    Args:
        folder: The built site, or the docs folder: the one that holds ``assets``.

    Returns:
        The files written.
    """
    assets = Path(folder) / "assets"
    return [
        _write(assets / "explorer" / "data.js", "ARMSCOST_EXPLORER", explorer_data.everything()),
        _write(
            assets / "calculator" / "data.js", "ARMSCOST_CALCULATOR", calculator_data.everything()
        ),
    ]


def _write(path: Path, name: str, data: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Escaped to ASCII: a page opened from a folder may be read in another encoding.
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    path.write_text(f"window.{name} = {text};\n", encoding="ascii")
    return path

"""Docstrings as mkdocstrings reads them: roles become code, and an example becomes a block."""

from __future__ import annotations

import re
from typing import Any

import griffe

ROLE = re.compile(r":[a-z]+:`~?([^`]+)`")
EXAMPLE = re.compile(r"^(\s*)Example:$", re.MULTILINE)


def _shown(match: re.Match[str]) -> str:
    """The last part of a dotted name, with a link where the site has a page on it."""
    name = match[1]
    short = name.rsplit(".", 1)[-1]
    return f'<autoref optional identifier="{name}"><code>{short}</code></autoref>'


class Docstrings(griffe.Extension):
    """Sphinx roles and the heading ``Example:``, which mkdocstrings does not know."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of each object."""
        if obj.docstring:
            text = EXAMPLE.sub(r"\1Examples:", obj.docstring.value)
            obj.docstring.value = ROLE.sub(_shown, text)

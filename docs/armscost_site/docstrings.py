"""Docstrings as mkdocstrings reads them: roles become code, and an example becomes a block."""

from __future__ import annotations

import re
from typing import Any

import griffe

ROLE = re.compile(r":[a-z]+:`~?([^`]+)`")
# a power, as in T1 * x**b; left alone in code
POWER = re.compile(r"^(?!\s*(?:>>>|\.\.\.|    )).*$", re.MULTILINE)
EXAMPLE = re.compile(r"^(\s*)Example:$", re.MULTILINE)


def _shown(match: re.Match[str]) -> str:
    """The last part of a dotted name, with a link where the site has a page on it."""
    name = match[1]
    short = name.rsplit(".", 1)[-1]
    return f'<autoref optional identifier="{name}"><code>{short}</code></autoref>'


def _plain_power(line: re.Match[str]) -> str:
    parts = line[0].split("`")
    parts[::2] = [re.sub(r"(?<=[\w)])\*\*(?=[\w(-])", r"\\*\\*", part) for part in parts[::2]]
    return "`".join(parts)


class Docstrings(griffe.Extension):
    """Sphinx roles and the heading ``Example:``, which mkdocstrings does not know."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of each object."""
        if obj.docstring:
            text = POWER.sub(_plain_power, obj.docstring.value)
            text = EXAMPLE.sub(r"\1Examples:", text)
            text = re.sub(r"::$", ":", text, flags=re.MULTILINE)  # a block follows, set in
            obj.docstring.value = ROLE.sub(_shown, text)

"""What ``import armscost`` promises: it is light, touches nothing, and names what it has."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import armscost as ac

FACE = Path(ac.__file__)
HEAVY = ("pandas", "pint", "numpy", "scipy", "pyarrow", "pydantic", "duckdb", "narwhals", "rich")


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_import_loads_nothing_heavy():
    assert run(f"import sys, armscost; print([m for m in {HEAVY!r} if m in sys.modules])") == "[]"


def test_help_loads_nothing_heavy():
    code = (
        "import sys; sys.argv = ['armscost', '--help']\n"
        "from armscost.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    assert run(code).endswith("[]")


def test_import_touches_no_registry_logger_folder_or_network():
    code = """
import logging, os, pathlib, socket, sys
import pint
def refuse(*args, **kwargs): raise SystemExit("the network was touched")
socket.socket.connect = refuse
def state():
    registry = pint.get_application_registry().get()
    return (os.getcwd(), list(logging.root.handlers), registry, list(registry.preprocessors),
            len(list(registry)), sorted(os.listdir()))
before = state()
import armscost
assert state() == before
print("untouched")
"""
    assert run(code) == "untouched"


@pytest.mark.parametrize("name", ac.__all__)
def test_every_public_name_exists_and_is_told(name):
    value = getattr(ac, name)
    assert (value.__doc__ or "").strip()


def test_type_checkers_and_readers_see_the_same_names():
    tree = ast.parse(FACE.read_text(encoding="utf-8"))
    seen = {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("armscost.")
        for alias in node.names
    }
    assert seen == set(ac.__all__)


def test_an_unknown_attribute_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'comparee'"):
        _ = ac.comparee

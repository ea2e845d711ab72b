"""The reference: one page a module, one a table, the sources, the errors, the command line."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from html import escape
from typing import Any

import click

import armscost as ac
from armscost import datasets, errors
from armscost.cli import cli
from armscost_site import blocks, docstrings
from armscost_site.words import cell, link

GENERATED = (
    "<!-- Written by docs/armscost_site; change the code or the data, not this page. -->\n\n"
)


def pages(out: dict[str, str]) -> list[Any]:
    """Write every page of the reference into ``out``; give back its part of the nav."""
    out["reference/index.md"] = _face()
    modules = _modules(out)
    tables = _tables(out)
    out["reference/sources.md"] = _sources()
    out["reference/errors.md"] = _errors()
    out["reference/command-line.md"] = _command_line()
    return [
        {"Command line": "reference/command-line.md"},
        {"Errors": "reference/errors.md"},
        {"Tables": tables},
        {"Sources": "reference/sources.md"},
        {"Modules": modules},
    ]


# --- modules ----------------------------------------------------------------------------


def _modules(out: dict[str, str]) -> list[Any]:
    nav: list[Any] = ["reference/modules/index.md"]
    lines = [
        "# Modules",
        "",
        "Packages list their names; the modules below them hold the text.",
        "",
    ]
    for name in module_names():
        module = importlib.import_module(name)
        about = _first_line(module)
        page = f"reference/modules/{name}.md"
        package = hasattr(module, "__path__")
        body = f"::: {name}\n"
        if package:  # what it takes over from its modules is listed, with a link to the text
            own = [n for n, value in vars(module).items() if _of(value, name)]
            body += f"    options: {{members: {json.dumps(own) if own else 'false'}}}\n"
        if package:
            body += "\n" + _names(module, "")
        out[page] = f"---\ntitle: {name}\n---\n{GENERATED}# {name}\n\n{body}"
        nav.append({name: page})
        lines.append(f"- [`{name}`]({name}.md): {escape(about, quote=False)}")
    out["reference/modules/index.md"] = GENERATED + "\n".join(lines) + "\n"
    return nav


def _of(value: Any, module: str) -> bool:
    """Whether a public class or function is defined in that module itself."""
    if not (inspect.isclass(value) or inspect.isfunction(value)):
        return False
    return value.__module__ == module and not value.__name__.startswith("_")


def module_names() -> list[str]:
    """Every module of the library, but for those whose name starts with an underscore."""
    found = ["armscost"]
    for info in pkgutil.walk_packages(ac.__path__, "armscost."):
        if not any(part.startswith("_") for part in info.name.split(".")):
            found.append(info.name)
    return found


def _face() -> str:
    head = (
        "# Reference\n\nEverything below is `import armscost as ac; ac.NAME`, and stays. The "
        "[modules](modules/index.md) hold the rest; the [tables](tables/index.md), the "
        "[sources](sources.md), the [errors](errors.md) and the "
        "[command line](command-line.md) have pages of their own.\n\n"
    )
    return GENERATED + head + _names(ac, "modules/")


def _names(package: Any, where: str) -> str:
    """A table of a package's public names, each with a link to the module that defines it."""
    names = sorted(getattr(package, "__all__", []), key=str.lower)
    rows = []
    for name in names:
        target = getattr(package, name)
        home = getattr(target, "__module__", None)
        shown = f"`{name}`"
        if inspect.isclass(target) or inspect.isfunction(target):
            shown = f"[`{name}`]({where}{home}.md#{home}.{target.__name__})"
        rows.append(f"| {shown} | {_first_line(target)} |")
    below = [m for m in module_names() if m.rpartition(".")[0] == package.__name__]
    text = "\n".join(["| name | what it does |", "| --- | --- |", *rows]) + "\n" if rows else ""
    if below and not where:
        text += "\nModules: " + ", ".join(f"[`{m}`]({m}.md)" for m in below) + "\n"
    return text


def _first_line(target: Any) -> str:
    text = (inspect.getdoc(target) or "").split("\n")[0].replace("|", "\\|")
    return docstrings.ROLE.sub(lambda found: f"`{found[1].rsplit('.', 1)[-1]}`", text).replace(
        "``", "`"
    )


# --- tables -----------------------------------------------------------------------------


def _tables(out: dict[str, str]) -> list[Any]:
    overview = datasets.overview()
    names = {row.table: row for row in overview.itertuples()}
    listing = blocks.table(
        overview, f"The tables, data version {ac.data_version()}",
        {"table": "table", "rows": "rows", "facts": "distinct facts", "about": "one row"},
        {"table": lambda name: f'<a href="{name}.html"><code>{name}</code></a>',
         "about": lambda text: escape(str(text).removeprefix("one row is "))},
    )  # fmt: skip
    out["reference/tables/index.md"] = (
        f"{GENERATED}# Tables\n\nEach table is one Parquet file in `datasets/`; read it with "
        '`ac.load("costs")`, or [without armscost](../../how-to/read-the-tables.md). '
        "A statement printed by several papers is several rows and one fact.\n\n" + listing
    )
    for name, row in names.items():
        described = ac.describe(name)
        columns = blocks.table(
            described, f"Columns of {name}",
            {"column": "column", "type": "type", "unit": "unit", "required": "always there",
             "description": "what it holds", "allowed": "allowed words"},
            {"column": lambda text: f"<code>{text}</code>", "type": escape, "unit": escape,
             "description": escape, "allowed": escape},
        )  # fmt: skip
        out[f"reference/tables/{name}.md"] = (
            f"{GENERATED}# {name}\n\n{row.about[:1].upper()}{row.about[1:]}. "
            f"{row.rows:,} rows. The file: `datasets/{name}.parquet`.\n\n{columns}"
        )
    return ["reference/tables/index.md"] + [{n: f"reference/tables/{n}.md"} for n in names]


# --- sources, errors, command line --------------------------------------------------------


def _sources() -> str:
    frame = ac.load("sources").astype("object")
    frame = frame.sort_values(["publisher", "published", "source_id"], na_position="last")
    addresses = dict(zip(frame["source_id"], frame["url"], strict=True))
    titles = dict(zip(frame["source_id"], frame["title"], strict=True))
    frame = frame.assign(title=frame["source_id"])
    shown = blocks.table(
        frame, f"The {len(frame):,} sources",
        {"publisher": "publisher", "title": "title", "published": "published",
         "publisher_kind": "kind", "language": "language", "reliability": "reliability",
         "source_id": "id"},
        {"title": lambda key: link(str(titles[key]), addresses[key]), "publisher": escape,
         "source_id": lambda key: f'<code id="{key}">{key}</code>', "reliability": cell},
    )  # fmt: skip
    return (
        f"---\nsearch:\n  exclude: true\n---\n{GENERATED}# Sources\n\nEvery publication that a "
        "figure comes from. Reliability is a letter of the Admiralty code: A reliable to E "
        "unreliable, F cannot be judged. [How figures are graded]"
        "(../explanation/how-figures-are-graded.md). To cite one: `armscost cite ID`.\n\n" + shown
    )


def _errors() -> str:
    lines = [
        f"{GENERATED}# Errors", "",
        "Each message says what was given, what is allowed, and what to do. All of them are "
        "`armscost.ArmscostError`, and each is also the kind of error that Python would raise.", "",
    ]  # fmt: skip
    for name, error in vars(errors).items():
        if not (inspect.isclass(error) and issubclass(error, errors.ArmscostError)):
            continue
        kinds = [base.__name__ for base in error.__mro__[1:] if base.__module__ == "builtins"]
        kinds = [kind for kind in kinds if kind not in ("Exception", "BaseException", "object")]
        about = (inspect.getdoc(error) or "").split("\n\n")[0].replace("\n", " ")
        also = f" Also a `{kinds[0]}`." if kinds else ""
        lines += [f"## {name}", "", about.replace("``", "`") + also, ""]
        lines += [f"[`armscost.{name}`](modules/armscost.errors.md#armscost.errors.{name})", ""]
    return "\n".join(lines)


def _command_line() -> str:
    parts = [
        f"{GENERATED}# Command line", "",
        "The same answers as the library's, in a terminal. `--format` gives a table, csv, json "
        "or markdown; bad input is one clear line and exit status 1.", "",
        _help(cli, "armscost"),
    ]  # fmt: skip
    for path, command in _commands(cli, "armscost"):
        parts += [f"## {path}", "", _help(command, path)]
    return "\n".join(parts)


def _commands(group: click.Group, path: str) -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name, command in sorted(group.commands.items()):
        inner = f"{path} {name}"
        found.append((inner, command))
        if isinstance(command, click.Group):
            found += _commands(command, inner)
    return found


def _help(command: click.Command, path: str) -> str:
    context = click.Context(command, info_name=path, max_content_width=88, terminal_width=88)
    return f"```text\n{command.get_help(context)}\n```\n"

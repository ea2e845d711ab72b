"""The same answers in a terminal; computes nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

import armscost
from armscost.errors import ArmscostError

if TYPE_CHECKING:
    from armscost.comparison.capability import CostPerCapability
    from armscost.comparison.unit_price import Comparison
    from armscost.danish_model.answer import DanishModel

F = TypeVar("F", bound=Callable[..., Any])

FORMATS = ("table", "csv", "json", "markdown")
BASES = (
    "flyaway", "weapon_system", "procurement", "programme", "contract_price", "budget_line",
    "press_claim",
)  # fmt: skip
SCOPES = ("item_only", "with_support", "with_ammunition", "package", "programme", "unknown")
CONDITIONS = ("new", "used", "refurbished", "from_stock")
CONFLICTS = ("same_fact", "same_thing", "description", "conversion", "sum", "counted_twice")


def form_option(command: F) -> F:
    """The option that every command with an answer has."""
    option = click.option(
        "--format", "form", type=click.Choice(FORMATS), default="table", show_default=True,
        help="How to print the answer.",
    )  # fmt: skip
    return option(command)


class Examples(click.Command):
    """A command whose help ends with its examples, line by line as they are typed."""

    def __init__(self, *args: Any, examples: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        if self.examples:
            with formatter.section("Examples"):
                for line in self.examples:
                    formatter.write(f"  {line}\n")


class Commands(click.Group):
    """The commands; a misspelt one is answered with the nearest."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command or say which one was probably meant."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise armscost.UnknownNameError(
                "command", args[0], self.list_commands(ctx), where="armscost --help"
            )
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from armscost.datasets import data_version

        click.echo(f"armscost {armscost.__version__}, data {data_version()}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_version,
    help="Print the version of the code and of the data.",
)  # fmt: skip
def cli() -> None:
    """What weapon systems cost, how fast they are made, and what that compares to.

    Every number comes with its sources, price year, scope and grade.
    """


# --------------------------------------------------------------------------------------
# compare
# --------------------------------------------------------------------------------------


@cli.command(
    cls=Examples,
    examples=(
        "armscost compare bohdan caesar pzh-2000 --to EUR_2024",
        "armscost compare caesar zuzana-2 --to USD_2024 --scope item_only",
        "armscost compare bohdan --to EUR_2024 --explain bohdan",
        "armscost compare bohdan caesar --to EUR_2024 --per range_max",
        'armscost compare bohdan --to EUR_2024 --equal-budget "1 billion EUR_2024"',
    ),
)
@click.argument("systems", nargs=-1, required=True, metavar="SYSTEM...")
@click.option("--to", required=True, help="Currency and price year, such as EUR_2024.")
@click.option("--pool", is_flag=True, help="One row a system, whatever the scope; says so.")
@click.option(
    "--basis", multiple=True, type=click.Choice(BASES), metavar="BASIS",
    help=f"Keep this cost basis: {', '.join(BASES)}.",
)  # fmt: skip
@click.option("--scope", multiple=True, type=click.Choice(SCOPES), help="Keep these scopes.")
@click.option(
    "--condition", multiple=True, type=click.Choice(CONDITIONS), help="Keep these conditions."
)
@click.option(
    "--order", type=click.Choice(("deflate_then_exchange", "exchange_then_deflate")),
    default="deflate_then_exchange", show_default=True, help="Which step comes first.",
)  # fmt: skip
@click.option("--index", default="consumer", show_default=True, help="Which price index.")
@click.option(
    "--rate", type=click.Choice(("market", "ppp")), default="market", show_default=True,
    help="Market rates, or purchasing power (never the price of a purchase).",
)  # fmt: skip
@click.option("--per", metavar="MEASURE", help="Cost per unit of it, such as range_max.")
@click.option("--under", multiple=True, metavar="WORDS", help="With --per: only this shell.")
@click.option(
    "--alike", multiple=True, metavar="WORDS",
    help="With --per: shells to take as alike; says so.",
)  # fmt: skip
@click.option("--equal-budget", metavar="SUM", help='What "100 million EUR_2024" buys of each.')
@click.option("--explain", multiple=True, metavar="SYSTEM", help="Show each step for a system.")
@click.option("--chart", type=click.Path(dir_okay=False), help="Also draw it: FILE.svg or .png.")
@form_option
def compare(
    systems: tuple[str, ...],
    to: str,
    pool: bool,
    basis: tuple[str, ...],
    scope: tuple[str, ...],
    condition: tuple[str, ...],
    form: str,
    per: str | None,
    under: tuple[str, ...],
    alike: tuple[str, ...],
    equal_budget: str | None,
    explain: tuple[str, ...],
    chart: str | None,
    **method: Any,
) -> None:
    """Compare what systems cost in one currency and price year, like with like."""
    from armscost import terminal

    choices = {"pool": pool, "basis": basis or None, "scope": scope or None,
               "condition": condition or None} | method  # fmt: skip
    if per and equal_budget:
        raise click.UsageError("--per and --equal-budget are two questions; ask one at a time")
    if not per and (under or alike):
        raise click.UsageError("--under and --alike go with --per")
    print_table, result = _asked(systems, to, per, under, alike, equal_budget, choices)
    if chart:
        from armscost import charts

        charts.save(result.chart(), chart)
    if explain:
        terminal.say(str(result.explain(*explain)), indent=4)
        return
    terminal.show(result.table, form, table=lambda: print_table(result), result=result)


def _asked(
    systems: tuple[str, ...],
    to: str,
    per: str | None,
    under: tuple[str, ...],
    alike: tuple[str, ...],
    budget: str | None,
    choices: dict[str, Any],
) -> tuple[Callable[[Any], None], Comparison]:
    """The answer to the question that the options ask, and what prints it."""
    if per:
        from armscost.comparison.capability import cost_per_capability

        shells: dict[str, Any] = {"under": under or None, "alike": alike or None}
        return _per_table, cost_per_capability(systems, per, to, **shells, **choices)
    if budget:
        from armscost.comparison.purchases import equal_budget

        bought = equal_budget(systems, budget, **choices)
        if bought.unit != to:
            raise click.UsageError(f"--equal-budget is in {bought.unit} and --to is {to}")
        return _budget_table, bought
    from armscost.comparison.unit_price import compare as plain

    return _compare_table, plain(systems, to, **choices)


def _per_table(result: CostPerCapability) -> None:
    from armscost import terminal

    amount = terminal.amount

    def cells(row: Any) -> list[str]:
        shell = row.capability_condition
        ends = [amount(value) for value in (row.low, row.median, row.high)]
        ratio = "" if row.ratio != row.ratio else f"{row.ratio:.2f}"
        word = shell.removesuffix(" shell") if isinstance(shell, str) else "–"
        return [word, *ends, f"{row.capability:g}", ratio]

    heads = ["shell" if "range" in result.measure else "condition", "low", "median", "high",
             result.measure_unit, "ratio"]  # fmt: skip
    _by_system(result, heads, cells, numbers=range(2, 7))
    first = result.table["system_id"].iloc[0]
    terminal.say(
        f"In {result.table['unit'].iloc[0]}: median price over median {result.measure}; low and "
        f"high: 10th and 90th percentiles. ratio: to {first}, only where price and "
        f"{result.measure} are both of one known kind."
    )
    _figures(result)
    terminal.heading(f"{result.measure} as published")
    figures = result.trace[result.trace["figure_of"] == "capability"]
    for system, printed in zip(figures["system_id"], figures["printed"], strict=True):
        lines = str(printed).splitlines()
        terminal.say(f"- {system}: {' '.join(line.strip() for line in lines)}", indent=2)
    _assumed(result)


def _budget_table(result: Comparison) -> None:
    from armscost import terminal

    def cells(row: Any) -> list[str]:
        counts = [f"{value:,}" for value in (row.units_low, row.units, row.units_high)]
        return [*counts, terminal.amount(row.median), terminal.amount(row.left)]

    heads = ["fewest", "units", "most", "price", "left over"]
    _by_system(result, heads, cells, numbers=range(1, 6))
    terminal.say(
        f"Whole units at the highest, the median and the lowest price; price and what is left "
        f"over at the median, in {result.unit}."
    )
    _figures(result)
    _assumed(result)


def _by_system(
    result: Comparison,
    heads: list[str],
    cells: Callable[[Any], list[str]],
    numbers: range,
) -> None:
    """Print the title and the rows, a head above each system."""
    from armscost import terminal
    from armscost.results import rows_of

    terminal.say(result.title, style="bold")
    terminal.say()
    rows: list[list[str]] = []
    sections: list[str | None] = []
    last = None
    for row in rows_of(result.table):
        sections.append(row.system_id if row.system_id != last else None)
        last = row.system_id
        kind = "  all kinds pooled" if result.pooled else f"  {_kind(row)}"
        rows.append([kind, *cells(row)])
    terminal.show_table(rows, ["kind of price", *heads], numbers=numbers, sections=sections)
    terminal.say()


def _assumed(result: Comparison) -> None:
    from armscost import terminal

    terminal.heading("Assumptions")
    for line in result.assumptions:
        terminal.say(f"- {line}", indent=2)
    _left_out(result)


def _compare_table(result: Comparison) -> None:
    from armscost import terminal
    from armscost.results import rows_of

    terminal.say(result.title, style="bold")
    terminal.say()
    table, pooled = result.table, bool(result.pooled)
    rows: list[list[str]] = []
    sections: list[str | None] = []
    last = None
    for row in rows_of(table):
        sections.append(row.system_id if row.system_id != last else None)
        last = row.system_id
        kind = "  all kinds pooled" if pooled else f"  {_kind(row)}"
        ratio = "" if row.ratio != row.ratio else f"{row.ratio:.2f}"
        ends = [terminal.amount(value) for value in (row.low, row.median, row.high)]
        rows.append([kind, *ends, f"{row.n_facts}/{row.n_origins}", ratio])
    heads = ["system and kind of price", "low", "median", "high", "f/o", "ratio"]
    terminal.show_table(rows, heads, numbers=range(1, 6), sections=sections)
    terminal.say()
    first = table["system_id"].iloc[0]
    terminal.say(
        f"One item each, in {result.unit}. ratio: to the median of {first}, only where both are "
        "of the same known kind. f/o: facts (deals or statements, each counted once) and origins "
        "(who first said them)."
    )
    _figures(result)
    _assumed(result)


def _kind(row: Any) -> str:
    basis = str(row.cost_basis).removesuffix("_price").removesuffix("_line").removesuffix("_claim")
    scope = "scope unknown" if row.scope == "unknown" else str(row.scope)
    words = [basis, scope, row.condition]
    return ", ".join(str(word).replace("_", " ") for word in words if word == word and word)


def _figures(result: Comparison) -> None:
    from armscost import terminal
    from armscost.results import rows_of

    terminal.heading("From these published figures")
    prices = result.trace
    if "figure_of" in prices:
        prices = prices[prices["figure_of"] == "cost"]
    counted = prices[prices["counted"].astype("bool")]
    rows: list[list[str]] = []
    sections: list[str | None] = []
    last = None
    order = {name: place for place, name in enumerate(result.table["system_id"].unique())}
    counted = counted.sort_values("system_id", key=lambda c: c.map(order), kind="stable")
    for row in rows_of(counted):
        sections.append(row.system_id if row.system_id != last else None)
        last = row.system_id
        mark = "*" if row.computed else " "
        value = terminal.amount(row.central) + mark
        # The id is what `cite` wants; in a narrow terminal the publisher's name says more.
        source = row.source_id if terminal.width() > 110 else row.publisher
        rows.append([f"  {row.printed}", value, row.grade, source])
    heads = ["as printed", result.unit, "grade", "source"]
    terminal.show_table(rows, heads, numbers=(1,), sections=sections, firm=(2,))
    terminal.say()
    terminal.say(
        "* unit price computed by armscost. grade: reliability of the source A-F, credibility of "
        "the figure 1-6. Each step and source id: --explain SYSTEM; references: armscost cite ID"
    )


def _left_out(result: Any) -> None:
    from armscost import terminal

    if not len(result.left_out):
        return
    terminal.heading(f"Left out ({len(result.left_out)})")
    for reason, figures in result.left_out.groupby("reason", sort=False):
        terminal.say(f"- {reason}: {', '.join(figures['figure'])}", indent=2)


# --------------------------------------------------------------------------------------
# danish-model
# --------------------------------------------------------------------------------------


@cli.command(
    "danish-model",
    cls=Examples,
    examples=(
        'armscost danish-model bohdan --budget "1 billion EUR_2025" --start 2025-05',
        'armscost danish-model bohdan --budget "1.4 billion EUR_2025" --start 2025-01 \\',
        "    --months 12 --set price='2.3 million EUR_2025' --set capacity=40/month",
        'armscost danish-model bohdan --budget "1 billion EUR_2025" --start 2025-05 \\',
        "    --against western_purchase=caesar --against co_production=bohdan",
    ),
)
@click.argument("system")
@click.option("--budget", required=True, help='The sum, such as "1 billion EUR_2025".')
@click.option("--start", required=True, help="First month, such as 2025-05.")
@click.option("--months", type=int, default=24, show_default=True, help="How many months.")
@click.option(
    "--against", multiple=True, metavar="CHANNEL=SYSTEM",
    help="Another channel, same money: western_purchase, donation_from_stock, co_production.",
)  # fmt: skip
@click.option(
    "--set", "own", multiple=True, metavar="INPUT=VALUE",
    help="An input you know better: price, rate, capacity, lead_time, other_orders, slope, …",
)  # fmt: skip
@click.option("--schedule", is_flag=True, help="Print the months instead of the summary.")
@click.option("--chart", type=click.Path(dir_okay=False), help="Also draw it: FILE.svg or .png.")
@form_option
def danish_model(
    system: str,
    against: tuple[str, ...],
    own: tuple[str, ...],
    schedule: bool,
    chart: str | None,
    form: str,
    **question: Any,
) -> None:
    """Turn a budget into deliveries: how many, when, at what price, and what limits it."""
    from armscost import terminal
    from armscost.danish_model.answer import danish_model as answer

    result = answer(
        system,
        question.pop("budget"),
        alternatives=_pairs(against, "--against western_purchase=caesar"),
        overrides=_pairs(own, "--set capacity=40/month"),
        **question,
    )
    if chart:
        from armscost import charts

        charts.save(result.chart(), chart)
    if schedule:
        terminal.show(result.schedule, form)
    else:
        terminal.show(result.summary, form, table=lambda: _danish_table(result), result=result)


def _pairs(words: tuple[str, ...], example: str) -> dict[str, str]:
    """``name=value`` words as a dictionary."""
    for word in words:
        if "=" not in word:
            raise click.UsageError(f"{word!r} has no '='; write it as in: {example}")
    return {name.strip(): value.strip() for name, _, value in (w.partition("=") for w in words)}


def _danish_table(result: DanishModel) -> None:
    from armscost import terminal
    from armscost.results import rows_of

    terminal.say(result.title, style="bold")
    terminal.say()
    rows = []
    for row in rows_of(result.summary):
        span = f"{row.units_p10:,.0f}–{row.units_p90:,.0f}"
        when = f"{row.first_delivery} to {row.last_delivery}" if row.first_delivery else "none"
        price = terminal.amount(row.unit_price)
        name = f"{row.channel.replace('_', ' ')}: {row.system_id}"
        share = f"{row.share_in_ukraine:.0%}"
        rows.append([name, f"{row.units_p50:,.0f}", span, when, price, row.limit, share])
    heads = ["channel", "units", "p10–p90", "delivered", "unit price", "limit", "in UA"]
    terminal.show_table(rows, heads, numbers=(1, 2, 4, 6), firm=(5,))
    terminal.say()
    money = result.switch_budget.magnitude
    unit = result.switch_budget.units
    turn = f"{terminal.amount(money)} {unit}" if money < float("inf") else "no sum"
    terminal.say(
        f"Capacity, not money, becomes the limit of the first channel at {turn}: from there on it "
        "binds in half of the months or more. Unit prices are medians in the budget's unit."
    )
    terminal.heading("Inputs")
    _inputs_table(result)
    terminal.say()
    terminal.say(
        "* assumed by us, no figure of anybody's. Each figure and source: --format markdown."
    )
    terminal.heading("Assumptions")
    for line in result.general_assumptions():
        terminal.say(f"- {line}", indent=2)


def _inputs_table(result: DanishModel) -> None:
    """Each input of each channel: best value, range, and a star where it is assumed."""
    from armscost import terminal

    names = list(dict.fromkeys(name for own in result.inputs.values() for name in own))
    rows = []
    for name in names:
        cells = []
        for own in result.inputs.values():
            one = own.get(name)
            if one is None or not one.unit:
                cells.append("")
                continue
            ends = (float(getattr(one.estimate, end)) for end in ("low", "best", "high"))
            low, best, high = (terminal.amount(end) if end >= 1e4 else f"{end:.3g}" for end in ends)
            span = best if low == high else f"{best} ({low}–{high})"
            cells.append(span + ("*" if one.assumed else " "))
        if any(cells):
            rows.append([name.replace("_", " "), *cells])
    heads = ["", *(channel.replace("_", " ") for channel in result.inputs)]
    terminal.show_table(rows, heads, numbers=())


# --------------------------------------------------------------------------------------
# claims and conflicts
# --------------------------------------------------------------------------------------


@cli.command(
    cls=Examples,
    examples=(
        "armscost claims",
        "armscost claims bohdan --to EUR_2024",
        "armscost claims --explain zuzana-2-cost-bohdan-re-russia",
    ),
)
@click.argument("about", nargs=-1, metavar="[NAME]...")
@click.option("--to", default="EUR_2024", show_default=True, help="Currency and price year.")
@click.option("--explain", multiple=True, metavar="CLAIM", help="Show the figures behind it.")
@form_option
def claims(about: tuple[str, ...], to: str, explain: tuple[str, ...], form: str) -> None:
    """Test stated ratios against the figures; by NAME (claim, system, area) in full."""
    from armscost import evidence, terminal, terminal_evidence

    result = evidence.check_claims(to, about=about or explain or None)
    if explain:
        terminal.say(str(result.explain(*explain)), indent=4)
        return
    told = terminal_evidence.claim_readings if about else terminal_evidence.claim_verdicts
    terminal.show(result.table, form, table=lambda: told(result), result=result)


@cli.command(
    cls=Examples,
    examples=("armscost conflicts", "armscost conflicts --kind conversion --format csv"),
)
@click.option("--kind", type=click.Choice(CONFLICTS), help="Only one kind of conflict.")
@form_option
def conflicts(kind: str | None, form: str) -> None:
    """List figures that disagree, sums that do not add up, and money told twice."""
    from armscost import evidence, terminal, terminal_evidence

    result = evidence.conflicts(kind=kind)
    told = terminal_evidence.conflicts_table
    terminal.show(result.table, form, table=lambda: told(result), result=result)


# --------------------------------------------------------------------------------------
# the tables
# --------------------------------------------------------------------------------------


@cli.command(cls=Examples, examples=("armscost tables", "armscost tables costs"))
@click.argument("table", required=False)
@form_option
def tables(table: str | None, form: str) -> None:
    """List the tables with rows and distinct facts, or describe the columns of one."""
    from armscost import datasets, terminal

    if table:
        about = datasets.describe(table)
        brief = about[["column", "type", "unit", "description"]]
        terminal.show(about, form, table=lambda: terminal.show_frame(brief))
        return
    terminal.show(datasets.overview(), form)


@cli.command(
    cls=Examples,
    examples=("armscost show", "armscost show caesar", "armscost show caesar --format json"),
)
@click.argument("system", required=False)
@form_option
def show(system: str | None, form: str) -> None:
    """Show every figure of a system by kind and date, or list the systems."""
    from armscost import datasets, terminal

    if system is None:
        systems = datasets.load("systems")[["system_id", "name", "category", "country"]]
        terminal.show(systems, form)
        return
    figures = datasets.figures_of(system)
    terminal.show(figures, form, table=lambda: _show_system(system, figures))


def _show_system(name: str, figures: Any) -> None:
    from armscost import datasets, terminal
    from armscost.results import rows_of

    record = datasets.system(name)
    terminal.say(f"{record.name} ({record.system_id})", style="bold")
    terminal.say(record.summary)
    facts = [record.category, record.maker, record.country, record.other_names]
    terminal.say("; ".join(fact for fact in facts if fact))
    for table, rows in figures.groupby("table", sort=False):
        terminal.heading(f"{str(table).capitalize()} ({len(rows)})")
        cells = [
            [terminal.cell(r.date), r.figure, r.kind, r.grade, r.source_id] for r in rows_of(rows)
        ]
        terminal.show_table(cells, ["date", "figure", "kind", "grade", "source"], firm=(0, 3))


@cli.command(
    cls=Examples,
    examples=(
        "armscost cite re-russia-2025-04",
        "armscost cite re-russia-2025-04 --style bibtex",
    ),
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--style", type=click.Choice(("text", "bibtex")), default="text", show_default=True)
def cite(sources: tuple[str, ...], style: str) -> None:
    """Print references for sources."""
    from armscost import datasets

    click.echo(datasets.cite(sources, style=style))


# --------------------------------------------------------------------------------------
# data
# --------------------------------------------------------------------------------------


@cli.group(cls=Commands)
def data() -> None:
    """Check and build the tables from the curated text (extra: curation)."""


@data.command(cls=Examples, examples=("armscost data check",))
def check() -> None:
    """Prove that the curated text is sound and that the Parquet files agree with it."""
    from armscost.curation import build as curation

    _told(curation.differences(), "text and Parquet agree")


@data.command(cls=Examples, examples=("armscost data build",))
def build() -> None:
    """Build the Parquet files and what stands beside them; all of it, or nothing."""
    from armscost.curation import build as curation

    _told(curation.build(), "built")


def _told(built: dict[str, Any], what: str) -> None:
    rows = sum(table.num_rows for table in built.values())
    click.echo(f"{what}: {len(built)} tables, {rows:,} rows")


def main() -> None:
    """Run the command; every fault is one clear line and exit status 1."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(1)
    except (ArmscostError, OSError) as error:
        # A reader of our output that went away is no fault of the user's.
        if not isinstance(error, BrokenPipeError):
            click.echo(f"armscost: {error}", err=True)
        sys.exit(1)
    except click.ClickException as error:
        usage = getattr(error, "ctx", None)
        help_line = f" (see: {usage.command_path} --help)" if usage else ""
        click.echo(f"armscost: {error.format_message()}{help_line}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()

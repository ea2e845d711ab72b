"""Every stated ratio held against the priced and dated evidence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from pydantic import ValidationError

from armscost import prices, units
from armscost.errors import OutsideEvidenceError, each_chosen, finite, whole
from armscost.evidence.dated_ratios import (
    DatedFigures,
    delivery_tests,
    growth_tests,
    output_tests,
    wage_tests,
)
from armscost.evidence.price_ratios import PricedFigures, cost_tests
from armscost.evidence.ratios import Test, implied, pairs, stated_range, untestable, verdict
from armscost.evidence.tables import plain
from armscost.records import Claim
from armscost.results import Explanation, Result, records

_ABOUT = ("claim_id", "relation", "subject_id", "object_id")


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ClaimCheck(Result):
    """Stated ratios and what the evidence says of them; see :func:`check_claims`.

    Attributes:
        summary: One row a claim: its words, the ratios it allows, one ``verdict`` over its
            strict tests and the reason where that is ``untestable``.
        unit: Currency and price year of the rebased ratios.
    """

    summary: pd.DataFrame
    unit: str

    @property
    def pairs(self) -> pd.DataFrame:
        """Each figure of a subject over each figure of its object, with both ratios."""
        return self.trace

    def explain(self, *items: str) -> Explanation:
        """Go from a claim to every pair of published figures that it was held against.

        Args:
            *items: Ids of claims; all of them where none is given.

        Returns:
            An :class:`~armscost.results.Explanation`: print it, or take its ``.table``. A claim
            without evidence has its reason there.

        Raises:
            UnknownNameError: For a claim that is not in this answer.
        """
        known = self.summary["claim_id"].tolist()
        chosen = each_chosen("claim in this answer", items, known) or known
        rows = self.trace[self.trace["claim_id"].isin(chosen)].reset_index(drop=True)
        lines = [self.title]
        for claim in records(self.summary[self.summary["claim_id"].isin(chosen)]):
            lines += _claim_told(claim, rows[rows["claim_id"] == claim["claim_id"]])
        lines += ["", "Assumptions:", *(f"  - {line}" for line in self.assumptions)]
        return Explanation("\n".join(lines), rows)


def _claim_told(claim: dict[str, Any], pairs_of_it: pd.DataFrame) -> list[str]:
    lines = ["", f"{claim['claim_id']}: {claim['statement']} [{claim['source_id']}]"]
    reason = f" ({claim['reason']})" if claim["reason"] else ""
    lines.append(f"  allows {_allowed(claim)}; verdict: {claim['verdict']}{reason}")
    if len(pairs_of_it):
        for key, group in pairs_of_it.groupby(["test", "reference", "subject_test"], sort=False):
            lines += ["", "  " + " | ".join(str(part) for part in key if part != "")]
            lines += [line for row in records(group) for line in _told(row)]
    return lines


def _told(row: dict[str, Any]) -> list[str]:
    again = "" if row["counted"] else "  (a fact told already: not counted again)"
    lines = []
    for side in ("subject", "object"):
        lines.append(f"    {row[f'{side}_printed']}  [{row[f'{side}_figure']}]")
        lines += [f"      {step}" for step in row[f"{side}_steps"].splitlines()]
    nominal = row.get("nominal_ratio", math.nan)
    lines.append(f"      = {row['ratio']:.3g} times, nominal {nominal:.3g}{again}")
    return lines


def _allowed(claim: dict[str, Any]) -> str:
    if "allowed_low" not in claim:
        return "no number"
    return f"{claim['allowed_low']:.4g} to {claim['allowed_high']:.4g}"


def check_claims(
    to: str = "EUR_2024",
    *,
    about: Sequence[str] | str | None = None,
    claims: Sequence[Mapping[str, Any]] | pd.DataFrame | None = None,
    tolerance: float = 0.1,
    years_back: int = 1,
    order: str = "deflate_then_exchange",
    index: str = "consumer",
    rate: str = "market",
    book: prices.PriceBook | None = None,
) -> ClaimCheck:
    """Test every stated ratio against the priced and dated evidence.

    A claim is read by its own qualifier: "about" and "target" allow ``tolerance`` on either
    side, "exact" half of it, "at least" and "at most" everything beyond, a range what it says.
    The evidence implies a lowest ratio (lowest figure of the subject over highest of the
    object), a median (ratio of the two medians) and a highest. Then the verdict is

    - ``supported`` where the claim allows the median;
    - ``within_range`` where it allows another ratio between the lowest and the highest;
    - ``contradicted`` where it allows none of them;
    - ``untestable`` where no figures of one known kind stand on both sides, with the reason.

    A verdict is given between like groups only: prices of one basis, scope, condition and
    item; outcomes (produced, delivered) of one item and year; one concept of wages. Capacities
    and plans are read apart. Most published prices have an unknown scope, so that prices are
    also read figure by figure: each kind of price of the subject against the price that the
    claim's own source prints for the object, against the best graded price and against the
    latest contract. Such a ``reading`` follows the same rule, is marked ``alike = False``, and
    is never a verdict.

    Args:
        to: Currency and price year of the rebased ratios; nominal ones stand beside them
            (each price at the rate of its own year, not deflated).
        about: Only claims with these ids, subjects or objects.
        claims: Your own claims, with the columns of the table ``claims``, in place of ours.
        tolerance: What "about" leaves open, as a share of the ratio. A tenth keeps "about
            three" apart from "about two and a half" and "about eight" from "about seven".
        years_back: How many years before a claim still speak of its time. Where wages have no
            common year then, the latest two years one apart are taken, and it is said.
        order: See :func:`armscost.rebase`.
        index: See :func:`armscost.rebase`.
        rate: See :func:`armscost.rebase`.
        book: Rates and indices of your own.

    Returns:
        A :class:`ClaimCheck`. Its table has a row for each claim and body of evidence:
        ``test`` (``like groups`` or ``figure by figure``), ``alike``, ``subject_kind``,
        ``object_kind``, ``reference``, the implied ``low``, ``median``, ``high`` and
        ``nominal_low`` …, ``n_pairs``, ``verdict`` (like groups) or ``reading`` and
        ``nominal_reading`` (figure by figure), ``note``. ``.summary`` has a row a claim,
        ``.pairs`` a row for every two figures.

    Raises:
        UnknownNameError: For a name in ``about`` that no claim has, or an unknown currency.
        OutsideEvidenceError: For a tolerance outside 0–1, a claim that breaks the rules of the
            table, or a ``to`` that no price can be brought to.

    Example:
        >>> found = check_claims(about="pzh-2000-cost-bohdan-re-russia")
        >>> found.summary["verdict"].tolist()
        ['untestable']
        >>> sorted(found.table["reference"].unique())[-1]
        "the source's own price"
    """
    units.price_unit(to)
    if not 0 <= finite("tolerance", tolerance) < 1:
        raise OutsideEvidenceError(f"a tolerance of {tolerance:g} is refused; write 0.1 for 10 %")
    whole("years_back", years_back)
    method = {"order": order, "index": index, "rate": rate, "book": book}
    chosen = _about(_claims(claims), about)
    priced, dated = PricedFigures(to, method), DatedFigures(to, method, years_back)
    rows, trace, summary = [], [], []
    for claim in chosen:
        stated = stated_range(claim, tolerance)
        tests = _tests(claim, stated, priced, dated)
        mine = [_row(claim, stated, test) for test in tests]
        rows += mine
        trace += [{"claim_id": claim["claim_id"], **pair} for test in tests for pair in pairs(test)]
        summary.append(_summed_up(claim, stated, mine))
    if priced.failures and not priced.factors:
        # The reasons of rates come last, each with the years that there are.
        reason = "; ".join(priced.failures[0].split("; ")[-2:])
        raise OutsideEvidenceError(f"no price can be brought to {to}: {reason}")
    return ClaimCheck(
        title=f"{len(chosen)} stated ratios against the evidence, prices in {to}",
        table=pd.DataFrame(rows),
        assumptions=_assumptions(tolerance, years_back, [*priced.factors, *dated.factors]),
        sources=_sources(chosen, trace),
        left_out=_left_out(priced, dated, trace),
        trace=pd.DataFrame(trace) if trace else pd.DataFrame(columns=["claim_id"]),
        summary=pd.DataFrame(summary),
        unit=to,
    )


def _claims(given: Sequence[Mapping[str, Any]] | pd.DataFrame | None) -> list[dict[str, Any]]:
    if given is None:
        return records(plain("claims"))
    if isinstance(given, pd.DataFrame):
        frame = given
    elif isinstance(given, Sequence) and all(isinstance(claim, Mapping) for claim in given):
        frame = pd.DataFrame([dict(claim) for claim in given])
    else:
        raise OutsideEvidenceError(
            f"claims is {given!r}; give a list of rows or a table, with the columns of 'claims'"
        )
    if frame.empty:
        raise OutsideEvidenceError("no claim given; one is a row with the columns of 'claims'")
    rows = records(frame)
    for number, row in enumerate(rows):
        try:
            Claim.model_validate(row)
        except ValidationError as error:
            faults = "; ".join(f"{f['loc'][0] if f['loc'] else 'row'}: {f['msg']}"
                               for f in error.errors())  # fmt: skip
            raise OutsideEvidenceError(f"own claim {number}: {faults}") from None
    return rows


def _about(claims: list[dict[str, Any]], about: Sequence[str] | str | None) -> list[dict[str, Any]]:
    if about is None:
        return claims
    keys = ("claim_id", "subject_id", "object_id")
    known = {str(claim[key]) for claim in claims for key in keys}
    names = each_chosen("claim or subject of one", about, known, where="armscost claims")
    if not names:
        raise OutsideEvidenceError("about names nothing; leave it out for every claim")
    return [claim for claim in claims if any(claim[key] in names for key in keys)]


def _tests(
    claim: dict[str, Any],
    stated: tuple[float, float],
    priced: PricedFigures,
    dated: DatedFigures,
) -> list[Test]:
    if math.isnan(stated[0]):
        return [untestable("the claim prints no number")]
    if claim["relation"] == "cost":
        return cost_tests(claim, priced)
    kinds = {
        "output": output_tests,
        "growth": growth_tests,
        "wage": wage_tests,
        "delivery_time": delivery_tests,
    }
    if claim["relation"] not in kinds:
        word = claim["relation"].replace("_", " ")
        return [untestable(f"no table holds figures on {word} of {claim['subject_id']}")]
    return kinds[claim["relation"]](claim, dated)


def _row(claim: dict[str, Any], stated: tuple[float, float], test: Test) -> dict[str, Any]:
    found = implied(test)
    judged = verdict(stated, found["low"], found["median"], found["high"])
    nominal = verdict(stated, found["nominal_low"], found["nominal_median"], found["nominal_high"])
    return {
        **{name: claim[name] for name in _ABOUT},
        "allowed_low": stated[0],
        "allowed_high": stated[1],
        "test": test.name,
        "alike": test.alike,
        "subject_kind": test.subject_kind,
        "object_kind": test.object_kind,
        "reference": test.reference,
        **found,
        "verdict": judged if test.alike else None,
        "reading": None if test.alike else judged,
        "nominal_reading": None if test.alike else nominal,
        "note": test.note,
    }


def _summed_up(
    claim: dict[str, Any], stated: tuple[float, float], rows: list[dict[str, Any]]
) -> dict[str, Any]:
    """One verdict over the strict tests: they agree, or the claim holds for some of them."""
    tested = [row["verdict"] for row in rows if row["alike"] and row["verdict"] != "untestable"]
    one_word = tested[0] if len(set(tested)) == 1 else "within_range"
    word = one_word if tested else "untestable"
    return {
        **{name: claim[name] for name in _ABOUT},
        "statement": claim["statement"],
        "qualifier": claim["qualifier"],
        "allowed_low": stated[0],
        "allowed_high": stated[1],
        "verdict": word,
        "n_tests": len(tested),
        "n_readings": sum(not row["alike"] for row in rows),
        "reason": rows[0]["note"] if word == "untestable" else "",
        "fact_id": claim["fact_id"],
        "source_id": claim["source_id"],
    }


def _assumptions(tolerance: float, years_back: int, factors: list[prices.Factor]) -> list[str]:
    return [
        f'"about" allows {tolerance:.3g} of the ratio on either side, "exact" half of that',
        "supported: the claim allows the ratio of the medians; within_range: it allows another "
        "ratio of the evidence; contradicted: it allows none; a verdict between like groups only",
        f"outputs and wages: years from {years_back} before the claim to the year of the claim",
        "a month's output × 12, a day's × 365, a count over its period where that is half a "
        "year or more; produced and delivered, capacity, and plans apart",
        "one value a fact: the best graded figure",
        "nominal: each price at the rate of its own year, not deflated",
        *prices.summary(factors),
    ]


def _sources(claims: list[dict[str, Any]], trace: list[dict[str, Any]]) -> list[str]:
    sides = ("subject_source", "object_source")
    named = {str(claim["source_id"]) for claim in claims}
    return sorted(named | {str(pair[side]) for pair in trace for side in sides})


def _left_out(
    priced: PricedFigures, dated: DatedFigures, trace: list[dict[str, Any]]
) -> pd.DataFrame:
    """What no claim was held against; a plan may be no price and yet what a claim names."""
    found = [
        *priced.left_out,
        pd.DataFrame(dated.left_out, columns=["figure", "reason", "source_id"]),
    ]
    together = pd.concat(found, ignore_index=True)
    used = {pair[f"{side}_figure"] for pair in trace for side in ("subject", "object")}
    together = together[~together["figure"].isin(used)]
    return together.drop_duplicates(["figure", "reason"]).reset_index(drop=True)

"""Answers to published cases, by the public functions alone.

``answer(topic, inputs)`` takes the topic and inputs of a case in ``published_cases.json`` and
returns a dictionary that holds at least the keys of the case's ``expected``. Other cases of
the same topics can be put to it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

# The case files' names are told apart by subject; a runner may import this file by its path.
sys.path.insert(0, str(Path(__file__).parent))

import answers_decision
import answers_learning
import answers_prices
import answers_production
import answers_uncertainty

import armscost as ac
from armscost.errors import UnknownNameError


def _admiralty(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"valid": [ac.valid_admiralty(code) for code in inputs["codes"]]}


TOPICS = {
    "source.admiralty": _admiralty,
    **answers_prices.TOPICS,
    **answers_learning.TOPICS,
    **answers_uncertainty.TOPICS,
    **answers_production.TOPICS,
    **answers_decision.TOPICS,
}

# Topics that armscost does not offer, each with the reason.
NOT_OFFERED: dict[str, str] = answers_decision.NOT_OFFERED


def answer(topic: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Answer a published case.

    Args:
        topic: Its topic, for example ``"learning.unit"``.
        inputs: Its inputs.

    Returns:
        The answer under the names that the case expects.

    Raises:
        NotOfferedError: For a topic that is listed as not offered.
        UnknownNameError: For a topic that nobody knows.
    """
    if topic in NOT_OFFERED:
        raise NotOfferedError(f"{topic}: {NOT_OFFERED[topic]}")
    if topic not in TOPICS:
        raise UnknownNameError("topic", topic, TOPICS)
    return TOPICS[topic](inputs)


class NotOfferedError(LookupError):
    """A topic of the published cases that armscost does not offer, with the reason."""

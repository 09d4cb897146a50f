"""The gate's results as the review screens show them."""

from collections.abc import Iterator
from typing import Any

from education.articles.content.blocks import Block
from education.articles.content.canonical import has_words
from education.articles.editing.screen import block_links
from education.articles.publishing import gate

STANDINGS = FAILED, PENDING, PASSED = "failed", "pending", "passed"  # as the screen lists them


def rule_rows(result: gate.GateResult) -> list[dict[str, Any]]:
    """One row for each rule: whether it is met, and each failure with a link to the block where it can be corrected.

    What is to be done comes first.
    """
    links = block_links(result.facts.article, result.facts.blocks)
    unsigned = result.facts.signature is None
    rows = [
        {
            "statement": rule_result.rule.statement,
            "asks": rule_result.rule.asks or rule_result.rule.statement,
            "lacks": rule_result.rule.lacks,
            "standing": _standing(rule_result, unsigned=unsigned),
            "needs_clinician": rule_result.rule.needs_clinician,
            "failures": list(_failures(rule_result, links)),
        }
        for rule_result in result.results
    ]
    return sorted(rows, key=lambda row: STANDINGS.index(row["standing"]))


def _failures(rule_result: gate.RuleResult, links: list[str]) -> Iterator[dict[str, str]]:
    """Below the rule's statement: what that has not said already."""
    for failure in rule_result.failures:
        message = failure.message if failure.below_statement is None else failure.below_statement
        if message:
            yield {"message": message, "href": "" if failure.block is None else links[failure.block]}


def _standing(rule_result: gate.RuleResult, *, unsigned: bool) -> str:
    """Pending: the rule needs a clinician, and there is no signature yet that it could be checked against."""
    if not rule_result.passed:
        return FAILED
    return PENDING if unsigned and rule_result.rule.needs_clinician else PASSED


def blocks_in_content(result: gate.GateResult) -> list[Block]:
    """The blocks that the content holds, in its order: empty ones are left out."""
    return [block for block in result.facts.blocks if has_words(block.content())]

"""The gate's results as the review screens show them."""

from typing import Any

from education.articles.content.blocks import Block
from education.articles.content.canonical import has_words
from education.articles.editing.screen import block_links
from education.articles.publishing import gate


def rule_rows(result: gate.GateResult) -> list[dict[str, Any]]:
    """One row for each rule: whether it passed, and each failure with a link to the block where it can be corrected.

    What is to be done stands first.

    `pending`: the rule needs a clinician and there is no signature yet that it could be checked against.
    """
    links = block_links(result.facts.article, result.facts.blocks)
    unsigned = result.facts.signature is None
    return [
        {
            "statement": rule_result.rule.statement,
            "passed": rule_result.passed,
            "needs_clinician": rule_result.rule.needs_clinician,
            "pending": rule_result.rule.needs_clinician and rule_result.passed and unsigned,
            "failures": [
                {"message": failure.message, "href": "" if failure.block is None else links[failure.block]}
                for failure in rule_result.failures
            ],
        }
        for rule_result in sorted(result.results, key=lambda rule_result: rule_result.passed)
    ]


def blocks_in_content(result: gate.GateResult) -> list[Block]:
    """The blocks that the content holds, in its order: empty ones are left out."""
    return [block for block in result.facts.blocks if has_words(block.content())]

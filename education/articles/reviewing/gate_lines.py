"""What the gate says of a draft, as the review screens show it."""

from typing import Any

from education.articles.content.blocks import Block
from education.articles.content.canonical import has_words
from education.articles.editing.screen import block_links
from education.articles.publishing import gate


def gate_lines(held: gate.Gate) -> list[dict[str, Any]]:
    """Every line of the gate, each failure with the place where it can be mended.

    What can only be asked of a signature waits until there is one.
    """
    places = block_links(held.facts.article, held.facts.blocks)
    return [
        {
            "name": result.line.name,
            "asks": result.line.asks,
            "holds": result.holds,
            "clinicians": result.line.clinicians,
            "waits": result.line.clinicians and result.holds and held.facts.signature is None,
            "failures": [
                {"words": failure.words, "href": "" if failure.block is None else places[failure.block]}
                for failure in result.failures
            ],
        }
        for result in held.results
    ]


def blocks_with_words(held: gate.Gate) -> list[Block]:
    """The blocks in the order in which the content counts them."""
    return [block for block in held.facts.blocks if has_words(block.content())]

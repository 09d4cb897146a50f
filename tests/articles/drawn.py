"""Blocks drawn as the page of an edition, without a database row of it."""

from typing import Any

from education.articles.rendering.page import RenderedPage, render


def drawn(*blocks: dict[str, Any], language: str = "en") -> RenderedPage:
    return render({"language": language, "blocks": list(blocks)})


def html_of(*blocks: dict[str, Any]) -> str:
    return str(drawn(*blocks).html)

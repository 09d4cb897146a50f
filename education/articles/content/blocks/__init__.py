"""The blocks that articles are made of, each declared once: one model in a module of this folder, and one template.

Every module here is imported and its blocks are collected, so a new block needs no entry anywhere. What a block has to
declare is in `base`; `manage.py check` names what it lacks.
"""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from education.articles.content.blocks.base import Block, BlockContent


def find_blocks() -> tuple[type[Block], ...]:
    """Every block that a module of this package declares, in the order of the editor's menu."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    found = [block for module in modules for block in _declared_in(module)]
    return tuple(sorted(found, key=lambda block: (block.menu_order, block.block_type)))


def _declared_in(module: ModuleType) -> Iterator[type[Block]]:
    for value in vars(module).values():
        declared_here = isinstance(value, type) and value.__module__ == module.__name__
        if declared_here and issubclass(value, Block) and not value._meta.abstract:
            yield value


BLOCKS = find_blocks()
BLOCK_TYPES: dict[str, type[Block]] = {block.block_type: block for block in BLOCKS}

__all__ = ["BLOCKS", "BLOCK_TYPES", "Block", "BlockContent"]

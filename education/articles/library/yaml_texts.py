"""YAML in which every value is text. Ordinary YAML makes a Boolean of NO, 750 of 12:30 and 5.1 of 5.10."""

from typing import Any

import yaml

NOT_YAML = (yaml.YAMLError, ValueError, RecursionError)  # what PyYAML raises


class KeyTwice(yaml.YAMLError):
    """A key is there twice, so that one of its values would be lost."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__(f"“{key}” stands here a second time. Keep one of the two.")
        self.line = line


class NoList(yaml.YAMLError):
    """The file is not a list of entries."""


class _Texts(yaml.BaseLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys: set[str] = set()
        for key, _ in node.value:
            if key.value in keys:
                raise KeyTwice(key.value, key.start_mark.line + 1)
            keys.add(key.value)
        return super().construct_mapping(node, deep)


def read(text: str) -> Any:
    """Texts, lists and dicts. Raises one of NOT_YAML, KeyTwice among them."""
    return yaml.load(text, Loader=_Texts)  # noqa: S506  # nosec B506  it makes texts only


def entries(text: str) -> list[tuple[int, Any]]:
    """The entries of a list, each with the line on which it begins. Raises one of NOT_YAML."""
    loader = _Texts(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            raise NoList
        return [(item.start_mark.line + 1, loader.construct_object(item, deep=True)) for item in node.value]
    finally:
        loader.dispose()


def line_of(error: Exception) -> int:
    """The line with the fault, if the error names it."""
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else getattr(error, "line", 1)


def said_of(error: Exception, otherwise: str) -> str:
    """What is wrong, in words for whoever wrote the file."""
    if isinstance(error, KeyTwice):
        return str(error)
    return "This is a list of entries, each of which begins with a dash." if isinstance(error, NoList) else otherwise

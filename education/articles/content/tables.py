"""A table as lines of text: `|` between cells, `\\|` for a bar inside one."""

import re

TOKEN = re.compile(r"\\([\\|])|(\|)|([^\\|]+|\\)")  # an escaped character, a bar, or any others


def cells_of(line: str) -> list[str]:
    """The cells of one line. Bars at both ends are a frame, not empty cells."""
    written: list[list[str]] = [[]]  # the pieces of each cell
    for token in TOKEN.finditer(line.strip()):
        if token[2]:
            written.append([])
        else:
            written[-1].append(token[1] or token[3])
    cells = [" ".join("".join(pieces).split()) for pieces in written]
    framed = len(cells) > 2 and not cells[0] and not cells[-1]
    return cells[1:-1] if framed else cells


def framed_line(cells: list[str]) -> str:
    """The reverse of `cells_of`: one line, with bars at both ends."""
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(cell: str) -> str:
    return re.sub(r"[\\|]", r"\\\g<0>", cell)

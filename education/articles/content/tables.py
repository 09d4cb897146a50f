"""A table as lines of text: `|` between cells, `\\|` for a bar inside one."""

import re

TOKEN = re.compile(r"\\([\\|])|(\|)|(.)", re.DOTALL)  # an escaped character, a bar, or any other


def cells_of(line: str) -> list[str]:
    """The cells of one line. Bars at both ends are a frame, not empty cells."""
    cells = [""]
    for escaped, bar, other in TOKEN.findall(line.strip()):
        if bar:
            cells.append("")
        else:
            cells[-1] += escaped or other
    cells = [" ".join(cell.split()) for cell in cells]
    framed = len(cells) > 2 and not cells[0] and not cells[-1]
    return cells[1:-1] if framed else cells


def framed_line(cells: list[str]) -> str:
    """The reverse of `cells_of`: one line, with bars at both ends."""
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(cell: str) -> str:
    return re.sub(r"[\\|]", r"\\\g<0>", cell)

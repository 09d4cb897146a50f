"""A table as lines of text: `|` between cells, `\\|` for a bar inside one."""

import re

PIECE = re.compile(r"\\([\\|])|(\|)|(.)", re.DOTALL)


def cells_of(line: str) -> list[str]:
    """The cells of one line. Bars at both ends are a frame, not empty cells."""
    cells = [""]
    for escaped, bar, other in PIECE.findall(line.strip()):
        if bar:
            cells.append("")
        else:
            cells[-1] += escaped or other
    cells = [" ".join(cell.split()) for cell in cells]
    framed = len(cells) > 2 and not cells[0] and not cells[-1]
    return cells[1:-1] if framed else cells


def framed_line(cells: list[str]) -> str:
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(cell: str) -> str:
    return re.sub(r"[\\|]", r"\\\g<0>", cell)

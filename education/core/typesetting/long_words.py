"""Where a long word may break, with a hyphen, if a line is too short for it: after a part such as “immuno”, before an
ending such as “-tion”. Left to browsers, it is cut off anywhere: not each of them can hyphenate medical words.
"""

import re

MIN_LETTERS = 13  # a shorter word fits a line of a phone in letters of twice the size
SOFT_HYPHEN = "\xad"
FIRST = (
    "acetamino|anesthesio|anti|auto|cardio|chloro|contra|cortico|cyclo|dermato|dextro|encephalo|entero|epidemio"
    "|gastro|hydroxy|hydro(?!xy)|hyper|hypo|immuno|musculo|neuro|osteo|pharmaco|phospho|physio|poly|pseudo|psycho"
    "|rheumato|spondylo"
)
LAST = "arthritis|bod(?:y|ies)|logists?|ments?|mide|myositis|ness|sants?|steroids?|thyroidism|tions?"
# With four letters or more on either side of a hyphen, as each of the two lines should say something.
BREAK = re.compile(rf"(?:{FIRST})(?=[a-z]{{4}})|(?<=[a-z]{{4}})(?=(?:{LAST})\Z)", re.IGNORECASE)


def breakable(word: str) -> str:
    places = sorted({found.end() for found in BREAK.finditer(word)})
    pieces = [word[start:end] for start, end in zip([0, *places], [*places, len(word)], strict=True)]
    return SOFT_HYPHEN.join(pieces)

"""A file that does not follow the format says where, what is wrong and what to do. Nothing of it is loaded."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from education.articles.content.blocks import BLOCKS
from education.articles.library.loading import BrokenSource, load
from education.articles.models import Article
from education.glossary.models import Term
from education.images.drawings import shipped
from tests.articles.conftest import Write
from tests.cast import article, topic

pytestmark = pytest.mark.django_db


def complaint(folder: Path) -> str:
    with pytest.raises(BrokenSource) as error:
        load(folder, by=None, publish=True)
    return str(error.value)


# The head takes lines 1 to 11 and an empty line follows: the words begin in line 13.
GRADES = "strong or moderate or low or conflicting or none"
DIRECTIONS = "helps or no-difference or harms or unclear"
CLAIM = "text, for, against, nothing-against, graded-by, graded-on"
NAMES = sorted(name for block in BLOCKS for name in block.fence_names() if name)
CONTAINERS = [
    (
        "Words.\n\n::: urgent Get help\nRing.",
        15,
        "The block ::: urgent is never closed. End it with a line of three colons.",
    ),
    (
        "::: urgent Get help\nRing.\n::: key-points\n- One\n:::\n:::",
        15,
        "A block begins inside ::: urgent (line 13). Close that one first.",
    ),
    (
        "::: warning Look out\nWords.\n:::",
        13,
        f"There is no block called “warning”. Use one of: {', '.join(NAMES)}.",
    ),
    ("Words.\n\n:::", 15, "A ::: without a name closes nothing that is open. Remove it or name the block."),
    ("::: urgent\nRing.\n:::", 13, "::: urgent needs a heading on the same line."),
    ("::: questions\n- What?\n:::", 13, "::: questions needs a heading on the same line."),
    ("::: figure\nalt: A key\n:::", 13, "::: figure needs the name of a drawing on the same line."),
    (
        "::: figure opioid-receptor-block\nalt: A key\nsize: big\n:::",
        15,
        "Inside ::: figure each line is one of alt, caption, credit, a colon, and words.",
    ),
    (
        "::: figure opioid-receptor-block\nalt without a colon\n:::",
        14,
        "Inside ::: figure each line is one of alt, caption, credit, a colon, and words.",
    ),
    ("::: key-points\n- One\nTwo\n:::", 15, "Inside ::: key-points every line is a point that begins with “- ”."),
    ("::: key-points\n- \n:::", 14, "Inside ::: key-points every line is a point that begins with “- ”."),
    (
        "::: figure no-such\nalt: A key\n:::",
        1,
        f"Block 1 (figure): drawing: There is no drawing called “no-such”. Use one of: {', '.join(shipped())}.",
    ),
    ("Words.\n\n::: figure opioid-receptor-block\n:::", 1, "Block 2 (figure): alt: This field cannot be blank."),
    ("::: urgent Get help\n:::", 1, "Block 1 (care card): body: This field cannot be blank."),
    ("::: key-points\n:::", 1, "Block 1 (key points): items: This field cannot be blank."),
    (
        "::: claim low\ntext: It helps.\n:::",
        13,
        f"::: claim needs its evidence ({GRADES}) and direction ({DIRECTIONS}) on the same line.",
    ),
    (
        "::: claim low helps\nwords: It helps.\n:::",
        14,
        f"Inside ::: claim each line is one of {CLAIM}, a colon, and words.",
    ),
    ("::: claim low helps\n:::", 1, "Block 1 (evidence claim): text: This field cannot be blank."),
    (
        "::: claim low helps\ntext: It helps.\nfor: Younger\n:::",
        1,
        "“references” must list the keys the text cites, in order of first use. Look at: Younger.",
    ),
    (
        "::: claim low helps\ntext: It helps.\ngraded-on: soon\n:::",
        1,
        "Block 1 (evidence claim): graded_on: “soon” value has an invalid date format. "
        "It must be in YYYY-MM-DD format.",
    ),
    ("::: known Both\nknown: One.\n:::", 1, "Block 1 (known and not known): not_known: This field cannot be blank."),
    ("::: known Both\n- One.\n:::", 14, "Inside ::: known every line begins with “known: ” or “not known: ”."),
    ("::: do-dont Both\ndo:\n:::", 14, "Inside ::: do-dont every line begins with “do: ” or “don't: ”."),
    ("::: do-dont Both\n:::", 1, "Block 1 (do and don’t): Write at least one thing to do or not to do."),
    ("::: steps How\n- First.\n:::", 14, "Inside ::: steps every line is a step that begins with “1. ”."),
    ("::: table\n| a |\n:::", 13, "::: table needs a caption on the same line."),
    ("::: table Two\na | b\n:::", 14, "Inside ::: table every line is a row: | a cell | and another |."),
    (
        "::: table Two\n| a | b |\n:::",
        1,
        "Block 1 (table): A table has a row of headings and at least one row below it. Write one.",
    ),
    (
        "::: table Two\n| a | b |\n| c |\n:::",
        1,
        "Block 1 (table): Row 2 of a table has a different number of cells (1) from the first (2). "
        "Give each row as many.",
    ),
    (
        "::: table Two\n| a |  |\n| c | d |\n:::",
        1,
        "Block 1 (table): A table has columns without a heading. Fill the first row.",
    ),
    ("::: risk 50\n:::", 13, "::: risk needs 100 or 1000 on the same line: out of how many people."),
    (
        "::: risk 100\nlabel: Dreams\nfirst: many\n:::",
        13,
        "Inside ::: risk “first” is a number and of whom, such as: 84 women on LDN.",
    ),
    (
        "::: risk 100\nlabel: Dreams\nfirst: 101 women\n:::",
        1,
        "Block 1 (risk picture): first_count: This is more than 100.",
    ),
    ("::: expander\nMore.\n:::", 13, "::: expander needs a heading on the same line."),
    (
        "::: picture 0123456789abcdef\nalt: A key\n:::",
        1,
        "Block 1 (figure): picture: There is no picture called “0123456789abcdef”. Upload it under Pictures first.",
    ),
]


@pytest.mark.parametrize(("words", "line", "said"), CONTAINERS)
def test_a_broken_container_is_reported(folder: Path, write: Write, words: str, line: int, said: str) -> None:
    write(words)
    assert complaint(folder) == f"lupus.md, line {line}: {said}"
    assert not Article.objects.exists()


@pytest.mark.parametrize(
    ("head", "line", "said"),
    [
        ({"summary": "first: second"}, 8, "The head is not valid YAML. Quote a value that holds a colon."),
        ({"kind": None, "author": None}, 1, "The head lacks kind, author."),
        ({"topic": "gout"}, 1, "There is no topic “gout”. Add it to topics.yaml."),
        ({"author": "bob"}, 1, "There is nobody called “bob”. Add the person to people.yaml."),
        ({"slug": "search"}, 1, "slug: “search” is an address of the site itself. Choose another."),
        (
            {"slug": "Big Lupus"},
            1,
            "slug: Use small letters, digits and single hyphens, such as rheumatoid-arthritis.",
        ),
        ({"kind": "poem"}, 1, "kind: Value 'poem' is not a valid choice."),
        ({"title": '""'}, 1, "title: This field cannot be blank."),
        ({"aliases": "SLE"}, 1, "“aliases” is a list: one entry a line, each after a dash."),
        ({"title": "[" * 2000}, 1, "The head holds too many brackets. Write a list with one entry a line."),
        ({"title": "9" * 5000}, 1, "title: Ensure this value has at most 150 characters (it has 5000)."),
        ({"summary": "One.\nsummary: Two."}, 9, "“summary” stands here a second time. Keep one of the two."),
        ({"summary": "One.\nsumary: Two."}, 1, "The head has a key that is not known: sumary."),
        ({"title": "[a, [b]]"}, 1, "“title” holds a list where words belong. Quote what holds a bracket."),
        ({"aliases": "[a, [b]]"}, 1, "“aliases” holds a list where words belong. Quote what holds a bracket."),
        ({"references": "younger-2013"}, 1, "“references” is a list: one entry a line, each after a dash."),
        (
            {"slug": "autoimmune-conditions", "kind": "policy"},
            1,
            "slug: The topic /autoimmune-conditions/ already lives there. Choose another.",
        ),
        (
            {"references": "[younger-2013]"},
            1,
            "“references” must list the keys the text cites, in order of first use. Look at: younger-2013.",
        ),
    ],
)
def test_a_broken_head_is_reported(
    folder: Path, write: Write, head: dict[str, str | None], line: int, said: str
) -> None:
    write(**head)
    assert complaint(folder) == f"lupus.md, line {line}: {said}"


# Each after a paragraph, in line 15; what the format has in its place.
NOT_READ = [
    ("| a | b |\n| - | - |\n| c | d |", "A table stands between lines of ::: table and :::, with a caption."),
    ("a | b\n--- | ---\nc | d", "A table stands between lines of ::: table and :::, with a caption."),
    ("| a | b |", "A table stands between lines of ::: table and :::, with a caption."),
    ("![A key](key.png)", "A picture stands between lines of ::: picture and :::, with its alternative text."),
    ("> Somebody said.", "There are no quotes (>). Write it as a paragraph."),
    ("Words.[^1]", "There are no footnotes ([^1]). Cite a study as [@key]."),
    ("[^1]: A note.", "There are no footnotes ([^1]). Cite a study as [@key]."),
    (
        "Words.[@younger-2013; @other-2014]",
        "A citation is one key in small letters, such as [@younger-2013]. Give each study its own: [@a][@b].",
    ),
    (
        "Words.[@Younger-2013]",
        "A citation is one key in small letters, such as [@younger-2013]. Give each study its own: [@a][@b].",
    ),
    ("<div>Words.</div>", "There is no HTML here. Write it as Markdown."),
    ("10<sup>6</sup> cells", "There is no HTML here. Write it as Markdown."),
    ("<!-- A note -->", "There is no HTML here. Write it as Markdown."),
    ("Take ~~15 mg~~ 1.5 mg.", "There are no struck-out words (~~). Take them away."),
    ("`code`", "There is no code. Take away the `signs`."),
    ("```\ncode\n```", "There is no code. Write it as a paragraph."),
    ("    indented", "There is no code. Take away the spaces at the start of the line."),
    ("---", "There are no lines across the page. Take it away, or write a heading."),
    ("# Title", "A heading begins with ## or ###. The title of the page stands in the head of the file."),
    ("Title\n===", "A heading begins with ## or ###. The title of the page stands in the head of the file."),
    ("3. Third", "A numbered list begins with 1."),
    ("- [ ] To do", "There are no check boxes ([ ]). Write a list."),
    ("5 mg&nbsp;a day", "Write the sign itself in place of &nbsp;."),
    ("<https://a.test/>", "A link is [words](https://…), without a title."),
    ('[words](https://a.test/ "title")', "A link is [words](https://…), without a title."),
]


@pytest.mark.parametrize(("words", "said"), NOT_READ)
def test_markdown_that_the_format_has_not_is_refused(folder: Path, write: Write, words: str, said: str) -> None:
    write(f"Before.\n\n{words}", references="[younger-2013]")
    assert complaint(folder) == f"lupus.md, line 15: {said}"
    write(f"::: urgent Get help\nRing.\n\n{words}\n:::")
    assert complaint(folder).startswith("lupus.md, line 16: ")


@pytest.mark.parametrize(
    ("words", "line", "said"),
    [
        ("One.\nTwo.\nThree.[^1]", 15, "There are no footnotes ([^1]). Cite a study as [@key]."),
        ("[words][there]\n\n[there]: https://a.test/", 15, "A link says its own address: [words](https://…)."),
        ("::: urgent Get help\n## Now\n:::", 14, "There are no headings in this block."),
        (
            "::: key-points\n- One.\n- Two.[@a; @b]\n:::",
            15,
            "A citation is one key in small letters, such as [@younger-2013]. Give each study its own: [@a][@b].",
        ),
        ("::: key-points\n- **Bold**\n:::", 14, "Nothing is bold, struck out or code in this block."),
        ("::: key-points\n- 10<sup>6</sup>\n:::", 14, "There is no HTML here. Write it as Markdown."),
        (
            "::: known Both\nknown: See [here](/a-z/).\nnot known: B\n:::",
            14,
            "There are no links in this block. Put them into the text.",
        ),
    ],
)
def test_the_line_is_named(folder: Path, write: Write, words: str, line: int, said: str) -> None:
    write(words)
    assert complaint(folder) == f"lupus.md, line {line}: {said}"


@pytest.mark.parametrize(
    "value", ["Yes", "NO", "12:30", "007", "5.10", "null", "1e3", "2026-01-02", "0x1F", "~", "off"]
)
def test_a_value_never_becomes_something_else(folder: Path, write: Write, value: str) -> None:
    write(title=value, aliases=f"[{value}]")
    load(folder, by=None, publish=False)
    made = Article.objects.get()
    assert (made.title, made.aliases) == (value, value)
    (folder / "glossary.yaml").write_text(
        f"- slug: word\n  term: {value}\n  aliases: [{value}]\n  definition: {value}\n"
    )
    load(folder, by=None, publish=False)
    term = Term.objects.get()
    assert (term.term, term.aliases, term.definition) == (value, value, value)


def test_the_entry_at_fault_is_named_with_its_line(folder: Path) -> None:
    (folder / "people.yaml").write_text("- slug: ann\n  name: Ann\n- slug: bob\n  nam: Bob\n")
    assert complaint(folder) == "people.yaml, line 3: Entry 2 lacks a key, or has one that is not known."
    (folder / "people.yaml").write_text("- slug: ann\n  name: Ann\n  name: Anna\n")
    assert complaint(folder) == "people.yaml, line 3: “name” stands here a second time. Keep one of the two."


@pytest.mark.parametrize(
    ("cited", "listed", "said"),
    [
        ("[@younger-2013]", "[]", "Look at: younger-2013."),
        ("[@b-1][@a-1]", "[a-1, b-1]", "Look at: their order."),
        ("[@a-1]", "[b-1]", "Look at: a-1, b-1."),
    ],
)
def test_references_other_than_those_cited_are_reported(
    folder: Path, write: Write, cited: str, listed: str, said: str
) -> None:
    write(f"Words.{cited}", references=listed)
    assert complaint(folder).endswith(f"must list the keys the text cites, in order of first use. {said}")


def test_an_unknown_reference_is_reported(folder: Path, write: Write) -> None:
    write("Words.[@smith-1999]", references="[smith-1999]")
    said = "No reference has the key smith-1999. Add it to the references, or correct the key."
    assert complaint(folder) == f"lupus.md, line 1: {said}"


def test_a_yaml_file_of_numbers_or_lists_without_end_is_reported(folder: Path) -> None:
    for odd, said in (
        ("9" * 5000, "This is a list of entries, each of which begins with a dash."),
        ("- " * 2000, "This is not valid YAML."),
    ):
        (folder / "glossary.yaml").write_text(odd)
        assert complaint(folder) == f"glossary.yaml, line 1: {said}"


def test_a_list_that_stands_too_deep_is_reported(folder: Path, write: Write) -> None:
    write("Words.\n\n::: urgent Get help\n" + "- " * 11 + "Ring.\n:::")
    said = "A list stands more than 10 levels deep. Bring it closer to the margin."
    assert complaint(folder) == f"lupus.md, line 15: {said}"


def test_a_duplicate_slug_is_reported(folder: Path, write: Write) -> None:
    write(file="a.md")
    write(file="b.md")
    assert complaint(folder) == "b.md, line 1: a.md has the slug “lupus” too. Give each page its own."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Words without a head.", "The file must begin with a head between two lines of ---."),
        ("", "The file must begin with a head between two lines of ---."),
        ("---\ntitle: Lupus\n", "The head is never closed. End it with a line of ---."),
        (
            "---\n- a list\n---\n",
            "The head lacks title, slug, topic, kind, language, aliases, summary, author, references.",
        ),
    ],
)
def test_a_file_without_a_proper_head_is_reported(folder: Path, words: str, said: str) -> None:
    (folder / "lupus.md").write_text(words)
    assert complaint(folder) == f"lupus.md, line 1: {said}"


def test_a_file_that_is_not_utf_8_is_reported(folder: Path) -> None:
    (folder / "lupus.md").write_bytes("---\ntitle: Sjögren\n".encode("latin-1"))
    assert complaint(folder) == "lupus.md, line 1: This is not UTF-8 text. Save it as UTF-8."


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(folder: Path, write: Write) -> None:
    path = write()
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(folder, by=None, publish=True).created == ["lupus"]


@pytest.mark.parametrize(
    ("file", "rows", "said"),
    [
        (
            "topics.yaml",
            "- slug: admin\n  title: Admin",
            "Entry 1: slug: “admin” is an address of the site itself. Choose another.",
        ),
        ("topics.yaml", "- title: No address", "Entry 1 lacks a key, or has one that is not known."),
        ("topics.yaml", "- slug: gout\n  titel: Gout", "Entry 1 lacks a key, or has one that is not known."),
        ("people.yaml", "- slug: bob", "Entry 1: name: This field cannot be blank."),
        ("people.yaml", "bob", "This is a list of entries, each of which begins with a dash."),
        ("people.yaml", "- bob", "Entry 1 lacks a key, or has one that is not known."),
        (
            "references.yaml",
            "- key: Smith 1999\n  title: A\n  kind: rct",
            "Entry 1: key: A key is small letters, digits and hyphens, such as younger-2013.",
        ),
        (
            "references.yaml",
            "- key: a-1\n  title: A\n  kind: gossip",
            "Entry 1: kind: Value 'gossip' is not a valid choice.",
        ),
        ("references.yaml", "[", "This is not valid YAML."),
    ],
)
def test_invalid_topics_people_and_references_are_reported(folder: Path, file: str, rows: str, said: str) -> None:
    (folder / file).write_text(rows)
    assert complaint(folder) == f"{file}, line 1: {said}"


def test_a_topic_may_not_take_the_address_of_a_policy(folder: Path) -> None:
    article("privacy", kind="policy", topic=topic("about-us"))
    (folder / "topics.yaml").write_text("- slug: privacy\n  title: Privacy")
    assert complaint(folder) == (
        "topics.yaml, line 1: Entry 1: slug: A policy page already lives at /privacy/. Choose another."
    )


def test_the_command_ends_with_that_line_and_no_traceback(folder: Path, write: Write) -> None:
    write("::: urgent\n:::")
    with pytest.raises(CommandError, match=r"^lupus.md, line 13: ::: urgent needs a heading on the same line\. What"):
        call_command("load_articles", folder)

"""Names are found as people type them, and keep to themselves in a sentence."""

from education.core.contact import names
from tests.each import of_each


@of_each(
    [
        ("Łukasz Ørsted", "lukasz orsted"),
        ("Łukasz Ørsted", "Lukasz Oersted"),
        ("Jürgen Müller", "Juergen MULLER"),
        ("Mueller", "Müller"),
        ("Đặng Þór Æsa", "dang thor aesa"),
        ("Işık İnan", "ISIK inan"),
        ("李", "李"),
        ("李小龙", "李"),
        ("李小龙", "小龙"),
        ("김철수", "김"),
        ("O", "o"),
        ("O’Brien", "o'brien"),
        ("An\u200ba \u202dRuiz", "ana ruiz"),
        ("नमस्ते", "नमस्ते"),
        ("سارة", "سارة"),
    ]
)
def test_a_name_is_found_in_every_spelling(case: tuple[str, str]) -> None:
    name, searched = case
    found = names.searched(searched)
    assert found
    assert all(word & names.findable(name) for word in found)


def test_another_name_is_not_found() -> None:
    assert not names.searched("Ruizz")[0] & names.findable("Ana Ruiz")
    assert names.searched(" - _ ") == []


def test_a_name_from_right_to_left_can_not_turn_the_sentence_around() -> None:
    assert names.isolated("Ana Ruiz") == "Ana Ruiz"
    assert names.isolated("سارة") == "\u2068سارة\u2069"

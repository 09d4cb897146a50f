"""Numbers as people write them: read once, and shown, dialed and compared as the same number."""

from education.core.contact import telephone
from education.core.contact.telephone import NO_COUNTRY, TOO_LONG, TOO_SHORT, read
from tests.each import of_each


@of_each(
    [
        ("+44 (0)20 7946 0000", "GB", "020 7946 0000", "tel:+442079460000"),
        ("+44 (0)20 7946 0000", "US", "+44 20 7946 0000", "tel:+442079460000"),
        ("020 7946 0000", "GB", "020 7946 0000", "tel:+442079460000"),
        ("0044 20 7946 0000", "US", "+44 20 7946 0000", "tel:+442079460000"),
        ("011 44 20 7946 0000", "US", "+44 20 7946 0000", "tel:+442079460000"),
        ("(212) 555-0188", "US", "(212) 555-0188", "tel:+12125550188"),
        ("1-212-555-0188 x7", "US", "(212) 555-0188 ext. 7", "tel:+12125550188,7"),
        ("+1 212 555 0188 ext 12", "GB", "+1 212-555-0188 ext. 12", "tel:+12125550188,12"),
        ("212 555 0188 #7", "US", "(212) 555-0188 ext. 7", "tel:+12125550188,7"),
        ("030/123456", "DE", "030 123456", "tel:+4930123456"),
        ("030 / 123456", "DE", "030 123456", "tel:+4930123456"),
        ("0664/123 45 67", "AT", "0664 1234567", "tel:+436641234567"),
        ("06 1 234 5678", "HU", "(06 1) 234 5678", "tel:+3612345678"),
        ("+52 1 55 1234 5678", "MX", "55 1234 5678", "tel:+525512345678"),
        ("044 55 1234 5678", "MX", "55 1234 5678", "tel:+525512345678"),
        ("+39 06 698 1234", "US", "+39 06 698 1234", "tel:+39066981234"),
        ("13 11 14", "AU", "13 11 14", "tel:131114"),
        ("0800 123 4567", "GB", "0800 123 4567", "tel:+448001234567"),
        ("\u202a+44 20 7946 0000\u202c", "GB", "020 7946 0000", "tel:+442079460000"),
        ("٠٢٠ ٧٩٤٦ ٠٠٠٠", "GB", "020 7946 0000", "tel:+442079460000"),
        ("07700 900123 ask for Sue", "GB", "07700 900123", "tel:+447700900123"),
        ("1-800-FLOWERS", "US", "(800) 356-9377", "tel:+18003569377"),
        # of one area only: as it was typed
        ("555-0101", "US", "555-0101", "tel:5550101"),
        ("+1 555 0100 ext 12", "US", "+1 555 0100 ext 12", "tel:+15550100,12"),
        ("(02) 9999 0000", "US", "(02) 9999 0000", "tel:0299990000"),
        ("911", "US", "911", "tel:911"),
    ]
)
def test_one_number_is_shown_and_dialed_as_what_it_is(case: tuple[str, str, str, str]) -> None:
    typed, country, display, tel = case
    (number,) = read(typed, country)
    assert (number.display, number.tel, number.problem) == (display, tel, "")


@of_each(
    [
        ("01632 960000 / 960001", "GB", ["+441632960000", "+441632960001"]),
        ("01632 960000/1", "GB", ["+441632960000", "+441632960001"]),
        ("01632 960000, 07700 900123", "GB", ["+441632960000", "+447700900123"]),
        ("020 7946 0000 or 0001", "GB", ["+442079460000", "+442079460001"]),
        ("030 123456 / 123457", "DE", ["+4930123456", "+4930123457"]),
        ("0664/123 45 67, 0664/123 45 68", "AT", ["+436641234567", "+436641234568"]),
        ("home 0113 496 0000, mobile 07700 900123", "GB", ["+441134960000", "+447700900123"]),
        ("212-555-0188 (h) 415-555-0188 (c)", "US", ["+12125550188", "+14155550188"]),
        ("+44 20 7946 0000/1/2", "GB", ["+442079460000", "+442079460001", "+442079460002"]),
    ]
)
def test_several_numbers_in_one_field_are_several(case: tuple[str, str, list[str]]) -> None:
    typed, country, numbers = case
    assert [number.e164 for number in read(typed, country)] == numbers


@of_each(
    [
        ("212 555 018", "US", TOO_SHORT),
        ("55501 after six", "US", TOO_SHORT),
        ("+999 123456789", "US", NO_COUNTRY),
        ("+44 7700 900123 07700 900124", "GB", TOO_LONG),
        ("ask my mother", "GB", telephone.NO_NUMBER),
    ]
)
def test_what_can_not_be_dialed_is_kept_with_the_reason(case: tuple[str, str, str]) -> None:
    typed, country, problem = case
    (number,) = read(typed, country)
    assert (number.display, number.tel, number.problem) == (typed, "", problem)


def test_a_number_of_one_area_is_the_same_with_and_without_the_country_code() -> None:
    assert read("+1 555 0142", "US")[0].national == read("555-0142", "US")[0].national == "5550142"


def test_nothing_is_no_number() -> None:
    assert read(" \u200b", "US") == []


@of_each(
    [
        ("call me", "whole telephone number"),
        ("123", "whole telephone number"),
        ("07700900123 07700900124 07", "put a comma between them"),
        ("12345", ""),
        ("0049 30 123456", ""),
        ("+999 123456789", ""),
        ("07700900123, 07700900124", ""),
        ("55501 after six", ""),
    ]
)
def test_only_what_is_no_number_anywhere_is_refused(case: tuple[str, str]) -> None:
    typed, words = case
    problem = telephone.refusal(typed)
    assert words in problem
    assert bool(words) == bool(problem)

"""A search never leads to another medicine or illness, and help comes before pages."""

import pytest
from django.test import Client

from education.search.queries import find
from tests.cast import clinic, published, text
from tests.database import SharedRows
from tests.each import of_each
from tests.screens import body, links, plain_words

pytestmark = pytest.mark.django_db
NUMBERS = "Do you need help now? In an emergency Call 112"
WARNING = "Opioids and low-dose naltrexone (LDN) must not be mixed."


@pytest.fixture(autouse=True, scope="module")
def pages(shared_rows: SharedRows) -> None:
    """Pages with the words that were proposed for others."""
    words = "Iodine. A plaque. Chronic pain. Cancer. An ending. Heart and bowel. Prednisolone. Opioids. Breast."
    with shared_rows():
        clinic(crisis_words="You are not alone.", opening_hours="Monday to Friday, 9 to 5")
        published("hashimoto", title="Hashimoto’s", blocks=[text(f"<p>{words}</p>")])
        published("bowel-disease", title="Bowel disease", aliases="Crohn’s disease", blocks=[text("<p>Words.</p>")])


def seen(client: Client, query: str) -> str:
    page = body(client.get("/search/", {"q": query}))
    return plain_words(page[page.index("<main") : page.index("</main")])


@of_each(
    [
        "vicodin",
        "plaquenil",
        "cancel",
        "cancel my request",
        "opening hours",
        "prednisone",
        "heat",
        "bowl",
        "plague",
        "breath",
        "hydroxyzine",
        "planking",
        "chronicle",
        "canker",
        "breasts plaquenils",
    ]
)
def test_no_other_medicine_or_illness_is_proposed(query: str, client: Client) -> None:
    assert find(query).suggestion == ""
    assert "Did you mean" not in seen(client, query)


@of_each(["crohns", "crohn's", "Crohn’s", "chrons", "chron's disease"])
def test_an_illness_is_found_however_its_name_is_spelt(query: str) -> None:
    assert [entry.title for entry in find(query).results][:1] == ["Bowel disease"]


@of_each(["cronic pain", "chronc pain", "iodin", "prednisolon"])
def test_a_slip_of_the_finger_is_still_mended(query: str) -> None:
    assert find(query).results


@of_each(
    [
        "Vicodin",
        "norco",
        "Tylenol #3",
        "tylenol 3 with ldn",
        "suboxone",
        "MS Contin",
        "oxycodone",
        "lomotil",
        "kratom",
        "7-OH",
        "tramadol and LDN",
        "fentanyl patch",
        "hidrocodona",
        "calmante fuerte",
        "narcotics",
        "methadone",
    ]
)
def test_the_name_of_an_opioid_shows_the_warning(query: str, client: Client) -> None:
    assert WARNING in seen(client, query)
    assert find(query).results, "at least the pages that name opioids"


@of_each(["naltrexone", "LDN", "tylenol", "vivitrol", "lupus", "robitussin", "narcan"])
def test_other_medicines_do_not(query: str, client: Client) -> None:
    assert WARNING not in seen(client, query)


@of_each(
    [
        "suicidal",
        "suicide",
        "sucidal",
        "kill myself",
        "I want to kill myself",
        "chest pain",
        "Chest pains",
        "overdose",
        "overdosed on vicodin",
        "overdoes",
        "took too many pills",
        "can't breathe",
        "can’t breathe",
        "cant breathe",
        "911",
        "emergency",
        "self-harm",
        "heart attack",
        "seizures",
        "quiero morir",
        "ya no quiero vivir",
        "dolor de pecho",
        "poisoning",
    ]
)
def test_words_of_need_show_the_numbers_before_all_else(query: str, client: Client) -> None:
    shown = seen(client, query)
    assert shown.index(NUMBERS) < shown.index("What are you looking for?")
    assert "If you think of harming yourself You are not alone." in shown
    page = body(client.get("/search/", {"q": query}))
    assert "tel:112" in links(page[page.index('id="help-now"') :])


@of_each(["chest", "lupus", "pain", "cooking", "side effects", "breathing", "dose", "crisp"])
def test_other_words_do_not(query: str, client: Client) -> None:
    assert NUMBERS not in seen(client, query)


def test_whoever_may_need_help_now_is_not_asked_for_a_request(client: Client) -> None:
    page = body(client.get("/search/", {"q": "I want to die"})).partition("<body")[2]
    assert "call-bar" not in page
    assert 'href="/request-a-consultation/"' not in page
    other = body(client.get("/search/", {"q": "lupus"}))
    assert 'class="call-bar' in other
    assert 'href="/request-a-consultation/"' in other


def test_without_numbers_in_the_profile_there_is_advice_all_the_same(client: Client) -> None:
    clinic(help_lines=[], country="IN")
    assert "Do you need help now? Call your local emergency number." in seen(client, "overdose")


@of_each(
    [
        ("opening hours", "Monday to Friday, 9 to 5"),
        ("what are your hours", "Monday to Friday, 9 to 5"),
        ("phone number", "555 0100"),
        ("cancel my request", "Open your receipt: the page that you saw after you sent the request."),
        ("withdraw my request", "If you don’t have the link to it, call us at 555 0100 and give your reference."),
        ("book an appointment", "Request a consultation"),
        ("nurse", "Who works here, and who writes and reviews these pages: People ."),
        ("do you take medicare", "Monday to Friday, 9 to 5"),
        ("intérprete", "Puede pedir un intérprete en nuestro formulario , o llámenos: 555 0100 ."),
        ("dolor de espalda", "You can ask for an interpreter in our form , or call us at 555 0100 ."),
    ]
)
def test_what_the_clinic_can_answer_itself_is_answered(case: tuple[str, str], client: Client) -> None:
    query, said = case
    assert said in seen(client, query)


@of_each(["what is the cost of a visit", "how much is a visit", "prices", "fees"])
def test_whoever_asks_what_a_visit_costs_is_led_to_where_the_clinic_says_it(query: str, client: Client) -> None:
    clinic(fees="A first visit: $220")
    assert "What a visit costs, and how to get here" in seen(client, query)


def test_withdrawal_from_a_medicine_is_not_about_a_request(client: Client) -> None:
    assert "Open your receipt" not in seen(client, "opioid withdraw symptoms")
    assert "Open your receipt" not in seen(client, "withdrawal")

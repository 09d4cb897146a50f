"""Menu, footer, order of the home page and topics on the screen “Words of the site”, as they work without a script."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from education.articles.models import Topic
from education.articles.publishing import actions, moves
from education.clinic.context import SharedRows
from education.consultations import mails
from education.outbox.models import OutboxMessage
from education.wording.links import OF_THE_SITE
from education.wording.models import SitePlace
from education.wording.site import Written, write
from tests import cast
from tests.screens import body, edit, form_data, links, plain_words

pytestmark = pytest.mark.django_db
FRAME, HOME = (f"/admin/education/siteplace/page/{name}/" for name in ("frame", "home"))
IMMUNE, PAIN, LUPUS = "/autoimmune-conditions/", "/pain/", "/autoimmune-conditions/lupus/"


@pytest.fixture
def erin() -> Client:
    return cast.logged_in(cast.erin_the_editor())


@pytest.fixture
def _two_topics() -> None:
    cast.issued(cast.complete())
    cast.issued(cast.complete("aches", topic=cast.topic("pain", order=20)))


def press(client: Client, screen: str, page: str, **button: str) -> str:
    return body(client.post(screen, {**form_data(page, "site_form"), **button}, follow=True))


def fill(page: str, **boxes: str | None) -> dict[str, Any]:
    """The form with these boxes filled in, or with a tick taken away."""
    data: dict[str, Any] = form_data(page, "site_form") | {name.replace("__", "-"): box for name, box in boxes.items()}
    return {name: box for name, box in data.items() if box is not None}


def linked(part: str, page: str) -> list[tuple[str, str]]:
    """Address and words of each link in the navigation with this label."""
    _, _, rest = page.partition(f'aria-label="{part}"')
    links = rest.partition("</nav>")[0].split('<a href="')[1:]
    return [(link.partition('"')[0], plain_words(link.partition(">")[2].rpartition("</a>")[0])) for link in links]


def menu() -> list[tuple[str, str]]:
    return linked("Menu", body(Client().get("/a-z/")))


@pytest.mark.usefixtures("_two_topics")
def test_an_editor_arranges_the_menu_and_a_clinician_signs_its_names(erin: Client) -> None:
    topics = [title for _, title in menu()]
    assert [path for path, _ in menu()] == [IMMUNE, PAIN]
    page = press(erin, FRAME, body(erin.get(FRAME)), step="menu 1 up")
    page = press(erin, FRAME, page, **{"menu-add": LUPUS}, step="menu add")
    assert [path for path, _ in menu()] == [IMMUNE, PAIN], "nothing is saved yet"
    data = fill(page, menu__2__name="Lupus and LDN", menu__1__shown=None)
    answer = body(erin.post(FRAME, data, follow=True))
    assert "Names wait for a clinician’s signature." in plain_words(answer)
    assert menu() == [(PAIN, topics[1]), (LUPUS, "Lupus")]
    cast.sign_words(cast.logged_in(cast.clara()))
    assert menu() == [(PAIN, topics[1]), (LUPUS, "Lupus and LDN")]
    assert "Nothing was changed." in plain_words(press(erin, FRAME, body(erin.get(FRAME))))
    page = press(erin, FRAME, body(erin.get(FRAME)), built_in="menu")
    press(erin, FRAME, page)
    assert [path for path, _ in menu()] == [IMMUNE, PAIN]


@pytest.mark.parametrize(
    ("key", "words", "said"),
    [
        ("frame.menu", f"hide {IMMUNE}", ["Earlier lists: Pages in the menu", "Put this list into the form"]),
        ("frame.menu_names", f"{IMMUNE} Ours", ["Earlier names: ", "Put these names into the form"]),
        ("frame.ask", "Ask us", ["Earlier words: ", "Put these words into the form"]),
    ],
)
def test_what_a_list_said_before_is_called_a_list(erin: Client, key: str, words: str, said: list[str]) -> None:
    write([Written(key, words)], by=None)
    page = body(erin.get(f"/admin/education/siteplace/passage/{key}/"))
    assert all(one in plain_words(page) for one in said)
    back = re.search(r"page/frame/\?version=\d+(#[\w-]+)", page)
    assert back
    assert f'id="{back[1].removeprefix("#")}"' in body(erin.get(FRAME))


@pytest.mark.usefixtures("_two_topics")
def test_a_page_that_is_not_live_never_gets_a_link_and_one_that_moved_keeps_its_own() -> None:
    draft = cast.complete("gout")
    write([Written("frame.menu", f"/pain/gout/\n{LUPUS}\n{PAIN}\n/nothing/")], by=None)
    assert [path for path, _ in menu()] == [LUPUS, PAIN, IMMUNE]
    write([Written("frame.menu", f"{draft.get_absolute_url()}\n{PAIN}")], by=None)
    cast.issued(draft)
    assert menu()[0][0] == draft.get_absolute_url()
    pain = Topic.objects.get(slug="pain")
    pain.slug = "aches-and-pains"
    pain.save()
    moves.topic_saved(pain, old_slug="pain", by=None)
    assert [path for path, _ in menu()][1] == "/aches-and-pains/"
    actions.withdraw(draft, reason="It was wrong.", by=None)
    assert [path for path, _ in menu()] == ["/aches-and-pains/", IMMUNE]


@pytest.mark.usefixtures("_two_topics")
@pytest.mark.parametrize("path", ["/no-such-page/", "/search/?q=nothing-like-it"])
def test_all_pages_stand_once_among_ways_on_though_they_are_in_the_menu(path: str) -> None:
    write([Written("frame.menu", "/a-z/")], by=None)
    main = body(Client().get(path)).partition("<main")[2].partition("</main>")[0]
    assert links(main).count("/a-z/") == 1
    assert IMMUNE in links(main)


@pytest.mark.parametrize("path", OF_THE_SITE)
def test_a_page_of_the_site_is_called_what_links_to_it_say(path: str) -> None:
    page = body(Client().get(path))
    assert plain_words(page[page.index("<h1") :].partition("</h1>")[0]) == OF_THE_SITE[path]


@pytest.mark.usefixtures("_two_topics")
def test_the_menu_marks_the_page_that_is_open_and_what_it_stands_below() -> None:
    write([Written("frame.menu", LUPUS)], by=None)
    cast.issued(cast.complete("nerves", topic=cast.topic("lupus")))  # with whose address that page’s ends
    nav = body(Client().get(LUPUS)).partition('class="topics-nav"')[2].partition("</nav>")[0]
    marked = {link.partition('"')[0]: "aria-current" in link.partition(">")[0] for link in nav.split('<a href="')[1:]}
    assert marked == {LUPUS: True, IMMUNE: True, "/lupus/": False, PAIN: False}


def test_a_list_of_ones_own_can_be_put_back_as_built_in(erin: Client) -> None:
    """Whenever it differs, be it by what it leaves out or by the name of a link alone."""
    back = 'name="built_in" value="{}" formaction="#box-{}"'
    for key, words in {"frame.site_pages": "hide /search/", "frame.menu_names": f"{IMMUNE} Our conditions"}.items():
        name = key.partition(".")[2].removesuffix("_names")
        button = back.format(name, name)
        assert f"{button} hidden" in body(erin.get(FRAME))
        write([Written(key, words)], by=None)
        assert f"{button}>" in body(erin.get(FRAME))


@pytest.mark.usefixtures("_two_topics")
def test_a_page_that_patients_need_stays_in_the_footer(erin: Client) -> None:
    """Even if somebody sends the form without it."""
    page = body(erin.get(FRAME))
    number = next(name for name, value in form_data(page, "site_form").items() if value == ["/contact/"]).split("-")[1]
    answer = body(erin.post(FRAME, fill(page, **{f"site_pages-{number}-shown": None})))
    assert "Footer, pages in the second list : “/contact/” has to stay: patients need it." in plain_words(answer)
    footer = [path for path, _ in linked("This site", body(Client().get("/")))]
    assert footer[:4] == ["/a-z/", "/glossary/", "/people/", "/contact/"]
    assert "/privacy/" not in footer, "nobody has published one here"


@pytest.mark.usefixtures("_two_topics")
def test_the_parts_of_the_home_page_go_in_another_order_below_whom_to_call(erin: Client) -> None:
    cast.clinic(opening_hours="Monday to Friday")
    page = press(erin, HOME, body(erin.get(HOME)), step="sections 5 up")
    data = fill(page, sections__0__shown=None, conditions_lede__words="")
    assert data["sections-4-value"] == ["reach"]
    answer = erin.post(HOME, data, follow=True)
    home = body(Client().get("/"))
    assert "pledges" not in home
    places = [home.index(part) for part in ("urgent-strip", "<h1>", 'id="conditions"', 'id="visit"', 'id="reach"')]
    assert places == sorted(places)
    assert home.index('id="reach"') < home.index('id="how-sure"')
    assert "Signs, tests, treatments" in home, "left empty, but not signed yet"
    assert "Until then patients read: “Signs, tests" in plain_words(body(answer))
    cast.sign_words(cast.logged_in(cast.clara()))
    assert "lede narrow" not in body(Client().get("/"))
    press(erin, HOME, press(erin, HOME, body(erin.get(HOME)), built_in="conditions_lede"))
    assert not SitePlace.objects.get(key="home.conditions_lede").is_own


def test_staff_get_their_mail_in_the_clinics_words(settings: Any) -> None:
    settings.STAFF_MAIL = ["desk@clinic.test"]
    write([Written("staff_mail.received", "New: {reference}"), Written("staff_mail.no_answers", "")], by=None)
    mails.notify_staff("ABCD2345", pk=1, rows=SharedRows())
    mail = OutboxMessage.objects.get()
    lines = mail.body.split("\n\n")
    assert lines[0] == "New: ABCD 2345"
    assert lines[1].startswith("Open it in the staff area: http")
    assert len(lines) == len(("received", "open"))


@pytest.mark.usefixtures("_two_topics")
def test_a_topic_says_more_below_its_pages_once_that_is_signed(erin: Client, tmp_path: Path) -> None:
    screen = next(link for link in links(body(erin.get("/admin/education/siteplace/"))) if "/education/topic/" in link)
    edit(erin, screen, "_save", form_id="topic_form", more="What else helps.\n\nAnd who.")
    assert "What else helps." not in body(Client().get(IMMUNE))
    cast.sign_words(cast.logged_in(cast.clara()))
    assert "<p>What else helps.</p>\n\n<p>And who.</p>" in body(Client().get(IMMUNE))
    call_command("export_articles", tmp_path, stdout=StringIO())
    exported = (tmp_path / "topics.yaml").read_text()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "topics.yaml").write_text(exported.replace("slug: autoimmune-conditions", "slug: another"))
    call_command("load_articles", tmp_path / "new", stdout=StringIO())
    assert Topic.objects.get(slug="another").more == "What else helps.\n\nAnd who."


@pytest.mark.usefixtures("_two_topics")
def test_the_first_row_offers_no_way_up_and_the_last_none_down(erin: Client) -> None:
    page = body(erin.get(FRAME))
    menu = page.partition('data-list="menu"')[2].partition("</ol>")[0]
    ups = [" hidden" in button for button in re.findall('<button[^>]*data-step="up"[^>]*>', menu)]
    downs = [" hidden" in button for button in re.findall('<button[^>]*data-step="down"[^>]*>', menu)]
    assert ups == [True, *[False] * (len(ups) - 1)]
    assert downs == ups[::-1]
    assert " disabled" not in page

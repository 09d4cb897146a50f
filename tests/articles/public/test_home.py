"""Home and topics: ways in by condition, each with its mark, in words of the profile and of what is published."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from education.articles.models import Article, Topic
from education.articles.public import home
from education.articles.public.looks import marks
from education.articles.publishing import moves
from education.clinic.hours import Hours
from education.people.models import Person
from education.wording.site import Written, write
from tests.cast import (
    article,
    care,
    claim,
    clara,
    clinic,
    complete,
    issued,
    key_points,
    known,
    live,
    published,
    reference,
    rewritten,
    risk,
    text,
    topic,
)
from tests.each import of_each
from tests.screens import body, links, plain_words

pytestmark = pytest.mark.django_db
LUPUS = "/autoimmune-conditions/lupus/"
LDN_PAGE = "ldn-for-autoimmune-diseases-and-fibromyalgia"


def test_each_condition_is_a_card_with_its_mark_and_its_first_sentence(client: Client) -> None:
    published("lupus", summary="An illness of many parts. Signs and tests.")
    published("your-first-visit", kind="guide")
    article("gout", summary="Not published.")
    page = body(client.get("/"))
    cards = page[page.index('class="cards') :].partition("</ul>")[0]
    assert "An illness of many parts." in cards
    assert "Signs and tests" not in cards
    assert "marks.svg#lupus" in cards
    assert links(cards) == [LUPUS, "/a-z/"]


def test_conditions_stand_as_their_topics_do_after_those_that_the_list_on_the_site_screen_names(client: Client) -> None:
    for slug in ("lupus", "psoriasis"):
        published(slug)
    published("gout", topic=topic("joints", order=5))
    published("fibromyalgia", topic=topic("fibromyalgia-and-chronic-pain", order=20))
    pain, gout = "/fibromyalgia-and-chronic-pain/fibromyalgia/", "/joints/gout/"
    psoriasis = "/autoimmune-conditions/psoriasis/"
    assert conditions(client) == [pain, gout, LUPUS, psoriasis, "/a-z/"], "as built in"
    write([Written("home.conditions_pages", f"{psoriasis}\nhide {gout}")], by=None)
    assert conditions(client) == [psoriasis, LUPUS, pain, "/a-z/"]


@pytest.mark.parametrize("listed", ["hide {}", "{}"])
def test_a_condition_that_moves_stays_hidden_or_first_as_staff_put_it(client: Client, listed: str) -> None:
    for slug in ("lupus", "psoriasis"):
        published(slug)
    write([Written("home.conditions_pages", listed.format("/autoimmune-conditions/psoriasis/"))], by=None)
    before = conditions(client)
    moves.to_topic(Article.objects.get(slug="psoriasis"), topic("skin", order=90), by=clara())
    assert conditions(client) == [path.replace("autoimmune-conditions/psoriasis", "skin/psoriasis") for path in before]


def conditions(client: Client) -> list[str]:
    """Where the cards lead."""
    page = body(client.get("/"))
    return links(page[page.index('class="cards') :].partition("</ul>")[0])


def test_a_page_without_a_mark_of_its_own_has_that_of_its_topic(client: Client) -> None:
    published("dropsy")
    assert "dropsy" not in marks()
    assert "marks.svg#overview" in body(client.get("/"))


def test_a_long_first_sentence_ends_at_its_first_comma() -> None:
    assert home.first_sentence("Short. And more.") == "Short."
    assert home.first_sentence(f"What it is, {'how common it is and how it is found ' * 3}.") == "What it is."
    assert home.first_sentence("") == ""


def test_home_says_of_ldn_what_its_main_page_says_and_looks_reviewed_only_with_it(client: Client) -> None:
    assert 'id="ldn"' not in body(client.get("/"))
    reference()
    points = key_points("Never take LDN with opioids.[@younger-2013]", "Few <i>people</i> stop it.")
    blocks = [text("<p>LDN is about a tenth of that or less.</p>"), points, care(), known()]
    page = complete(LDN_PAGE, topic=topic("low-dose-naltrexone"), summary="What it is.", blocks=blocks)
    live(page)
    assert "Not yet reviewed by a clinician." in about_ldn(client)
    issued(rewritten(page, text(), points, care(), known(), summary="What LDN is."))
    signed_words = about_ldn(client)
    for said in ("What LDN is. Reviewed by Dr Clara Kline", "Never take LDN with opioids.", "Few people stop it."):
        assert said in signed_words
    assert "a tenth" not in signed_words, "the drawing shows what the page no longer says"
    rewritten(page, text(), key_points("It helps."), summary="A draft.")
    assert about_ldn(client) == signed_words
    assert links(section(client)) == ["/low-dose-naltrexone/ldn-for-autoimmune-diseases-and-fibromyalgia/"]


def test_what_stands_before_the_colon_of_a_key_point_is_the_title_of_its_card(client: Client) -> None:
    points = ("What it is: Naltrexone is old.", "Never with opioids: Not once.", "Two things help: sleep.", "All: 3.")
    live(complete(LDN_PAGE, topic=topic("low-dose-naltrexone"), blocks=[text(), key_points(*points), care(), known()]))
    shown = section(client)
    assert re.findall("<h3>(.*?)</h3><p>(.*?)</p>", shown) == [
        ("What it is", "Naltrexone is old."),
        ("Never with opioids", "Not once."),
    ]
    assert "<p>Two things help: sleep.</p>" in shown
    assert "<p>All: 3.</p>" in shown
    assert re.findall('fact-warning"><h3>(.*?)<', shown) == ["Never with opioids"]


def about_ldn(client: Client) -> str:
    return plain_words(section(client))


def section(client: Client) -> str:
    return body(client.get("/")).partition('id="ldn"')[2].partition("</section>")[0]


def test_nobody_and_nothing_is_named_that_is_not_there(client: Client) -> None:
    published("lupus")
    page = plain_words(body(client.get("/")))
    assert "Who stands behind these pages" not in page
    assert "Reach us" not in page
    assert "In an emergency" not in page


def test_home_shows_who_reviewed_a_page_and_how_to_reach_the_clinic(client: Client) -> None:
    issued(complete("lupus"))
    clinic(opening_hours="Monday to Friday", address="1 Long Road", crisis_words="You are not alone.")
    page = body(client.get("/"))
    words = plain_words(page)
    for said in ("Dr Clara Kline", "Conflicts of interest: None to declare.", "Monday to Friday", "1 Long Road"):
        assert said in words
    assert 'href="tel:112"' in page
    assert "You are not alone." in words
    assert "Starter library" not in words


def test_a_topic_says_of_each_condition_how_sure_anyone_is_about_ldn(client: Client) -> None:
    published("lupus", blocks=[claim("No study shows whether LDN helps.", grade="none", direction="unclear")])
    published("psoriasis", blocks=[claim("LDN may help.", grade="low", direction="unclear")])
    published("gout", blocks=[claim("Cherries help.", grade="low", direction="helps")])
    words = plain_words(body(client.get("/autoimmune-conditions/")))
    assert words.count("LDN: no study can tell") == 1
    assert words.count("LDN: low evidence") == 1


@of_each(
    [
        ("It is not clear whether LDN helps.", "low", "unclear", "Unclear if it helps (low evidence)"),
        ("LDN does not seem better than placebo.", "low", "no-difference", "No better than placebo (low evidence)"),
        ("LDN does not change the dose.", "low", "no-difference", "No difference found (low evidence)"),
        ("LDN is better than placebo.", "moderate", "helps", "Seems to help (moderate evidence)"),
        ("LDN may help.", "conflicting", "helps", "Seems to help (studies disagree)"),
        ("LDN may help.", "conflicting", "unclear", "Studies disagree"),
        ("LDN does harm.", "strong", "harms", "Can harm (strong evidence)"),
        ("It is not known whether LDN helps.", "none", "unclear", "No study in people can tell"),
    ]
)
def test_a_condition_says_first_what_was_found_of_ldn_and_then_how_sure_that_is(
    case: tuple[str, str, str, str], client: Client
) -> None:
    said, grade, direction, shown = case
    published("lupus", blocks=[claim(said, grade=grade, direction=direction)])
    strip = plain_words(body(client.get(LUPUS)).partition('<dl class="at-once">')[2].partition("</dl>")[0])
    assert strip.strip() == f"Evidence on LDN {shown}"


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("About 2 in 100 US adults have its signs, men among them, and most do not know.", "About 2 in 100 US adults"),
        ("About 204,000 people in the US have lupus. Most are women.", "About 204,000 people in the US"),
        ("About 3 in 100 people have SLE, women and men alike.", "About 3 in 100 people"),
        ("It is rare: fewer than 200,000 people in the US have it.", "It is rare: fewer than 200,000 people in the US"),
        ("Women get it about five times as often as men, at any age.", "Women get it about five times as often as men"),
        ("It begins before 45, and doctors miss it.", "It begins before 45"),
        # What would say something else without the rest
        ("Women, more often than men.", "Women, more often than men"),
        ("About 3 in 100 women get it, and 1 in 100 men.", "About 3 in 100 women get it, and 1 in 100 men"),
        ("About 7 in 100 have it, but studies differ.", "About 7 in 100 have it, but studies differ"),
        ("2.4 million people have it, which is 1 in 100.", "2.4 million people have it, which is 1 in 100"),
        ("About 24 in 100 adults have pain on most days.", "About 24 in 100 adults have pain on most days"),
    ],
)
def test_who_gets_it_is_cut_to_its_figure_where_the_rest_changes_nothing(
    client: Client, sentence: str, shown: str
) -> None:
    published("lupus", title="Lupus", aliases="SLE", blocks=[text(f"<h2>Who gets it</h2><p>{sentence}</p>")])
    assert f"<dt>Who gets it</dt><dd>{shown}</dd>" in body(client.get(LUPUS))


def test_an_article_opens_with_facts_of_its_own_blocks(client: Client) -> None:
    reference()
    pictured = risk(title="Adults who have it[@younger-2013]", first_count=2, first_group="adults")
    parts = text(
        "<h2>Who gets it</h2><p>Women, more often than men.[@younger-2013] It can run in families.</p>"
        "<h2>Never mix it with lye</h2><p>It burns.</p>"
    )
    published(
        "lupus", blocks=[parts, pictured, claim("LDN makes no difference.", grade="low", direction="no-difference")]
    )
    page = body(client.get(LUPUS))
    strip = plain_words(page[page.index('<dl class="at-once">') :].partition("</dl>")[0])
    assert "Adults who have it 2 in 100 adults, 86 in 100 women on placebo" in strip, "one side of a trial says nothing"
    assert "Evidence on LDN No difference found (low evidence)" in strip
    assert "Who gets it Women, more often than men Adults" in strip, "the first sentence of that part, and no more"
    assert '<a href="#never-mix-it-with-lye">Never mix it with lye</a>' in page
    published("ldn", kind="treatment", blocks=[claim("LDN does not ease gout.", grade="low")])
    assert "<dt>LDN does not ease gout.</dt>" in body(client.get("/autoimmune-conditions/ldn/")), "one illness of many"
    published("psoriasis", blocks=[risk(second_count=None, second_group="")])
    alone = body(client.get("/autoimmune-conditions/psoriasis/"))
    assert "<dd>84 in 100 women on LDN</dd>" in alone
    published("gout", blocks=[text()])
    assert 'class="at-once"' not in body(client.get("/autoimmune-conditions/gout/"))


@pytest.mark.parametrize(
    ("day", "at", "words"),
    [
        (27, time(10), "Open now, until 5 p.m."),
        (27, time(8), "Closed now. Open today from 9 a.m."),
        (27, time(18), "Closed now. Open on Monday from 9 a.m."),
    ],
)
def test_whether_the_desk_is_open_is_said_in_words(day: int, at: time, words: str) -> None:
    friday = timezone.make_aware(datetime.combine(datetime(2026, 11, day), at))
    assert Hours.of(clinic()).now_in_words(friday) == words


@pytest.mark.parametrize(("closed", "words"), [(5, "on Thursday"), (6, "on Friday, December 4")])
def test_a_clinic_closed_for_a_week_or_more_names_the_date(closed: int, words: str) -> None:
    """“Open on Friday” would send somebody there on a Friday too early."""
    friday = timezone.make_aware(datetime.combine(datetime(2026, 11, 27), time(18)))  # after closing time
    days = [(friday.date() + timedelta(days=day)).isoformat() for day in range(1, closed + 1)]
    assert words in Hours.of(clinic(closed_days=days)).now_in_words(friday)


def test_people_and_contact_show_what_is_on_record_only(client: Client) -> None:
    assert "Nobody is named here yet." in body(client.get("/people/"))
    assert "Before you come" not in body(client.get("/contact/"))
    assert not re.search("how to get here|visit costs", body(client.get("/contact/")))
    Person.objects.create(slug="eve", name="Eve Elsewhere")
    issued(complete("lupus"))
    clinic(directions="Bus 4 stops here.", fees="A visit costs $200.", opening_hours="Always")
    people = plain_words(body(client.get("/people/")))
    assert "Dr Clara Kline" in people
    assert "Eve" not in people
    contact = plain_words(body(client.get("/contact/")))
    for said in ("Bus 4 stops here.", "A visit costs $200.", "Open now" if "Open now" in contact else "Closed now"):
        assert said in contact


def test_signs_of_a_page_that_a_clinician_signed_stand_beside_a_topic_without_a_doubt(client: Client) -> None:
    call = care("emergency", "Call now", "<ul><li>chest pain</li></ul>")
    clinic()
    issued(complete("lupus", blocks=[text(), key_points(), call, known()]))
    page = body(client.get("/autoimmune-conditions/"))
    side = page.partition('aria-labelledby="at-once"')[2].partition("</section>")[0]
    assert "chest pain" in side
    assert "Not yet reviewed" not in side


def test_a_topic_names_the_page_to_start_with_and_the_first_signs_of_its_emergency_card(client: Client) -> None:
    call = care("emergency", "Call now", "<ul><li>chest pain</li><li>a stiff neck</li><li>c</li><li>d</li></ul>")
    published("lupus", blocks=[care("emergency", body="<ul><li>a sign of lupus</li></ul>")])
    published("overview", kind="guide", blocks=[text(), care(body="<ul><li>not urgent</li></ul>"), call])
    clinic()
    page = body(client.get("/autoimmune-conditions/"))
    assert "Start here" not in page
    Topic.objects.filter(slug="autoimmune-conditions").update(shelf="overview\nlupus")
    page = body(client.get("/autoimmune-conditions/"))
    side = page.partition('aria-labelledby="at-once"')[2].partition("</section>")[0]
    said = " ".join(plain_words(side).split())
    assert "call at once for: chest pain a stiff neck c See all signs Not yet reviewed by a clinician." in said
    assert links(side)[-1] == "/autoimmune-conditions/overview/#call-now"
    first = page.partition('<li class="card blush card-start">')[2].partition("</li>")[0]
    assert plain_words(first).split()[:3] == ["Start", "here", "Overview"]
    assert page.index(first) < page.index(LUPUS)
    Topic.objects.filter(slug="autoimmune-conditions").update(shelf="lupus\noverview")  # one condition among others
    assert "Start here" not in body(client.get("/autoimmune-conditions/"))

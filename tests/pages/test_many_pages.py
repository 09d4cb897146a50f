"""Lists of a site with very many pages: by letter, in parts, and no more of them read than is shown."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from education.articles.models import Article, Topic
from education.articles.public import home, topics
from education.articles.publishing import actions, moves
from education.pages.actions import mark_stale
from education.search import names, shelves
from education.wording.site import Written, write
from tests.cast import ann, care, clara, complete, issued, key_points, known, published, rewritten, text, topic
from tests.each import of_each
from tests.pages.test_copies import changes_so_far, copies, note
from tests.queries import asked
from tests.screens import body, links, plain_words

pytestmark = pytest.mark.django_db
SHELF = "/autoimmune-conditions/"
LETTERS = ("/a-z/", "/a-z/a/", "/a-z/g/", "/a-z/l/", "/a-z/l/lu/")
PATHS = (*LETTERS, SHELF, *(f"{SHELF}{slug}/" for slug in ("acne", "asthma", "gout", "lupus", "lupus-nephritis")))


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of anything are as many as fit."""
    for limit in (
        (names, "MAX_NAMES"),
        (shelves, "MAX_NAMING_EACH_OTHER"),
        (topics, "ON_A_PAGE"),
        (home, "MAX_CONDITIONS"),
    ):
        monkeypatch.setattr(*limit, 2)
    monkeypatch.setattr(shelves, "NAMED", 1)


def main_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return body(answer).partition("<main")[2].partition("</main>")[0]


def listed(client: Client, path: str) -> list[str]:
    return re.findall(r'<a href="/[^"]+">([^<]+)</a>', main_of(client, path).partition('class="catalogue"')[2])


def some_pages() -> None:
    for slug in ("acne", "asthma", "gout", "lupus", "lupus-nephritis", "lupus-overlap"):
        published(slug, title=slug.capitalize().replace("-", " "))


def test_each_letter_has_a_page_and_one_with_many_names_leads_on_by_how_they_begin(client: Client) -> None:
    some_pages()
    assert [link for link in links(main_of(client, "/a-z/")) if "a-z" in link] == ["/a-z/a/", "/a-z/g/", "/a-z/l/"]
    assert listed(client, "/a-z/a/") == ["Acne", "Asthma"]
    assert listed(client, "/a-z/l/") == ["Lupus"], "a name that begins all the others stands there itself"
    onward = [link for link in links(main_of(client, "/a-z/l/")) if link.startswith("/a-z/l/l")]
    assert onward == ["/a-z/l/lupus-/"]
    assert "Lupus … From “Lupus nephritis” to “Lupus overlap”" in plain_words(main_of(client, "/a-z/l/"))
    assert listed(client, onward[0]) == ["Lupus nephritis", "Lupus overlap"]
    assert "<title>All pages, A to Z: L –" in body(client.get("/a-z/l/"))
    assert "<h1>All pages, A to Z: A</h1>" in main_of(client, "/a-z/a/")
    assert '<a href="/a-z/a/" aria-current="page">A</a>' in main_of(client, "/a-z/a/")


def test_every_page_is_reached_from_a_to_z_by_links_alone(client: Client) -> None:
    others = "RA\nrheumatism\nra of the hand\n中文"
    some_pages()
    published("ra", title="Rheumatoid arthritis", aliases=others, summary=others.replace("\n", ", "))
    published("marks", title="***")
    for number in range(9):
        published(f"pain-{number}", title=f"Pain {'of the ' * (number % 3)}arm {number}")
    seen: set[str] = set()
    to_see = {"/a-z/"}
    while to_see:
        path = to_see.pop()
        seen.add(path)
        found = {link for link in links(main_of(client, path)) if link.startswith(("/a-z/", SHELF))}
        to_see |= {link for link in found - seen if link.startswith("/a-z/")}
        seen |= {link for link in found if link.startswith(SHELF)}
    assert {article.get_absolute_url() for article in Article.objects.all()} <= seen


def test_pages_of_the_very_same_name_are_not_left_out_in_silence(client: Client) -> None:
    for number in range(4):
        published(f"pain-{number}", title="Pain")
    assert listed(client, "/a-z/p/") == ["Pain", "Pain", "Search"]
    assert "More pages have this very name than fit here." in plain_words(main_of(client, "/a-z/p/"))


ABOVE = {
    "/a-z/A/": "/a-z/a/",
    "/a-z/a/acn/": "/a-z/a/",
    "/a-z/x/": "/a-z/",
    "/a-z/l/lupus-x/": "/a-z/l/",
    "/a-z/l/lymph/": "/a-z/l/",
}


def test_an_address_without_a_list_leads_to_the_list_above_it(client: Client) -> None:
    some_pages()
    answers = {path: client.get(path) for path in ABOVE}
    assert {path: answer["Location"] for path, answer in answers.items()} == ABOVE
    assert {(answer.status_code, answer["Cache-Control"]) for answer in answers.values()} == {(302, "no-store")}


def test_what_is_no_beginning_of_a_name_is_not_found(client: Client) -> None:
    some_pages()
    for path in ("/a-z/ab/", "/a-z/a/b/", "/a-z/***/", "/a-z/a/acne/more/"):
        assert client.get(path).status_code == 404, path


def test_letters_lead_back_to_the_one_page_when_there_are_few_again(client: Client) -> None:
    published("gout")
    for path in ("/a-z/g/", "/a-z/g/go/"):
        assert client.get(path)["Location"] == "/a-z/#letter-g"
    assert 'id="letter-g"' in main_of(client, "/a-z/")
    assert client.get("/a-z/x/")["Location"] == "/a-z/"


def test_a_topic_shows_its_pages_in_parts_those_first_that_staff_put_first(client: Client) -> None:
    some_pages()
    Topic.objects.update(shelf="lupus\nno-such-page\ngout")
    parts = [links(main_of(client, f"{SHELF}?page={number}")) for number in (1, 2, 3)]
    slugs = [[link.split("/")[-2] for link in part if link.startswith(SHELF)] for part in parts]
    assert slugs == [["lupus", "gout"], ["acne", "asthma"], ["lupus-nephritis", "lupus-overlap"]]
    assert 'href="?page=2"' in main_of(client, SHELF)
    second = main_of(client, f"{SHELF}?page=2")
    assert "Part 2 of 3." in plain_words(second)
    assert [link for link in links(second) if link.startswith("?")] == ["?page=1", "?page=3"]
    assert ", part 2 of 3 –" in body(client.get(f"{SHELF}?page=2"))
    assert client.get(f"{SHELF}?page=4").status_code == 404


def test_an_article_names_the_pages_that_follow_it_and_after_the_last_the_first(client: Client) -> None:
    def beside(slug: str) -> list[str]:
        return links(body(client.get(f"{SHELF}{slug}/")).partition('id="related"')[2].partition("</nav>")[0])

    some_pages()
    assert beside("acne") == [f"{SHELF}asthma/"]
    assert beside("lupus-overlap") == [f"{SHELF}acne/"]
    Topic.objects.update(shelf="gout")
    mark_stale()
    assert beside("acne") == [f"{SHELF}gout/"]


def test_home_shows_some_conditions_and_all_that_staff_listed(client: Client) -> None:
    published("gout", topic=topic("joints", order=5))
    for slug in ("acne", "asthma", "lupus"):
        published(slug)
    assert cards(client) == ["/joints/gout/", f"{SHELF}acne/", "/a-z/"]
    Topic.objects.filter(slug="autoimmune-conditions").update(shelf="lupus")
    write([Written("home.conditions_pages", f"{SHELF}asthma/\nhide /joints/gout/")], by=None)
    assert cards(client) == [f"{SHELF}asthma/", f"{SHELF}lupus/", "/a-z/"]


def cards(client: Client) -> list[str]:
    return links(main_of(client, "/").partition('class="cards')[2].partition("</ul>")[0])


def rename() -> None:
    issued(rewritten(Article.objects.get(slug="gout"), title="Arthritis of crystals"))


def withdraw() -> None:
    actions.withdraw(Article.objects.get(slug="gout"), reason="It was wrong.", by=None)


def appear() -> None:
    issued(complete("eczema"))


def move() -> None:
    moves.to_topic(Article.objects.get(slug="gout"), topic("joints"), by=clara())


@pytest.fixture
def pages(db: None) -> None:
    """The one that changes is signed, so that it may be published again."""
    some_pages()
    issued(rewritten(Article.objects.get(slug="gout"), text(), key_points(), care(), known(), author=ann()))


@of_each([rename, withdraw, appear, move])
def test_no_copy_of_a_list_outlives_a_change_of_what_it_names(
    done: Callable[[], None], client: Client, pages: None
) -> None:
    changes = changes_so_far()
    before = copies(client, changes, PATHS)
    done()
    note(changes)
    after = copies(client, changes, PATHS)
    other = {path for path, copy in before.items() if path not in after or after[path].says != copy.says}
    assert other
    assert {path for path in other if changes.is_current(before[path].page)} == set()


def test_a_new_page_leaves_copies_of_all_but_its_own_lists_and_the_page_before_it_valid(client: Client) -> None:
    some_pages()
    changes = changes_so_far()
    before = copies(client, changes, PATHS)
    published("gripes")
    note(changes)
    stale = {path for path, copy in before.items() if not changes.is_current(copy.page)}
    assert stale == {"/a-z/", "/a-z/g/", SHELF, f"{SHELF}gout/"}


def test_the_first_name_with_a_letter_shows_on_the_pages_of_the_others(client: Client) -> None:
    some_pages()
    changes = changes_so_far()
    before = copies(client, changes, LETTERS)
    published("eczema")
    note(changes)
    assert not changes.is_current(before["/a-z/l/"].page)
    assert '<a href="/a-z/e/">E</a>' in main_of(client, "/a-z/l/")


def test_lists_take_as_many_queries_for_twelve_pages_as_for_six(client: Client) -> None:
    def queries() -> dict[str, int]:
        return {path: asked(lambda path=path: client.get(path)) for path in ("/", "/a-z/", "/a-z/l/", SHELF)}

    some_pages()
    for path in ("/", "/a-z/", "/a-z/l/", SHELF):
        client.get(path)
    one = queries()
    for number in range(6):
        published(f"lump-{number}")
    client.get("/")
    assert queries() == one

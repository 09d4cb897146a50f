"""What the edge says by itself."""

from clinic_site.edge.guard import TITLES, WORDS, refusal_headers
from clinic_site.edge.server.protocol import REASONS
from tests.each import of_each


@of_each(REASONS)
def test_every_status_that_the_server_may_answer_with_has_a_page(status: int) -> None:
    assert status in TITLES
    assert status in WORDS
    assert int(dict(refusal_headers(status, ()))[b"content-length"]) > 0

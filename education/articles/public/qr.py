"""The address of a page as a QR code, for paper: a phone's camera leads from the hand-out back to the page."""

from io import BytesIO

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from education.articles.models import Article

LONGEST = Article._meta.get_field("slug").max_length or 0  # no page has a longer part in its address
QUIET_ZONE = 4  # modules of white around it, as the standard asks for
FOR_A_DAY = "public, max-age=86400"


@require_safe
def of_page(request: HttpRequest, slug: str, topic: str = "") -> HttpResponse:
    """Says no more than its own address does, so it need not know whether the page is there. 404 if none could be."""
    if max(len(topic), len(slug)) > LONGEST:
        raise Http404
    path = f"/{topic}/{slug}/" if topic else f"/{slug}/"
    drawn = BytesIO()
    segno.make(f"{settings.SITE_URL}{path}", error="m").save(drawn, kind="svg", border=QUIET_ZONE, xmldecl=False)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": FOR_A_DAY})

"""Whether a clinician has talked to a patient, and so what a flag still asks of staff. Nothing sealed is opened."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat

from education.accounts.models import User
from education.audit.models import AuditEvent
from education.consultations import workflow
from education.consultations.models import ConsultationRequest, SealedAmendment
from education.consultations.workflow import Flag


def have_talked() -> Q:
    """Of requests: a clinician has talked to the patient since the form was last sent. Text added later changes
    nothing; only a whole form has a `content_mac`.
    """
    forms = SealedAmendment.objects.filter(request=OuterRef(OuterRef("pk"))).exclude(content_mac="")
    last_form = Subquery(forms.order_by("-number").values("created_at")[:1])
    contacts = AuditEvent.objects.filter(
        about=Concat(Value("request:"), OuterRef("reference")),  # as in `ConsultationRequest.about`
        verb="request_contact",
        at__gte=Coalesce(last_form, OuterRef("received_at")),
        **{f"detail__{workflow.BY_CLINICIAN}": "yes"},
    )
    return Q(contacted_at__isnull=False) & Q(Exists(contacts))  # the trail is not read for those nobody talked to


def come_first() -> Q:
    """Of requests: a clinician has to talk to the patient before anything is booked, and none has."""
    return Q(flag__gte=Flag.RED) & ~have_talked()


def talked_to(rows: Iterable[ConsultationRequest]) -> set[int]:
    """Those to whose patients a clinician has talked since the form was last sent, by key. One query at most."""
    keys = [row.pk for row in rows if row.contacted_at]
    if not keys:
        return set()
    return set(ConsultationRequest.objects.filter(have_talked(), pk__in=keys).values_list("pk", flat=True))


def flag_label(flag: Flag, *, talked: bool) -> str:
    """The `flag` of a request for whoever reads it; of one that needs a clinician, whether one has `talked` to them."""
    if talked and flag >= Flag.RED:
        return f"{flag.name.capitalize()}: a clinician has talked to them"
    return str(flag.label)


def flag_words(row: ConsultationRequest, flag: Flag, *, by: User, talked: bool) -> str:
    """The same, and what a red one asks of `by`: nothing once a clinician has `talked` to the patient, or once it is
    finished.
    """
    if row.is_finished:
        return str(flag.label)
    label = flag_label(flag, talked=talked)
    if talked or flag != Flag.RED:
        return label
    return f"{label}, {'which is you' if by.has_perm(workflow.MAY_SEE_CLINICAL) else 'don’t book'}"

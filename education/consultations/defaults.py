"""The screening questions and replies that a new installation starts with. Staff may change them for good.

Most questions follow whom two trials of low-dose naltrexone left out (the registrations of FINAL, NCT04270877, and
INNOVA, NCT04739995), or the warnings on the American label of naltrexone tablets. Two follow neither, and
`for-the-clinician.md` asks a clinician to confirm them: `urgent_symptoms` and `stopping_medicine`. Nor has anybody a
source for which flag an answer raises, or for the two ages in `form/screening.py`.
"""

from education.consultations.models import ONLY_CLINICIANS, ReplyTemplate, ScreeningQuestion
from education.consultations.workflow import Flag

RED, AMBER, URGENT = Flag.RED, Flag.AMBER, Flag.URGENT


def _asked(
    key: str, words: str, help: str, flags: tuple[Flag, Flag, Flag], *, private: bool = False
) -> dict[str, object]:
    noticed, unsure, talk = flags
    return {
        "key": key, "words": words, "help": help, "flag_noticed": noticed, "flag_unsure": unsure, "flag_talk": talk,
        "clinicians_only": private,
    }  # fmt: skip


QUESTIONS = (
    # No source; a clinician decides: general medical knowledge.
    _asked(
        "urgent_symptoms",
        "Do you have any urgent symptom now?",
        "Chest pain, trouble breathing, a face or arm that droops, new weakness, sudden loss of sight, heavy bleeding, "
        "severe belly pain, or a fever while a medicine calms your immune system.",
        (URGENT, RED, RED),
    ),
    _asked("self_harm", "Are you thinking of harming yourself?", "", (URGENT, RED, RED)),
    _asked(
        "opioids",
        "In the last four weeks, have you taken an opioid medicine?",
        "Opioids are medicines for pain, cough, diarrhea or addiction. Some are weak. Examples are codeine "
        "(Tylenol #3), hydrocodone (Vicodin, Norco), oxycodone (Percocet), tramadol (Ultram), morphine, fentanyl, "
        "methadone and buprenorphine (Suboxone). Count tablets, patches and liquids, codeine cough syrup, Lomotil for "
        "diarrhea, and kratom or street drugs such as heroin. Nobody here will blame you.",
        # FINAL, as registered, left out whoever had taken an opioid in the last four weeks. The label asks for 7 to 10
        # days without. Many people don't know that their medicine is an opioid, so doubt counts as yes.
        (RED, RED, AMBER),
        private=True,
    ),
    _asked(
        "opioid_treatment",
        "Have you had treatment for opioid or alcohol use, now or in the past?",
        "You can leave this out. We ask because naltrexone is itself used in that treatment. It also blocks methadone "
        f"and buprenorphine: that can set off sudden withdrawal. {ONLY_CLINICIANS}",
        (RED, AMBER, AMBER),
        private=True,
    ),
    _asked("pregnancy", "Are you pregnant, trying for a baby, or breastfeeding?", "", (RED, AMBER, AMBER)),
    _asked(
        "liver_kidney",
        "Have you ever been told that you have a liver or kidney problem?",
        "For example hepatitis, cirrhosis, abnormal liver tests, kidney disease or dialysis.",
        (RED, AMBER, AMBER),
    ),
    _asked(
        "operation",
        "Is an operation planned in the next three months?",
        "Count a tooth extraction, an endoscopy and giving birth as well. They often involve opioid pain relief.",
        (RED, AMBER, AMBER),
    ),
    # For steroids, gc-ai-guideline-2024: the body may not make enough of its own. For the thyroid, raknes-2020: LDN
    # did not change how much hormone was dispensed. For medicines that calm the immune system no source; a clinician
    # decides.
    _asked(
        "stopping_medicine",
        "Are you planning to stop or reduce another medicine?",
        "For example a steroid, a thyroid tablet, or a medicine that calms the immune system.",
        (RED, AMBER, AMBER),
    ),
)
REPLIES = (
    {
        "title": "Please call us",
        "subject": "Please call us about your request",
        "words": "We would like to talk with you and have not reached you yet. Please call us when it suits you.",
    },
    {
        "title": "When may we call?",
        "subject": "When may we call you?",
        "words": "We would like to call you about your request. Please reply with two or three times that suit you. "
        "Please do not write about your health in the reply: we will talk about that.",
    },
    {
        "title": "Please answer by e-mail",
        "subject": "About your request",
        "words": "We would like to find a time for your appointment with you by e-mail. Please reply with two or three "
        "days and times that suit you. Please do not write about your health in the reply.",
    },
    {
        "title": "We could not reach you",
        "subject": "We could not reach you",
        "words": "We have tried to reach you several times. We will now close your request. You can call us, or send a "
        "new request, at any time.",
    },
)


def add_defaults(questions: type[ScreeningQuestion], replies: type[ReplyTemplate]) -> None:
    """Fill tables that are empty. A migration passes the models as they were at its time."""
    if not questions.objects.exists():
        for place, question in enumerate(QUESTIONS, start=1):
            questions.objects.create(order=place * 10, **question)
    if not replies.objects.exists():
        for reply in REPLIES:
            replies.objects.create(**reply)

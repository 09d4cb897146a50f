"""What a query asks for beside pages: help at once, a warning, or something of the clinic itself."""

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from education.search.medical_words import IN_SPANISH, OPIOIDS
from education.search.words import SPANISH, words_of

MIN_LENGTH = 6  # of a word of urgency that is found in another spelling

# A star means any ending. Better shown too often than once too seldom.
SELF_HARM = """
suicid*, kill myself, killing myself, kill me, end my life, ending my life, end it all, want to die, wish i was dead,
wish i were dead, better off dead, dont want to live, no reason to live, self harm, self-harm*, harm myself, hurt
myself, cut myself, cutting myself, hang myself, suicidio, suicidarme, matarme, quiero morir, morirme, no quiero vivir,
quitarme la vida, acabar con mi vida, hacerme dano
"""
URGENT = """
in crisis, crisis line, mental health crisis, hotline, overdos*, od, took too much, took too many, taken too much,
taken too many, too many pills, double dose, poison*, chest pain*, chest pressure, pain in my chest, chest hurts, heart
attack, stroke, face drooping, cant breathe, cannot breathe, can not breathe, cant breath, trouble breathing,
difficulty breathing, short of breath, shortness of breath, stopped breathing, not breathing, slow breathing, choking,
anaphyla*, throat swelling, swollen throat, swollen tongue, swollen face, swelling of the face, unconscious,
unresponsive, passed out, fainted, fainting, wont wake up, hard to wake, seizure*, convulsion*, vomiting blood,
coughing blood, severe bleeding, wont stop bleeding, bleeding heavily, emergency, emergencies, emergency room,
ambulance, 911, 999, 112, 988, 000, sobredosis, dolor de pecho, dolor en el pecho, no puedo respirar, infarto, derrame
cerebral, emergencia, urgencia, ambulancia, envenenamiento
"""
# What the clinic itself answers, by the name of the part in templates/search/_answers.html
ANSWERS = {
    "withdraw": (
        "cancel, cancel my request, withdraw, withdraw my request, withdrawing, delete my request, change my request, "
        "my request, my receipt, receipt, delete my data, erase my data, undo"
    ),
    "clinic": (
        "opening, opening hours, opening times, office hours, business hours, hours, when are you open, are you open, "
        "address, location, where are you, directions, parking, phone, phone number, telephone, telephone number, "
        "contact, contact us, call you, email address, fax, insurance, insured, medicare, medicaid, fees, wheelchair, "
        "price, prices, how much do you charge, cost of a visit, visit cost, cost of visit, how much is a visit"
    ),
    "ask": (
        "appointment*, book, booking, book an appointment, make an appointment, consultation, request a consultation, "
        "see a doctor, new patient, sign up, reschedule"
    ),
    "people": "nurse*, staff, your team, who works there, who works here, who are you, about us, your doctors",
    "interpreter": ", ".join(
        [
            "interpreter, translator, espanol, spanish, interprete, traductor, artritis, enfermedad, esclerosis",
            "fibromialgia, medico, naltrexona, reumatismo, sindrome, sintoma, que es, mi mama, mi papa",
            *IN_SPANISH,
            *SPANISH.split(),
        ]
    ),
}
# Words of medicine beside “withdrawal”: whoever types “opioid withdrawal” does not want to withdraw a request.
MEDICAL_WITHDRAWAL = frozenset(words_of("opioid drug symptoms naltrexone precipitated"))


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(words_of(part)) + (("*",) if part.strip().endswith("*") else ()) for part in text.split(","))


SELF_HARM_PHRASES = _phrases(SELF_HARM)
URGENT_PHRASES = SELF_HARM_PHRASES + _phrases(URGENT)
URGENT_WORDS = words_of(
    "suicide suicidal overdose overdosed poisoning emergency ambulance seizure unconscious anaphylaxis"
)
ANSWER_PHRASES = {name: _phrases(text) for name, text in ANSWERS.items()}
EVERY_WORD = frozenset(
    word for phrases in (URGENT_PHRASES, *ANSWER_PHRASES.values()) for phrase in phrases for word in phrase
)


def is_urgent(query: str) -> bool:
    """Whether somebody may need help now: the numbers come first, whatever else is found."""
    words = words_of(query)
    if any(_holds(words, phrase) for phrase in URGENT_PHRASES):
        return True
    return any(OSA.distance(word, known) <= 1 for word in words if len(word) >= MIN_LENGTH for known in URGENT_WORDS)


def is_about_self_harm(query: str) -> bool:
    words = words_of(query)
    return any(_holds(words, phrase) for phrase in SELF_HARM_PHRASES)


def named_opioid(query: str) -> bool:
    """Whether the query names an opioid, or a medicine that holds one."""
    words = words_of(query)
    return any(_holds(words, name) for name in OPIOIDS)


def answers(query: str) -> list[str]:
    """The names of what the clinic itself answers."""
    words = words_of(query)
    found = [name for name, phrases in ANSWER_PHRASES.items() if any(_holds(words, phrase) for phrase in phrases)]
    if MEDICAL_WITHDRAWAL.intersection(words) and "withdraw" in found:
        found.remove("withdraw")
    return found


def _holds(words: Sequence[str], phrase: Iterable[str]) -> bool:
    """Whether the words of the phrase are side by side among these words."""
    *whole, last = phrase
    begins = last == "*"
    wanted = whole if begins else [*whole, last]
    for start in range(len(words) - len(wanted) + 1):
        part = list(words[start : start + len(wanted)])
        if part == wanted or (begins and part[:-1] == wanted[:-1] and part[-1].startswith(wanted[-1])):
            return True
    return False

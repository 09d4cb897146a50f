"""What was done, in words, from the verbs that the trail holds."""

# Many verbs are named after the action; all are read as what was done.
DONE = {
    "add": "added", "assign": "assigned", "book": "booked", "call_back": "to be called back", "claim": "claimed",
    "close": "closed", "confirm_contact": "contact confirmed", "contact": "contacted", "match": "as published again",
    "move": "moved", "needs_clinician": "passed to a clinician", "no_answer": "called, no answer",
    "not_spam": "marked as not spam", "note": "note added", "publish": "published",
    "publish_unsigned": "published unsigned", "reopen": "opened again", "reply": "answered by mail",
    "restore": "restored", "schedule": "planned", "send_back": "sent back", "set_expiry": "end set", "sign": "signed",
    "spam": "marked as spam", "submit": "sent for review", "task": "task assigned", "unschedule": "no longer planned",
    "voicemail": "voice message left", "withdraw": "withdrawn", "write": "changed",
}  # fmt: skip

# Rows whose verbs are made of the name of their model.
WHAT = {
    "intakepause": "pause of the request form",
    "replytemplate": "reply template",
    "screeningquestion": "screening question",
}

# Verbs of the trail that other words of the site would contradict: people log in, and sign pages.
WHOLE = {"signed_in": "Logged in", "sign_in_failed": "Log-in failed"}


def kind_in_words(kind: str) -> str:
    return "account" if kind == "staff" else WHAT.get(kind, kind)


def in_words(verb: str) -> str:
    if verb in WHOLE:
        return WHOLE[verb]
    what, _, action = verb.partition("_")
    return f"{WHAT.get(what, what)} {DONE.get(action, action)}".replace("_", " ").strip().capitalize()

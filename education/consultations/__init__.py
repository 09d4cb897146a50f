"""The asking side: a patient’s request, from the form to its answer and its erasure.

Rooms: form, public, triage, disclosure, upkeep.
"""

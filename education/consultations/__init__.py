"""Consultation requests: from the patient's form, through triage by staff, to deletion.

form → public → triage → disclosure, upkeep; models.py, workflow.py, search_terms.py and mails.py serve them all.
"""

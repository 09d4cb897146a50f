"""Requests that leave the site: printed, copied for the chart, exported, handed to the patient, or erased.

Each of these is recorded in the audit trail first.
"""

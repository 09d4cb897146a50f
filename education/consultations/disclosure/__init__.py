"""Requests that leave the site: printed, copied, exported, handed to the patient, or erased.

Each way out asks for a permission of its own and is recorded first.
"""

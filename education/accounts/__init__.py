"""Staff accounts: roles, log-in, set-up link, second factor, idle lock.

Patients have no accounts.
"""

"""Staff accounts: roles, log-in, set-up link, second factor, idle time-out.

Patients have no accounts.
"""

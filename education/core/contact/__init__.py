"""How people are reached and told apart: telephone numbers, e-mail addresses, names.

Pure functions. Whoever calls them says which country a number without a country code belongs to.
"""

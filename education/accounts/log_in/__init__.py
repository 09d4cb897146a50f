"""Logging in, with django-allauth: where it differs from the defaults, how wrong passwords are slowed down, which
devices are known, and what is asked for again before something sensitive.
"""

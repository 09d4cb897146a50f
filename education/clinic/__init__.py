"""The clinic itself: its profile, opening hours, bulletins.

All of it may change without a new edition of any page.
"""

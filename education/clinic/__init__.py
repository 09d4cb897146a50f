"""The clinic itself: its profile, opening hours, people who write or review, bulletins.

All of it may change without a new edition of any page.
"""

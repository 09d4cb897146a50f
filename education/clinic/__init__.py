"""The clinic itself: its profile, opening hours, people who write or review, bulletins.

Everything here may change while published pages stay as they are.
"""

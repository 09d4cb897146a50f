"""People who write or review pages, or work at the clinic: how patients see them named, and which pages are theirs.

No staff accounts: a reviewer may never log in.
"""

"""The home page of the admin, which says what waits for whom, and the review board.

It counts and links; the work itself is done on the screens of the other packages.
"""

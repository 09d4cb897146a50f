"""The home page of the admin, which lists what waits for the user, and the review board.

It counts and links; the work is done on the screens of the other packages.
"""

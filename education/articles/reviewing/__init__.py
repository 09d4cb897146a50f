"""Where staff see how a page stands, sign it, send it back, publish it or withdraw it.

`views` moves one page on, `sign_views` is the clinician’s screen, `queue` her list of pages to review.
"""

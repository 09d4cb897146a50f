"""Where staff review a page: sign it, send it back, publish it or withdraw it.

`views` is the review screen of one page, `sign_views` the clinician’s screen, `queue` the list of pages to review.
`changed_blocks` shows the pictures and tables beside their changed words.
"""

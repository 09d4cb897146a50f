"""From canonical content to the HTML that an edition stores.

`page` draws a whole page and says where its headings, claims and links are; `blocks` has each block draw itself.
"""

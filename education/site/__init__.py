"""The screen “Words of the site”: what the clinic itself says around its pages, written beside the page with it."""

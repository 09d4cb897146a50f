"""The screen “Site”: the clinic's own words around its pages, written beside the page on which they are read."""

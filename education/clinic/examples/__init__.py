"""A clinic that is invented, so that a visitor of a trial sees what the site can be. One tap takes it away again.

Each portrait in `art/` is drawn for this project: the SVG is the drawing, the PNG is what goes into the picture library.
"""

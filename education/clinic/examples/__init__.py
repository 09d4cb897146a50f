"""A clinic that is invented, so that a visitor of a trial sees what the site can be. One tap takes it away again.

The portraits in `art/` are drawn for this project: an SVG is the drawing, its PNG goes into the library of pictures.
"""

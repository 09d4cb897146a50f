"""Topics and articles, from a draft to the edition that patients read.

Packages: content, rendering, editing, finding, commenting, reviewing, publishing, public, library.
"""

"""The reading side: topics and articles, from a draft to the edition that patients read.

Packages: content, rendering, editing, publishing, public, library, reviewing.
"""

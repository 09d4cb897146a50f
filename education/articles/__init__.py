"""The reading side: topics and articles, from a draft to the edition that patients read.

Rooms: content, rendering, editing, publishing, public, library, reviewing.
"""

"""What visitors open: home, topics, articles, A to Z, the history of a page, a preview by link.

Reads editions only, never drafts; a preview draws the draft as an edition would be.
"""

"""From a draft to the public page: the gate, sign-offs, editions, and what happens at a planned time.

The verbs are in `actions`; each asks `education.articles.workflow` first.
"""

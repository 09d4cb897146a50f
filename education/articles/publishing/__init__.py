"""From a draft to what patients read: the gate, signatures, editions, and what happens at a set time.

The verbs are in `actions`; each asks `education.articles.workflow` first.
"""

"""The request form: its fields and parts, the screening questions, what was posted.

Turns what was typed into a `Submission`; stores nothing and knows no keys.
"""

"""The request form: its fields and parts, the screening questions, reading what was posted.

Turns it into a `Submission`; stores nothing and knows no keys.
"""

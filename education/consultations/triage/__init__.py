"""What staff do with requests: the queue, the record, and the verbs on it.

Every look at an answer is recorded in the audit trail before it is shown.
"""

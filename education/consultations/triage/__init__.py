"""What staff do with requests: the queue, the record of one request, and the verbs on it.

Whoever sees an answer is recorded in the audit trail before it is shown.
"""

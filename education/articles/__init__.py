"""The reading side: topics, articles with their working drafts, and the editions that the public reads."""

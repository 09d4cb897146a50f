"""What is sent twice is done once: a form that arrives a second time gets the answer that it got the first time."""

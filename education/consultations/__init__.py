"""The asking side: the request form, the receipt, the queue. Answers are sealed from the first moment."""

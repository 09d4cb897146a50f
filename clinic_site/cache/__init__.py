"""The cache in the database: Django's, in fewer statements, and with values that are changed together."""

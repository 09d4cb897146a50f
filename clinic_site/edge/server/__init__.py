"""gunicorn's worker and connection, with time limits that gunicorn does not have."""

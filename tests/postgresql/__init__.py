"""What is about PostgreSQL, with real processes and databases. Run by `make test DATABASE=postgres` only."""

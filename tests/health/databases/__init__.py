"""What is about PostgreSQL, with real processes on databases of their own: run by `make test DATABASE=postgres` only."""

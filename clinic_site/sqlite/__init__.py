"""The database backend: SQLite as Django has it, but for connections that are kept open."""

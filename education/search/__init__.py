"""Finding what is published."""

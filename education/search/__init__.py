"""Full-text search over published pages."""

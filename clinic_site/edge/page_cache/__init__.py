"""Published pages, rendered once and kept: in memory, on disk, and told when they are out of date."""

"""The published studies and guidelines that pages cite."""

"""What colleagues do beside each other, on pages and on requests: give each other tasks, and see who else is there."""

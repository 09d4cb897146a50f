"""What colleagues do beside each other, on pages and on requests: leave tasks, and see who else is there."""

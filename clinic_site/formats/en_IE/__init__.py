"""The day first, and 24 hours: 6 March 2026, 14:30."""

"""The day first: 6 March 2026, 2:30 p.m."""

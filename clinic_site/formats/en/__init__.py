"""The United States: March 6, 2026, 2:30 p.m."""

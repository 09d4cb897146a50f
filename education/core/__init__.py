"""Shared code without models: HTML, text, HTTP, workflow tables, sealing. It imports nothing else of the app."""

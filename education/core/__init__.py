"""Leaves: HTML, text, HTTP, workflow tables and sealing. No models; imports nothing of ours."""

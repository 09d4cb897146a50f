"""The edge: one ASGI application in front of Django that checks requests and serves published pages from a cache.

README.md says what it does and why.
"""

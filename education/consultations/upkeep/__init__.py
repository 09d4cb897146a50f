"""What the worker does with requests: ingests new ones and deletes those kept long enough.

Needs the private keys, so it runs on the staff side only.
"""

"""What the worker does with requests: takes in new ones, deletes what is past its time.

Needs the private keys, so it runs on the staff side only.
"""

"""What a site uses that has outgrown one machine: a cache on Redis, pictures in a bucket.

Needs requirements-scale.txt.
"""

"""The picture library: each upload is re-encoded in several widths and formats.

The uploaded file itself is never stored or served.
"""

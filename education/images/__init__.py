"""The library of pictures: each upload is drawn again, in several widths and formats.

Nothing of the uploaded file itself is ever served.
"""

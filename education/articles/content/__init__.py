"""What a page says: its blocks, each declared in `blocks/`, and its content as canonical JSON with a hash.

Also what is read from content alone: its pieces of text, the links in it, two versions compared.
"""

"""Finding pages and words in the library: the list's search and filters, what is done with many pages at once, and
words replaced on many pages.
"""

"""The glossary: words that patients may not know, explained in plain ones."""

"""Articles as Markdown files: loaded, checked and exported without loss.

`manage.py load_articles` and `export_articles` call it; the starter library comes in this way.
"""

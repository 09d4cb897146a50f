"""Articles as Markdown files: loaded, checked and exported without loss.

`manage.py load_articles` and `export_articles` use it. The starter library is loaded this way.
"""

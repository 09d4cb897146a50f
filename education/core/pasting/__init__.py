"""What word processors and web pages put on the clipboard, read so that no word changes its meaning.

`static/js/pasting.js` does the same in the browser, before the rich-text editor drops what it does not know.
"""

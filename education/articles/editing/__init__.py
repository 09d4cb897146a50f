"""Writing a draft in the admin: forms for blocks, autosave, and conflicts between two editors.

`autosave*` store what is typed before it is saved, and compare it when two people edit one draft. `pickers` offers what
a text refers to, and `adding` adds what is missing, for the scripts of the editor.
"""

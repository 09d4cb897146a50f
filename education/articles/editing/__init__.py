"""Writing a draft in the admin: forms for blocks, and saving that loses nothing.

`autosave*` keep what is typed before it is saved and compare it when two people edit one draft.
"""

"""How dates and times are written, a folder for each way; what these leave out is as Django has it.

`education/clinic/dates.py` says which of them the clinic's country uses.
"""

"""What a patient does: opens the form, sends it, and comes back to the receipt.

Needs the public key only. Start at views.py and receipt.py; tokens.py makes a double click one request.
"""

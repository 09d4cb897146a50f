"""What a patient does: opens the form, sends it, and comes back to the receipt.

Seals with the public key only; `actions` holds the verbs, `tokens` what makes a second click harmless.
"""

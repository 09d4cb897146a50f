"""Mail waiting to be delivered, written in the same transaction as its cause. The only package that sends mail."""

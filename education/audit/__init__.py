"""The audit trail: who did or saw what, and when. Rows are only ever added, each chained to the one before."""

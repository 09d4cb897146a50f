"""Who did or saw what, when. Rows are only ever added, each chained to the one before."""

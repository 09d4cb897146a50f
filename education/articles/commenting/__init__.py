"""Comments of staff on a block of a draft, with replies, until somebody marks them as done. Patients never see them."""

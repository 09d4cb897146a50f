"""Backups at a second place, where the first machine's disk takes nothing with it; pictures copied into a bucket."""

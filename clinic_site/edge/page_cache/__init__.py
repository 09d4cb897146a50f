"""The page cache: published pages are rendered once and kept, in memory and on disk, until a change concerns them."""

"""Which pages are public, and in which version; and pages that belong to no feature: errors, sitemap, robots."""

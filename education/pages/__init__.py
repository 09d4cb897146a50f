"""What is public and in which version; the pages that belong to no feature: errors, sitemap, robots."""

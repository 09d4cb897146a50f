"""Published studies and guidelines that the pages rest on."""

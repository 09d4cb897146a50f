"""The screen on which a clinic writes its own words."""

"""Tags and filters for templates, one module for each room that needs some."""

"""The app: patients read signed-off pages and ask for a consultation. README.md beside this file is the map."""

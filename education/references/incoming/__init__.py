"""Studies that come in: keys for new ones, which of them are here already, files of other programs, look-up by number."""

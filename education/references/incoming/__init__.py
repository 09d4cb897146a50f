"""Studies that come in: which of them are here already, files of other programs, look-up by number."""

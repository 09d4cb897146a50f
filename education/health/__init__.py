"""Whether this installation is well: probes, doctor, and what makes it ready to start."""

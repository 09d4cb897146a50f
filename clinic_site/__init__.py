"""The installation: settings, addresses, servers. It knows nothing about health education."""

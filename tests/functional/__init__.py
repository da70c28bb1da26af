"""The committed clients, called against a real server on loopback."""

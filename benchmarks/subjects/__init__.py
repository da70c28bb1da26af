"""One script for each client, run by path in the environment where that client is installed.

The clients are imported by name because no type checker sees those environments.
"""

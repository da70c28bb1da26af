"""A package as it would be generated, for the tests of the runtime."""

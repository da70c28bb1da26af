"""The sample's asynchronous flavour."""

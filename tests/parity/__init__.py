"""OpenAPI Generator beside ours: `make parity` compares what both write for the same documents."""

"""What generated models do: sending, parsing, keeping."""

"""Rust crates, drop-ins for those of OpenAPI Generator's `rust` generator (library reqwest)."""

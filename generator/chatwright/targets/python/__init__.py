"""The Python package: its names, types, modules and documents."""

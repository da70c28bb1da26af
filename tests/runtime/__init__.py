"""Tests of the runtime that every generated package holds."""

"""Measures Chatwright against its real peers, all in one run; see README.md beside this file."""

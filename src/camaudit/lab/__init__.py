"""Pretend to be an estate, honestly labelled; loopback only."""

"""Captures of a pretend site's life: made up whole, and told beside the capture."""

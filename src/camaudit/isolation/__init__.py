"""Judge separation and egress from summarised traffic, and say what was not looked at."""

"""What summarising flow logs takes, beside plain ways to do it."""

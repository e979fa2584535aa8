"""Ask devices politely, within a budget and only where permitted, and tell what was not reached."""

"""Turn ``data/`` (and the organisation's own packs) into checked model objects, or refuse."""

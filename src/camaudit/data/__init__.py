"""What we know, as files with sources and dates; no code lives here."""

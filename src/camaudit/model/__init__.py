"""The words all stages share: frozen, typed, without behaviour beyond validation."""

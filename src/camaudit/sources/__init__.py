"""Turn bytes and files into observations; decide nothing."""

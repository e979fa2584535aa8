"""Read and write bounded bytes: what every codec shares."""

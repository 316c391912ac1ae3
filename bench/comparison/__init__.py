"""QTable beside its peers: what `bench/compare` runs."""

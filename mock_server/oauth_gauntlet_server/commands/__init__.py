"""The commands `serve` and `faults`, which need nothing but the mock server, and what every command line shares: its output."""

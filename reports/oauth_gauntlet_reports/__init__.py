"""Results made readable: terminal, JSON, JUnit. Imports nothing of ours but the result model."""

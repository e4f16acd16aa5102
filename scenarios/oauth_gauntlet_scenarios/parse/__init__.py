"""Token responses: the client reads valid ones, never takes a token from invalid ones, and does not crash."""

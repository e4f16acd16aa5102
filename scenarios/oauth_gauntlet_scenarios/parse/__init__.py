"""Token responses: a token is understood, anything else never becomes one, and nothing crashes."""

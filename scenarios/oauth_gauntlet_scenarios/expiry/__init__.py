"""Expiry in virtual time: a token is used while it is valid and renewed when it is not."""

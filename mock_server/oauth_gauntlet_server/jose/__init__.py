"""Signing keys, and JWTs signed with them."""

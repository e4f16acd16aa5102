"""Encoding: every configured value arrives octet for octet."""

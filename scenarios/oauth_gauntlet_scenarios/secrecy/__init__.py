"""Secrecy: secrets, tokens, assertions, passwords and keys are only where they belong."""

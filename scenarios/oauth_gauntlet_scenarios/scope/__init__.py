"""Scope: space-delimited, case-sensitive, sent only if configured, and shown as granted."""

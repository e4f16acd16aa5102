"""Exchanges and tokens in words: what a request holds, decoded, and what this tenant knows of it. Reads, changes nothing."""

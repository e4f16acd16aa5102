"""Decode exchanges and tokens for people: credentials, forms, JSON and JWTs, checked against what the tenant knows.

Everything here only reads: decoding changes nothing at the tenant.
"""

"""Snippets of an exchange to paste elsewhere: a curl command, a Python script, a pytest test, a scenario.

All are pure functions of the recorded exchange.
"""

"""The web console under ``/_console``: it shows exchanges as they happen, and arms faults.

The server sends one page and its scripts. The scripts do everything through the control API, so the console can do
nothing that ``curl`` cannot do.
"""

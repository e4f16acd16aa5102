"""Reports from results: of one run, of two runs of one client, and of runs of several clients.

Imports only `model`, `protocol`, `reading` and `files.escaping` of the harness. `kinds.py` lists every kind of report.
"""

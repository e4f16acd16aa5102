"""The lowest layer: HTTP/1.1 to the octet (requests, answers, plans of what is done on a socket), and what all rooms share.

Shared are the table of endpoints, the clock, and the reading and writing of JSON.
"""

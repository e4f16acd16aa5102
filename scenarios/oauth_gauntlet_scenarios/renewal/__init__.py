"""Renewals: the second token request is the first one again, but for what has to change.

What holds for each token request is judged at renewals too, by the requirements of its own category (`renewals` in their
decorators). Here both requests are compared: each may be right for itself, and still be for another client, scope or server.
"""

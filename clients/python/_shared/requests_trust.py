"""Certificate authorities for clients that leave HTTP to requests, and no way to name them otherwise."""

import os

_BUNDLE = os.environ.get("REQUESTS_CA_BUNDLE")


def trust(ca_file):
    """Name the certificate authorities where requests looks first: it prefers this variable to a session's verify."""
    os.environ.pop("REQUESTS_CA_BUNDLE", None)
    if ca_file or _BUNDLE:
        os.environ["REQUESTS_CA_BUNDLE"] = ca_file or _BUNDLE

"""Sets certificate authorities for clients that use requests and have no setting for them."""

import os

_BUNDLE = os.environ.get("REQUESTS_CA_BUNDLE")


def trust(ca_file):
    """Set the variable for certificate authorities; in requests it has priority over a session's `verify`."""
    os.environ.pop("REQUESTS_CA_BUNDLE", None)
    if ca_file or _BUNDLE:
        os.environ["REQUESTS_CA_BUNDLE"] = ca_file or _BUNDLE

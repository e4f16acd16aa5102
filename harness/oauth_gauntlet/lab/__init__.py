"""The client under test as scenarios use it, its answers, and its renewals."""

from oauth_gauntlet.lab.answers import described, documented, usable
from oauth_gauntlet.lab.client import LabClient
from oauth_gauntlet.lab.first_token import get_issued_token

__all__ = ["LabClient", "described", "documented", "get_issued_token", "usable"]

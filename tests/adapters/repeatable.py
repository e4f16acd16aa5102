"""The reference client, with identifiers of assertions that repeat: they depend on the token URL, and count on."""

import hashlib
from collections import Counter
from urllib.parse import urlsplit

from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.token_request import TokenRequestBuilder


class Requests(TokenRequestBuilder):
    def __init__(self, configuration, used):
        super().__init__(configuration)
        self.used = used

    def new_identifier(self):
        path = urlsplit(self.configuration.token_url).path  # the port is another one in each run
        self.used[path] += 1
        return hashlib.sha256(f"{path} {self.used[path]}".encode()).hexdigest()


class Repeatable(ReferenceClient):
    def __init__(self):
        super().__init__()
        self.used = Counter()

    def request_builder(self, configuration):
        return Requests(configuration, self.used)

"""The reference client, which hangs after a failed response, but only as long as the file HANGS_ONCE does not exist."""

import os
import threading
from pathlib import Path

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference import ReferenceClient


class HangsOnce(ReferenceClient):
    def get_token(self):
        try:
            return super().get_token()
        except ClientFailure:
            marker = Path(os.environ["HANGS_ONCE"])
            if not marker.exists():
                marker.touch()
                threading.Event().wait()
            raise


def make_client():
    return HangsOnce()

"""``python -m oauth_gauntlet_server``: the command ``oauth-gauntlet serve``, without the options of a project's file."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from oauth_gauntlet_server.commands.output import prepare_streams, settle_streams
from oauth_gauntlet_server.commands.program import exit_code_of
from oauth_gauntlet_server.commands.serve import serve


def main(arguments: Sequence[str]) -> int:
    """Serve until SIGINT or SIGTERM, and return the exit code: 2 if an option is wrong or the address cannot be used."""
    return exit_code_of(serve, arguments, name="python -m oauth_gauntlet_server")


if __name__ == "__main__":
    prepare_streams()
    code = main(sys.argv[1:])
    settle_streams()
    sys.exit(code)

"""``python -m oauth_gauntlet``: the same as the command ``oauth-gauntlet``."""

from oauth_gauntlet.cli import run_main

run_main()

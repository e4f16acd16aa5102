"""Run the command ``oauth-gauntlet`` as ``python -m oauth_gauntlet``."""

from oauth_gauntlet.cli import run_main

run_main()

"""Read the TOML configuration file of ``oauth-gauntlet serve``."""

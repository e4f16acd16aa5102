"""The life of ``oauth-gauntlet serve``: what it prints, its signals, and its configuration while it runs."""

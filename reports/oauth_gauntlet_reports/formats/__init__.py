"""One module for each report format of one run."""

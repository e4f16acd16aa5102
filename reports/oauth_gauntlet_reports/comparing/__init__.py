"""Reports of several runs: comparison of two, matrix of many, and findings checked by hand."""

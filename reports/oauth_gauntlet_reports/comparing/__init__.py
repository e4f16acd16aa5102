"""Several runs beside each other: comparison, matrix, checked findings."""

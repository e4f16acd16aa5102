"""Files and values that others wrote: JSON, TOML and text, read within limits and written whole."""

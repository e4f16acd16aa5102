"""Read files and values that other programs or users wrote (JSON, TOML, text), and write files completely or not at all."""

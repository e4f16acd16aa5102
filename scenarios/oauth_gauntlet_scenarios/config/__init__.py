"""Configuration: what is missing is an error before any request, what is set is used, what is removed is gone."""

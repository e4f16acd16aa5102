"""Configuration: mandatory parameters are checked before any request, set values are used, removed values are gone."""

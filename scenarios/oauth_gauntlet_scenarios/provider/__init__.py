"""Answers as providers in use send them: each document is a file in ``documents``, with the pages that describe it."""

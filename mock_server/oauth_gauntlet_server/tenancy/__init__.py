"""Tenants: settings, registered parties, tokens, armed faults and journal of one authorization server."""

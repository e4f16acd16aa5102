#!/usr/bin/env bash
# An adapter whose client prints a token response; the configured client_id selects its members.
. "$(dirname "$0")/adapter-loop.sh"

hello() { hello='{"client": {"name": "echoes"}, "grants": [], "capabilities": []}'; }

configure() { :; }

get_token() {
  case ${config[client_id]} in
    'odd error') failure unexpected $'\xff"\\\e'; return ;;
    'unreadable error') failure unexpected ''; return ;;
    'odd details')
      read_json '{"error": ["a"], "error_description": 5, "error_uri": {}}'
      failure oauth refused 000
      return ;;
    numbers) read_json '{"access_token": "one", "expires_in": 3600, "expires_at": 1800.5, "scope": "a"}' ;;
    *) read_json '{"access_token": "one", "expires_in": ["soon"], "scope": ["secret"], "token_type": "Bearer"}' ;;
  esac
  token
}

serve

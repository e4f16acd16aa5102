#!/usr/bin/env bash
# An adapter to complete: at each "fill in", write the command line that your script would use, and nothing else.
# It runs unchanged; `oauth-gauntlet adapter check "cmd:bash adapter.sh"` reports what is missing.
. "$(dirname "$0")/adapter-loop.sh"

# Scenarios judge only what is declared here; docs/adapter-protocol.md lists the names.
hello() {
  hello='{"client": {"name": "fill in", "version": "", "language": "shell", "runtime": "bash", "url": ""},
    "grants": ["client_credentials"], "token_endpoint_auth_methods": [], "parameters": [], "capabilities": []}'
  hello=${hello//$'\n'/}
}

# Discard all state; send nothing yet.
configure() { :; }

# Fill in: request a token from ${config[token_url]} with your client; then call read_json "$body" and
# token "${value[refresh_token]:-}", or failure KIND MESSAGE [HTTP_STATUS] for what the exit code of your client means
# (kind oauth, protocol, transport, timeout).
get_token() { failure unexpected "fill in get_token: ask ${config[token_url]:-} for a token with your client"; }

# Fill in with the capability refresh, or delete:
# refresh() { ...; }

serve

#!/usr/bin/env bash
# An adapter to fill in: at each "fill in", write the command line that your script would, and nothing more.
# It runs as it is; `oauth-gauntlet adapter check "cmd:bash adapter.sh"` says what is missing.
. "$(dirname "$0")/adapter-loop.sh"

# What is not declared here is not judged; docs/adapter-protocol.md lists the names.
hello() {
  hello='{"client": {"name": "fill in", "version": "", "language": "shell", "runtime": "bash", "url": ""},
    "grants": ["client_credentials"], "token_endpoint_auth_methods": [], "parameters": [], "capabilities": []}'
  hello=${hello//$'\n'/}
}

# Forget everything; send nothing yet.
configure() { :; }

# Fill in: ask ${config[token_url]} by means of your client; then read_json "$body", and token "${value[refresh_token]:-}"; or
# failure KIND MESSAGE [HTTP_STATUS] for what your client says in its exit code (kind oauth, protocol, transport, timeout).
get_token() { failure unexpected "fill in get_token: ask ${config[token_url]:-} for a token by means of your client"; }

# Fill in, with the capability refresh, or leave out:
# refresh() { ...; }

serve

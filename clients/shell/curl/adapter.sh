#!/usr/bin/env bash
# A shell script that gets a token with curl, with jq to read JSON, and its adapter in one file, as an example.
# The client is fetch(): --data-urlencode for parameters, --user or the body for credentials.
. "$(dirname "$0")/../../../harness/oauth_gauntlet/starters/shell/adapter-loop.sh"

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
version=$(curl --version)
version=${version#curl } version=${version%% *}
refresh_token=''

hello() {
  hello="{\"client\": {\"name\": \"a shell script around curl\", \"version\": \"$version\", \"language\": \"shell\", \"runtime\": \"bash and jq\","
  hello+=' "url": "https://curl.se"}, "grants": ["refresh_token", "client_credentials", "password"],'
  hello+=' "token_endpoint_auth_methods": ["client_secret_basic", "client_secret_post"],'
  hello+=' "parameters": ["scope", "ca_file", "timeout"], "capabilities": ["refresh", "tls", "time_zone", "proxy"]}'
}

configure() { refresh_token=${config[refresh_token]:-}; }

has() { [ -n "${config[$1]+there}" ]; }

encoded() { printf %s "$1" | jq -sRr @uri; }

# Sends one token request; stores body, status, curl's exit code and its error message in variables of these names.
fetch() { # grant_type
  local arguments=(-sS -w '\n%{http_code}') answer
  has timeout && arguments+=(--max-time "${config[timeout]}")
  has ca_file && arguments+=(--cacert "${config[ca_file]}")
  arguments+=(--data-urlencode "grant_type=$1")
  if has client_id; then
    if [ "${config[token_endpoint_auth_method]:-}" = client_secret_post ]; then
      arguments+=(--data-urlencode "client_id=${config[client_id]}")
      arguments+=(--data-urlencode "client_secret=${config[client_secret]:-}")
    elif has client_secret; then
      # RFC 6749 section 2.3.1: each part is form-urlencoded before it becomes a part of Basic.
      arguments+=(--user "$(encoded "${config[client_id]}"):$(encoded "${config[client_secret]}")")
    else
      arguments+=(--data-urlencode "client_id=${config[client_id]}")
    fi
  fi
  case $1 in
    password)
      has username && arguments+=(--data-urlencode "username=${config[username]}")
      has password && arguments+=(--data-urlencode "password=${config[password]}") ;;
    refresh_token) [ -n "$refresh_token" ] && arguments+=(--data-urlencode "refresh_token=$refresh_token") ;;
  esac
  # The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
  has scope && [ "$1" = "${config[grant_type]:-}" ] && arguments+=(--data-urlencode "scope=${config[scope]}")
  answer=$(curl "${arguments[@]}" "${config[token_url]:-}" 2>"$errors")
  code=$?
  complaint=$(<"$errors")
  status=${answer##*$'\n'}
  body=${answer%$'\n'*}
}

get() { # grant_type
  fetch "$1"
  case $code in
    0) ;;
    1 | 3) failure config "$complaint"; return ;; # protocol not supported, malformed URL
    28) failure timeout "$complaint"; return ;;
    *) failure transport "$complaint"; return ;;
  esac
  read_json "$body"
  if [ "$status" != 200 ]; then
    if [ -n "${value[error]+there}" ]; then failure oauth "the server answered $status $body" "$status"
    else failure transport "the server answered $status" "$status"; fi
  elif [ -z "${value[access_token]:-}" ]; then
    failure protocol 'there is no access_token in the answer'
  else
    refresh_token=${value[refresh_token]:-$refresh_token}
    token "$refresh_token"
  fi
}

get_token() { get "${config[grant_type]:-refresh_token}"; }

refresh() {
  if [ -z "$refresh_token" ]; then failure config 'there is no refresh token'
  else get refresh_token; fi
}

serve

#!/usr/bin/env bash
# Adapter for plain curl, with jq to read JSON: what a shell script does to get a token.
# The "client" is the command line in fetch(): --data-urlencode for parameters, --user or the body for credentials.
set -u
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
config='{}' configured=no token='{}' refresh_token=''

say() { printf '%s\n' "$1"; }

failure() { # id kind message [status] [error document]
  jq -cn --argjson id "$1" --arg kind "$2" --arg message "$3" --arg status "${4:-}" --argjson document "${5:-null}" \
    'def text: if type == "string" then . else null end;
     {id: $id, error: {kind: $kind, message: $message, type: "", oauth_error: ($document.error | text),
      oauth_error_description: ($document.error_description | text), oauth_error_uri: ($document.error_uri | text),
      http_status: (if $status == "" then null else ($status | tonumber) end), retry_after: null}}'
}

option() { jq -r --arg key "$1" '.[$key] // empty' <<<"$config"; }
has() { jq -e --arg key "$1" 'has($key)' <<<"$config" >/dev/null; }

# Sends one token request; leaves body, status, curl's exit code and its complaint in variables of these names.
fetch() { # grant_type
  local arguments=(-sS -w '\n%{http_code}')
  has timeout && arguments+=(--max-time "$(option timeout)")
  has ca_file && arguments+=(--cacert "$(option ca_file)")
  arguments+=(--data-urlencode "grant_type=$1")
  if has client_id; then
    if [ "$(option token_endpoint_auth_method)" = client_secret_post ]; then
      arguments+=(--data-urlencode "client_id=$(option client_id)" --data-urlencode "client_secret=$(option client_secret)")
    elif has client_secret; then
      arguments+=(--user "$(option client_id):$(option client_secret)")
    else
      arguments+=(--data-urlencode "client_id=$(option client_id)")
    fi
  fi
  case $1 in
    password)
      has username && arguments+=(--data-urlencode "username=$(option username)")
      has password && arguments+=(--data-urlencode "password=$(option password)") ;;
    refresh_token) [ -n "$refresh_token" ] && arguments+=(--data-urlencode "refresh_token=$refresh_token") ;;
  esac
  # The scope is for the grant that was configured; a later refresh keeps what was granted (RFC 6749 section 6).
  has scope && [ "$1" = "$(option grant_type)" ] && arguments+=(--data-urlencode "scope=$(option scope)")
  local answer
  answer=$(curl "${arguments[@]}" "$(option token_url)" 2>"$errors")
  code=$?
  complaint=$(<"$errors")
  status=${answer##*$'\n'}
  body=${answer%$'\n'*}
}

get() { # id grant_type
  fetch "$2"
  case $code in
    0) ;;
    1 | 3) failure "$1" config "$complaint"; return ;; # protocol not supported, malformed URL
    28) failure "$1" timeout "$complaint"; return ;;
    *) failure "$1" transport "$complaint"; return ;;
  esac
  if [ "$status" != 200 ]; then
    local document
    document=$(jq -c 'if type == "object" and (.error | type) == "string" then . else empty end' <<<"$body" 2>/dev/null)
    if [ -n "$document" ]; then failure "$1" oauth "the server answered $status $body" "$status" "$document"
    else failure "$1" transport "the server answered $status" "$status"; fi
    return
  fi
  if ! jq -es 'length == 1 and (.[0] | type == "object" and (.access_token | type == "string" and . != ""))' \
    <<<"$body" >/dev/null 2>&1; then
    failure "$1" protocol "there is no access_token in the answer"
    return
  fi
  token=$body
  refresh_token=$(jq -r --arg held "$refresh_token" '.refresh_token // "" | if . == "" then $held else . end' <<<"$token")
  jq -c --argjson id "$1" --arg held "$refresh_token" '{id: $id, ok: {token: {
    access_token, token_type: (.token_type | if type == "string" then . else null end),
    expires_in: (.expires_in | if type == "number" then . else null end), expires_at: null,
    refresh_token: (if $held == "" then null else $held end),
    scope: (.scope | if type == "string" then . else null end), extra: {}}}}' <<<"$token"
}

while IFS= read -r line; do
  id=$(jq -c .id <<<"$line")
  op=$(jq -r .op <<<"$line")
  case $op in
    hello)
      jq -cn --argjson id "$id" --arg version "$(curl --version | head -1 | cut -d' ' -f2)" '{id: $id, ok: {protocol: 1,
        client: {name: "curl", version: $version, language: "shell", runtime: "bash and jq", url: "https://curl.se"},
        grants: ["refresh_token", "client_credentials", "password"],
        token_endpoint_auth_methods: ["client_secret_basic", "client_secret_post"],
        parameters: ["scope", "ca_file", "timeout"], capabilities: ["refresh", "tls"]}}' ;;
    configure)
      config=$(jq -c .args.config <<<"$line") configured=yes
      refresh_token=$(option refresh_token)
      say "{\"id\": $id, \"ok\": {}}" ;;
    close) say "{\"id\": $id, \"ok\": {}}"; exit 0 ;;
    get_token | refresh)
      if [ $configured = no ]; then failure "$id" config "the client is not configured"
      elif [ "$op" = refresh ] && [ -z "$refresh_token" ]; then failure "$id" config "there is no refresh token"
      elif [ "$op" = refresh ]; then get "$id" refresh_token
      else get "$id" "$(option grant_type | grep . || echo refresh_token)"; fi ;;
    *) failure "$id" unexpected "unknown operation $op" ;;
  esac
done

# The adapter protocol for clients that are command lines: requests on stdin, answers on stdout. It needs bash 5.1 and jq.
#
# Source it, define the functions below, and call serve at the end of your script. get_token and refresh answer by one call
# of token or failure.
#
#   hello        sets hello, a JSON object: client, grants, token_endpoint_auth_methods, parameters, capabilities
#                (time_zone: the client takes it from TZ; now tells that of the shell)
#   configure    discards all state; ${config[key]} contains each key that is present, as text (other types as JSON);
#                sends nothing; it may call failure config
#   get_token    requests a token
#   refresh      exchanges the refresh token (capability refresh)
#
# Two jq processes run as long as the script: starting one for each value would take too long.
set -u
# The shell treats texts as octets; jq replaces what is not UTF-8.
LC_ALL=C

declare -A config=() value=()
id=null operation='' hello='{}' answer='' configured=no document=other members='' notes=''

# Quotes a text for the shell, on one line. $newline is the shell's notation of a newline.
_shell_text='def shell: tostring | @sh | split("\n") | join($newline);'
_newline="'\$'\\n''"

# Converts a request to assignments of id and operation, and of config if there is one.
_request="$_shell_text"'
  "id=\(.id | tojson | @sh) operation=\(.op | shell)" +
  if .op == "configure" then
    " config=(" + ([.args.config | to_entries[] | "\(.key | shell) \(.value | shell)"] | join(" ")) + ")"
  else "" end'

# Converts a document to assignments of document (object, other), value (its string members), members (those of the token of
# the protocol, without the refresh token) and notes (one for each member that is no text or number as the protocol wants it:
# it becomes null, and goes into extra).
_document="$_shell_text"'
  def fits: (.key | IN("token_type", "scope")) and (.value | type) == "string"
    or (.key | IN("expires_in", "expires_at")) and (.value | type) == "number";
  (try fromjson catch null) as $document
  | if ($document | type) != "object" then "document=other value=() members= notes="
    else ($document | to_entries) as $all
    | ([{key: "token_type", value: null}, {key: "scope", value: null}, {key: "expires_in", value: null},
        {key: "expires_at", value: null}] + ($all | map(select(fits))) | from_entries) as $fitting
    | ($all | map(select((fits | not) and .value != null and (.key | IN("access_token", "refresh_token") | not)))
        | from_entries) as $extra
    | "document=object value=(" +
      ([$all[] | select((.value | type) == "string" and .key != "") | "\(.key | shell) \(.value | shell)"] | join(" ")) +
      ") members=" + ({access_token: $document.access_token} + $fitting + {extra: $extra} | tojson | .[1:-1] | shell) +
      " notes=" + ([$all[] | select(.value != null and (fits | not) and (.key | IN($fitting | keys[])))
        | "adapter-loop: \(.key) is a value of type \(.value | type), not " +
          (if .key | startswith("expires_") then "a finite number" else "a text" end) + ", and is reported as null"]
        | join("\n") | shell)
    end'

# read_json TEXT: sets document, value, members and notes from what a server answered.
read_json() {
  local statement
  if [[ ${#1} -lt 65536 && $1 != *$'\n'* ]]; then
    printf '%s\n' "$1" >&"${_reader[1]}"
    IFS= read -r statement <&"${_reader[0]}"
  else
    statement=$(jq -Rrs --arg newline "$_newline" "$_document" <<<"$1")
  fi
  eval "$statement"
}

# json_text TEXT: sets text, the JSON string for it.
json_text() {
  text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  text=\"${text//$'\n'/\\n}\"
  [[ $text != *[^\ -~]* ]] || text=$(printf '%s' "$1" | jq -Rs .)
}

# token [REFRESH_TOKEN]: answers with the document that read_json has read, and the refresh token that the script has.
token() {
  local held=null text
  [ -z "$notes" ] || printf '%s\n' "$notes" >&2
  [ -z "${1:-}" ] || { json_text "$1"; held=$text; }
  answer="\"ok\": {\"token\": {$members, \"refresh_token\": $held}}"
}

# failure KIND MESSAGE [HTTP_STATUS]: answers with an error; kind oauth includes the error members of the document. A status
# that is no whole number, or 000 as curl prints it where there was no response, is null.
failure() {
  local text name status=null members_of_error=''
  [[ ! ${3:-} =~ ^[1-9][0-9]*$ ]] || status=$3
  for name in error error_description error_uri; do
    text=null
    if [ "$1" = oauth ] && [ -n "${value[$name]+there}" ]; then json_text "${value[$name]}"; fi
    case $name in
      error) members_of_error+=", \"oauth_error\": $text" ;;
      *) members_of_error+=", \"oauth_$name\": $text" ;;
    esac
  done
  json_text "$2"
  answer="\"error\": {\"kind\": \"$1\", \"message\": $text, \"type\": \"\"$members_of_error, \"http_status\": $status, \"retry_after\": null}"
}

# Prints how far local time is ahead of UTC, in seconds.
_utc_offset() {
  local ahead
  printf -v ahead '%(%z)T' -1
  printf '%d' $((${ahead:0:1}(10#${ahead:1:2} * 3600 + 10#${ahead:3:2} * 60)))
}

_operation() {
  case $operation in
    hello) hello; answer="\"ok\": {\"protocol\": 1, ${hello#*\{}" ;;
    close) answer='"ok": {}' ;;
    # The short sleep shows that sleeping works while the clock is moved from outside.
    now)
      sleep 0.001
      printf -v answer '"ok": {"now": %s, "utc_offset": %d}' "$EPOCHREALTIME" "$(_utc_offset)" ;;
    configure)
      configured=no answer=''
      configure
      [ -n "$answer" ] || { configured=yes answer='"ok": {}'; } ;;
    get_token | refresh)
      if ! declare -F "$operation" >/dev/null; then failure unexpected "unknown operation $operation"
      elif [ $configured = no ]; then failure config 'there is no client: configure has not succeeded'
      else "$operation"; fi ;;
    *) failure unexpected "unknown operation $operation" ;;
  esac
}

# Answers requests until close or the end of stdin.
serve() {
  local statement requests
  coproc _reader { jq -Rr --unbuffered --arg newline "$_newline" "$_document"; }
  exec {_requests}< <(jq -r --unbuffered --arg newline "$_newline" "$_request")
  requests=$!
  # stdout is for answers only: what the script prints goes to stderr.
  exec {_answers}>&1 1>&2
  while IFS= read -r statement <&"$_requests"; do
    eval "$statement"
    _operation
    printf '{"id": %s, %s}\n' "$id" "$answer" >&"$_answers"
    [ "$operation" != close ] || return 0
  done
  # jq fails on a line that is not a request; then the script fails too.
  wait "$requests"
}

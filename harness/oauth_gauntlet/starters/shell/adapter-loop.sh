# The adapter protocol for clients that are command lines: requests on stdin, answers on stdout. It needs bash 5.1 and jq.
#
# Source it, define the functions below, and end your script with serve. Each answers by exactly one call of token or failure.
#
#   hello        sets hello, a JSON object: client, grants, token_endpoint_auth_methods, parameters, capabilities
#   configure    forgets everything; ${config[key]} holds each key that is there, as text (what is no text, as JSON);
#                sends nothing; it may call failure config
#   get_token    asks for a token
#   refresh      exchanges the refresh token held now (capability refresh)
#
# Two processes of jq serve the script for all its life: starting one for each value is what would take the time.
set -u
# Texts are octets here: what is no UTF-8 is jq's to mend.
LC_ALL=C

declare -A config=() value=()
id=null operation='' hello='{}' answer='' configured=no document=other members=''

# A text for the shell, on one line. $newline is how the shell spells a newline.
_shell_text='def shell: tostring | @sh | split("\n") | join($newline);'
_newline="'\$'\\n''"

# A request becomes assignments of id and operation, and of config where it has one.
_request="$_shell_text"'
  "id=\(.id | tojson | @sh) operation=\(.op | shell)" +
  if .op == "configure" then
    " config=(" + ([.args.config | to_entries[] | "\(.key | shell) \(.value | shell)"] | join(" ")) + ")"
  else "" end'

# A document becomes assignments of document (object, other), value (its members that are texts) and members, those of the
# protocol'"'"'s token, but for the refresh token. A member for which the protocol has another type stands in extra.
_document="$_shell_text"'
  def fits: (.key | IN("token_type", "scope")) and (.value | type) == "string"
    or (.key | IN("expires_in", "expires_at")) and (.value | type) == "number";
  (try fromjson catch null) as $document
  | if ($document | type) != "object" then "document=other value=() members="
    else ($document | to_entries) as $all
    | ([{key: "token_type", value: null}, {key: "scope", value: null}, {key: "expires_in", value: null},
        {key: "expires_at", value: null}] + ($all | map(select(fits))) | from_entries) as $fitting
    | ($all | map(select((fits | not) and .value != null and (.key | IN("access_token", "refresh_token") | not)))
        | from_entries) as $extra
    | "document=object value=(" +
      ([$all[] | select((.value | type) == "string" and .key != "") | "\(.key | shell) \(.value | shell)"] | join(" ")) +
      ") members=" + ({access_token: $document.access_token} + $fitting + {extra: $extra} | tojson | .[1:-1] | shell)
    end'

# read_json TEXT: sets document, value and members from what a server answered.
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

# token [REFRESH_TOKEN]: answers with the document that read_json has read, and the refresh token that the script holds.
token() {
  local held=null text
  [ -z "${1:-}" ] || { json_text "$1"; held=$text; }
  answer="\"ok\": {\"token\": {$members, \"refresh_token\": $held}}"
}

# failure KIND MESSAGE [HTTP_STATUS]: answers with an error; of kind oauth, with what the document says.
failure() {
  local text name said=''
  for name in error error_description error_uri; do
    text=null
    if [ "$1" = oauth ] && [ -n "${value[$name]+there}" ]; then json_text "${value[$name]}"; fi
    case $name in
      error) said+=", \"oauth_error\": $text" ;;
      *) said+=", \"oauth_$name\": $text" ;;
    esac
  done
  json_text "$2"
  answer="\"error\": {\"kind\": \"$1\", \"message\": $text, \"type\": \"\"$said, \"http_status\": ${3:-null}, \"retry_after\": null}"
}

_operation() {
  case $operation in
    hello) hello; answer="\"ok\": {\"protocol\": 1, ${hello#*\{}" ;;
    close) answer='"ok": {}' ;;
    # The moment of sleep shows that sleeping works under a clock that is moved from outside.
    now) sleep 0.001; answer="\"ok\": {\"now\": $EPOCHREALTIME}" ;;
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
  # stdout carries answers only: whatever the script prints goes to stderr.
  exec {_answers}>&1 1>&2
  while IFS= read -r statement <&"$_requests"; do
    eval "$statement"
    _operation
    printf '{"id": %s, %s}\n' "$id" "$answer" >&"$_answers"
    [ "$operation" != close ] || return 0
  done
  # jq fails on a line that is no request; so does the script then.
  wait "$requests"
}

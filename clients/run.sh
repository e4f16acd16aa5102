#!/usr/bin/env bash
# Starts the adapter of a client that setup.sh has installed: run.sh NAME.
set -eu
folder=$(echo "$(dirname "$0")"/*/"${1:?name a client}")
if [ -e "$folder/adapter.py" ]; then
  exec "$folder/.venv/bin/python" "$folder/adapter.py"
elif [ -e "$folder/adapter.mjs" ]; then
  exec node "$folder/adapter.mjs"
elif [ -e "$folder/adapter.sh" ]; then
  exec bash "$folder/adapter.sh"
fi
echo "run.sh: there is no client $1 below clients/" >&2
exit 2

#!/usr/bin/env bash
# Becomes the adapter of a client that setup.sh has installed: run.sh NAME, which is LANGUAGE/NAME, or NAME where it is unique.
set -eu
source "$(dirname "$0")/names.sh"
name=$(full_name "${1:?name a client}") || exit 2
folder=$clients/$name
if [ -e "$clients/${name%/*}/run.sh" ]; then
  exec bash "$clients/${name%/*}/run.sh" "$folder"
elif [ -e "$folder/adapter.py" ]; then
  exec "$folder/.venv/bin/python" "$folder/adapter.py"
elif [ -e "$folder/adapter.sh" ]; then
  exec bash "$folder/adapter.sh"
fi
echo "run.sh: nothing says how to start $name: clients/${name%/*} has no run.sh" >&2
exit 2

#!/usr/bin/env bash
# Starts the adapter of a client that setup.sh has installed: run.sh FOLDER.
set -eu
folder=${1:?name the folder of a client}
python="$folder/.venv/bin/python"
[ -x "$python" ] || { echo "run.sh: $folder is not installed; run setup.sh $folder first" >&2; exit 2; }
exec "$python" "$folder/adapter.py"

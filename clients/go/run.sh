#!/usr/bin/env bash
# Starts the adapter that setup.sh has built in a folder: run.sh FOLDER.
set -eu
adapter=${1:?name a folder}/adapter
[ -x "$adapter" ] || { echo "run.sh: $adapter is not built; run setup.sh $1 first" >&2; exit 2; }
exec "$adapter"

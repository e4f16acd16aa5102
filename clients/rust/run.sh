#!/usr/bin/env bash
# Starts the adapter that setup.sh has built from a folder: run.sh FOLDER.
set -eu
name=$(basename "$(cd "${1:?name a folder}" && pwd)")
adapter=$(cd "$(dirname "$0")" && pwd)/target/release/$name-adapter
[ -x "$adapter" ] || { echo "run.sh: $adapter is not built; run setup.sh $1 first" >&2; exit 2; }
exec "$adapter"

#!/usr/bin/env bash
# Starts the adapter of a client that setup.sh has installed: run.sh FOLDER.
set -eu
exec node "${1:?name the folder of a client}/adapter.mjs"

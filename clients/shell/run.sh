#!/usr/bin/env bash
# Starts the adapter of a client that setup.sh has installed: run.sh FOLDER.
set -eu
exec bash "${1:?name the folder of a client}/adapter.sh"

#!/usr/bin/env bash
# Starts the adapter of a client that setup.sh has installed: run.sh FOLDER.
set -eu
exec ruby "${1:?name the folder of a client}/adapter.rb"

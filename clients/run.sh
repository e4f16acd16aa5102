#!/usr/bin/env bash
# Starts the adapter of a client that setup.sh has installed: run.sh NAME. NAME is LANGUAGE/NAME, or NAME if it is unique.
set -eu
source "$(dirname "$0")/names.sh"
name=$(full_name "${1:?name a client}") || exit 2
folder=$clients/$name
exec bash "$clients/${name%/*}/run.sh" "$folder"

#!/usr/bin/env bash
# Starts the adapter of a client that setup.sh has installed: run.sh FOLDER.
set -eu
folder=${1:?name the folder of a client}
[ -e "$folder/vendor/installed" ] || { echo "$folder is not set up: clients/php/setup.sh $folder" >&2; exit 2; }
exec php "$folder/adapter.php"

#!/usr/bin/env bash
# Starts the adapter of a Java client that setup.sh has built: run.sh FOLDER.
set -eu
folder=${1:?name the folder of a client}
exec java -jar "$folder/target/adapter.jar"

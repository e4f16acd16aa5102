#!/usr/bin/env bash
# Starts the adapter of a Java client that setup.sh has built: run.sh FOLDER.
set -eu
folder=${1:?name the folder of a client}
[ -e "$folder/target/adapter.jar" ] || { echo "$folder is not built: clients/java/setup.sh $folder" >&2; exit 1; }
# A run starts some forty of them, where it waits for several things at once: what makes a short life cheap, and what makes
# the virtual machine say nothing on stdout.
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:SharedArchiveFile="$folder/target/classes.jsa" -Xshare:auto \
  -Xlog:disable -Xlog:all=error:stderr -jar "$folder/target/adapter.jar"

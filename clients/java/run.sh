#!/usr/bin/env bash
# Starts the adapter of a Java client that setup.sh has built: run.sh FOLDER.
set -eu
folder=${1:?name the folder of a client}
[ -e "$folder/target/adapter.jar" ] || { echo "$folder is not built: clients/java/setup.sh $folder" >&2; exit 1; }
# A run starts about forty adapters at the same time. The first options make the start of a JVM cheap; the log options keep
# the JVM's own messages out of stdout, which carries the adapter protocol.
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:SharedArchiveFile="$folder/target/classes.jsa" -Xshare:auto \
  -Xlog:disable -Xlog:all=error:stderr -jar "$folder/target/adapter.jar"

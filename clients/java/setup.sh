#!/usr/bin/env bash
# Builds the adapter of one Java client with its dependencies, unless it is up to date: setup.sh FOLDER.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(cd "${1:?name the folder of a client}" && pwd)
name=$(basename "$folder")
helper=$here/../../harness/oauth_gauntlet/starters/java/Adapter.java

for tool in javac mvn; do
  command -v "$tool" >/dev/null && continue
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update -qq && apt-get install -y -qq default-jdk-headless maven; } >/dev/null 2>&1 || true
  fi
  command -v "$tool" >/dev/null || { echo "$name: $tool is missing; install a JDK (Java 17 or later) and Maven" >&2; exit 1; }
done

# Some adapters share a class with another adapter, so the sources of all adapters are inputs.
inputs() { cat "$here/pom.xml" "$folder/pom.xml" "$here"/*/*.java "$helper"; }
stamp=$folder/target/installed
inputs | cmp -s - "$stamp" && exit 0

rm -rf "$folder/target"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! mvn -q -B -f "$folder/pom.xml" package >"$log" 2>&1; then
  cat "$log" >&2
  echo "$name: Maven could not build it; its output is above" >&2
  exit 1
fi

# Writes an archive of the classes that the adapter loads, by a run against a closed port. Without it the adapter starts slower.
archive() {
  for grant in client_credentials refresh_token password; do
    printf '{"id": 1, "op": "configure", "args": {"config": {"grant_type": "%s", "token_url": "http://127.0.0.1:1/token",' "$grant"
    printf ' "client_id": "a", "client_secret": "b", "refresh_token": "c", "username": "d", "password": "e", "timeout": 1}}}\n'
    printf '{"id": 2, "op": "get_token"}\n'
  done | java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ArchiveClassesAtExit="$folder/target/classes.jsa" \
    -jar "$folder/target/adapter.jar"
}
archive >/dev/null 2>&1 || true
inputs >"$stamp"

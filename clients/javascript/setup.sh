#!/usr/bin/env bash
# Installs one client from its lock file into its own folder: setup.sh FOLDER. Does nothing if it is up to date.
set -eu
folder=${1:?name the folder of a client}
stamp="$folder/node_modules/.installed"

if [ ! -e "$folder/package-lock.json" ]; then
  echo "setup.sh: there is no client in $folder (no package-lock.json)" >&2
  exit 2
fi
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null ||
    ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm; } \
      >/dev/null 2>&1; then
    echo "setup.sh: node and npm are missing; install Node 20 or newer" >&2
    exit 1
  fi
fi
cmp -s "$folder/package-lock.json" "$stamp" && exit 0
if ! (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error >/dev/null); then
  echo "setup.sh: npm could not install $folder" >&2
  exit 1
fi
cp "$folder/package-lock.json" "$stamp"

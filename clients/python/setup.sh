#!/usr/bin/env bash
# Installs one client into a virtual environment in its own folder: setup.sh FOLDER. Does nothing if it is up to date.
set -eu
folder=${1:?name the folder of a client}
stamp="$folder/.venv/installed"

if [ ! -e "$folder/requirements.txt" ]; then
  echo "setup.sh: there is no client in $folder (no requirements.txt)" >&2
  exit 2
fi
cmp -s "$folder/requirements.txt" "$stamp" && exit 0
if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null ||
    ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv; } \
      >/dev/null 2>&1; then
    echo "setup.sh: python3 with venv is missing; install Python 3.11 or newer" >&2
    exit 1
  fi
fi
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "setup.sh: python3 is older than 3.11; install Python 3.11 or newer" >&2
  exit 1
fi
if ! { python3 -m venv --clear "$folder/.venv" &&
  "$folder/.venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$folder/requirements.txt"; } >&2; then
  echo "setup.sh: pip could not install $folder" >&2
  exit 1
fi
cp "$folder/requirements.txt" "$stamp"

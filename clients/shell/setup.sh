#!/usr/bin/env bash
# Installs the tools in a client's tools.txt: setup.sh FOLDER. Tools that are installed already are not changed.
set -eu
folder=${1:?name the folder of a client}
name=$(basename "$folder")
[ -e "$folder/tools.txt" ] || { echo "setup.sh: there is no client in $folder (no tools.txt)" >&2; exit 2; }

if ! printf '%s\n' 5.1 "${BASH_VERSION%%(*}" | sort -CV; then
  echo "$name: bash is $BASH_VERSION; install bash 5.1 or newer" >&2
  exit 1
fi
while read -r tool wanted; do
  if ! command -v "$tool" >/dev/null; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || ! { apt-get update -qq &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$tool"; } >/dev/null 2>&1; then
      echo "$name: $tool is missing; install $tool $wanted or newer" >&2
      exit 1
    fi
  fi
  have=$("$tool" --version | sed -n '1s/^[^0-9]*\([0-9.]*\).*/\1/p')
  printf '%s\n' "$wanted" "$have" | sort -CV && continue
  echo "$name: $tool is $have; install $tool $wanted or newer" >&2
  exit 1
done <"$folder/tools.txt"

#!/usr/bin/env bash
# Installs the real clients that are judged: setup.sh [NAME...]. One that does not install stops no other.
set -u
cd "$(dirname "$0")"

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for folder in */*/; do
    if [ -e "$folder/requirements.txt" ] || [ -e "$folder/package.json" ] || [ -x "$folder/adapter.sh" ]; then
      names+=("$(basename "$folder")")
    fi
  done
fi

install() {
  folder=$1
  if [ -e "$folder/requirements.txt" ]; then
    stamp="$folder/.venv/installed"
    cmp -s "$folder/requirements.txt" "$stamp" && return 0
    python3 -m venv "$folder/.venv" &&
      "$folder/.venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$folder/requirements.txt" &&
      cp "$folder/requirements.txt" "$stamp"
  elif [ -e "$folder/package.json" ]; then
    stamp="$folder/node_modules/installed"
    cmp -s "$folder/package-lock.json" "$stamp" && return 0
    (cd "$folder" && npm ci --no-audit --no-fund --silent) && cp "$folder/package-lock.json" "$stamp"
  else
    for tool in curl jq; do
      command -v "$tool" >/dev/null && continue
      [ "$(id -u)" = 0 ] || { echo "$tool is missing"; return 1; }
      apt-get update -qq && apt-get install -y -qq "$tool" >/dev/null || return 1
    done
  fi
}

failed=0
for name in "${names[@]}"; do
  folder=$(echo */"$name")
  if [ ! -d "$folder" ]; then
    echo "client $name: there is no such folder below clients/"
    failed=1
  elif install "$folder" >&2; then
    echo "client $name: ready"
  else
    echo "client $name: could not be installed"
    failed=1
  fi
done
exit $failed

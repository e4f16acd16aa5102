#!/usr/bin/env bash
# Installs the real clients that are judged: setup.sh [--list] [NAME...], all of them where none is named. One that does not
# install stops no other. With --list, only says which clients these are. NAME is LANGUAGE/NAME, or NAME where it is unique.
set -u
source "$(dirname "$0")/names.sh"

only_list=
if [ "${1-}" = --list ]; then
  only_list=yes
  shift
fi
[ $# -gt 0 ] || { mapfile -t all < <(list_clients) && set -- "${all[@]}"; }

# A language without a setup.sh of its own.
install() {
  local folder=$1 stamp tool
  if [ -e "$folder/requirements.txt" ]; then
    stamp="$folder/.venv/installed"
    cmp -s "$folder/requirements.txt" "$stamp" && return 0
    python3 -m venv "$folder/.venv" &&
      "$folder/.venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$folder/requirements.txt" &&
      cp "$folder/requirements.txt" "$stamp"
  elif [ -e "$folder/adapter.sh" ]; then
    for tool in curl jq; do
      command -v "$tool" >/dev/null && continue
      [ "$(id -u)" = 0 ] || { echo "$tool is missing"; return 1; }
      apt-get update -qq && apt-get install -y -qq "$tool" >/dev/null || return 1
    done
  else
    echo "setup.sh: nothing says how to install it: ${folder%/*} has no setup.sh"
    return 1
  fi
}

failed=0
for given in "$@"; do
  name=$(full_name "$given") || { failed=1 && continue; }
  folder=$clients/$name
  if [ -n "$only_list" ]; then
    echo "$name"
  elif if [ -e "$clients/${name%/*}/setup.sh" ]; then bash "$clients/${name%/*}/setup.sh" "$folder"; else install "$folder"; fi >&2; then
    echo "client $name: ready"
  else
    echo "client $name: could not be installed"
    failed=1
  fi
done
exit $failed

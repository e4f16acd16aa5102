#!/usr/bin/env bash
# Installs published clients: setup.sh [--list] [NAME...]; without NAME, all of them. A client that cannot be installed is reported
# and does not stop the others. With --list, only prints the names. NAME is LANGUAGE/NAME, or NAME if it is unique.
set -u
source "$(dirname "$0")/names.sh"

only_list=
if [ "${1-}" = --list ]; then
  only_list=yes
  shift
fi
[ $# -gt 0 ] || { mapfile -t all < <(list_clients) && set -- "${all[@]}"; }

failed=0
for given in "$@"; do
  name=$(full_name "$given") || { failed=1 && continue; }
  folder=$clients/$name
  if [ -n "$only_list" ]; then
    echo "$name"
  elif bash "$clients/${name%/*}/setup.sh" "$folder" >&2; then
    echo "client $name: ready"
  else
    echo "client $name: could not be installed"
    failed=1
  fi
done
exit $failed

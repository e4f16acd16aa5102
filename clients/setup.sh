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

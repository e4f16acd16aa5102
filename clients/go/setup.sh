#!/usr/bin/env bash
# Builds the Go adapter in a folder, unless it is up to date: setup.sh FOLDER.
set -eu
folder=$(cd "${1:?name a folder}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
starter=$(cd "$here/../../harness/oauth_gauntlet/starters/go" && pwd)

if ! command -v go >/dev/null; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "go is missing: install Go 1.26 or newer"; exit 1; }
  { apt-get update -qq && apt-get install -y -qq golang-go >/dev/null; } || { echo "go could not be installed"; exit 1; }
fi
# Go 1.21 and later download the version that go.mod requires.
have=$(GOTOOLCHAIN=local go version | cut -d' ' -f3)
printf 'go%s\n' 1.21 "${have#go}" | sort -CV || { echo "go is $have: install Go 1.26 or newer"; exit 1; }

# Hash of all inputs; if it has not changed, the adapter is up to date.
stamp=$(cat "$folder"/go.mod "$folder"/go.sum "$folder"/*.go "$starter"/adapterloop/*.go "$starter"/moved-clock.sh \
  <(go env GOVERSION) | sha256sum)
[ -x "$folder/adapter" ] && [ "$stamp" = "$(cat "$folder/adapter.stamp" 2>/dev/null)" ] && exit 0

clock=()
if sh "$starter/moved-clock.sh" "$here/.overlay"; then
  clock=(-overlay "$here/.overlay/overlay.json" -tags movedclock)
fi
cd "$folder"
if ! go build -mod=readonly -trimpath -buildvcs=false "${clock[@]}" -o adapter .; then
  echo "the adapter in $(basename "$folder") could not be built"
  exit 1
fi
echo "$stamp" >adapter.stamp

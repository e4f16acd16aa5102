#!/usr/bin/env bash
# Builds the Rust adapter in a folder, unless it is up to date: setup.sh FOLDER.
set -eu
folder=$(cd "${1:?name a folder}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
name=$(basename "$folder")
starter=$(cd "$here/../../harness/oauth_gauntlet/starters/rust" && pwd)

if ! command -v cargo >/dev/null; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { echo "cargo is missing: install Rust 1.92 or newer"; exit 1; }
  { apt-get update -qq && apt-get install -y -qq cargo >/dev/null; } || { echo "cargo could not be installed"; exit 1; }
fi
have=$(cargo --version | cut -d' ' -f2)
printf '%s\n' 1.92 "$have" | sort -CV || { echo "cargo is $have: install Rust 1.92 or newer"; exit 1; }

# Hash of all inputs; if it has not changed, the adapter is up to date.
stamp=$(cat "$folder"/Cargo.toml "$folder"/Cargo.lock "$folder"/src/*.rs "$starter"/src/adapter_loop.rs \
  <(cargo --version) | sha256sum)
[ -x "$here/target/release/$name-adapter" ] && [ "$stamp" = "$(cat "$folder/adapter.stamp" 2>/dev/null)" ] && exit 0

# One target folder for all adapters: they share most of their dependencies.
if ! (cd "$folder" && CARGO_TARGET_DIR="$here/target" cargo build --release --locked --quiet); then
  echo "the adapter in $name could not be built"
  exit 1
fi
echo "$stamp" >"$folder/adapter.stamp"

#!/usr/bin/env bash
# Unpacks one client and its dependencies from the Debian package that contains them: setup.sh FOLDER. Does nothing if it is
# up to date. The first line of vendored.txt is the package; the other lines are the libraries that it must contain.
set -eu
folder=$(cd "${1:?name the folder of a client}" && pwd)
name=$(basename "$folder")
[ -e "$folder/vendored.txt" ] || { echo "setup.sh: there is no client in $folder (no vendored.txt)" >&2; exit 2; }

runtime=(php-cli php-curl php-mbstring php-xml)
if ! command -v php >/dev/null || ! php -m | grep -qx curl; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || ! { apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${runtime[@]}"; } >/dev/null 2>&1; then
    echo "$name: php or its extension curl is missing; install the Debian packages ${runtime[*]}" >&2
    exit 1
  fi
fi
cmp -s "$folder/vendored.txt" "$folder/vendor/installed" && exit 0

read -r package wanted <"$folder/vendored.txt"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
fetched() { (cd "$work" && apt-get download -qq "$package" >/dev/null 2>&1); }
if ! command -v apt-get >/dev/null || ! { fetched || { [ "$(id -u)" = 0 ] && apt-get update -qq >/dev/null 2>&1 && fetched; }; }; then
  echo "$name: the Debian package $package, which contains it, could not be downloaded" >&2
  exit 1
fi
have=$(dpkg-deb -f "$work"/*.deb Version)
if [ "${have%%[-+]*}" != "$wanted" ]; then
  echo "$name: the adapter needs $package $wanted, and Debian has $have here" >&2
  exit 1
fi
dpkg-deb -x "$work"/*.deb "$work/unpacked"
rm -rf "$folder/vendor"
mv "$work/unpacked/usr/share/ldap-account-manager/lib/3rdParty/composer" "$folder/vendor"
tail -n +2 "$folder/vendored.txt" | while read -r library version; do
  found=$(php -r 'require $argv[1]; echo Composer\InstalledVersions::getPrettyVersion($argv[2]);' "$folder/vendor/autoload.php" "$library")
  [ "$found" = "$version" ] || { echo "$name: $package contains $library $found, not $version" >&2; exit 1; }
done
cp "$folder/vendored.txt" "$folder/vendor/installed"

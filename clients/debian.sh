# Installs one client and its language from Debian packages: debian.sh LANGUAGE FOLDER. packages.txt in FOLDER contains the
# packages and their versions. Packages that are installed already are not changed.
set -eu
language=$1
folder=${2:?name the folder of a client}
name=$(basename "$folder")
[ -e "$folder/packages.txt" ] || { echo "setup.sh: there is no client in $folder (no packages.txt)" >&2; exit 2; }
command -v dpkg-query >/dev/null || { echo "$name: its library is installed from a Debian package, and this system is not Debian" >&2; exit 1; }

# Prints the version without Debian's epoch, revision and suffixes; prints nothing if the package is not installed.
version() {
  dpkg-query -W -f '${db:Status-Abbrev}${Version}' "$1" 2>/dev/null | sed -n '/^ii /{s/^ii //; s/^[0-9]*://; s/[-+].*$//; p}'
}

mapfile -t packages < <(cut -d' ' -f1 "$folder/packages.txt")
for package in "$language" "${packages[@]}"; do
  [ -z "$(version "$package")" ] || continue
  if [ "$(id -u)" != 0 ] || ! { apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$language" "${packages[@]}"; } >/dev/null 2>&1; then
    echo "$name: $package is missing; install the Debian packages $language ${packages[*]}" >&2
    exit 1
  fi
done
while read -r package wanted; do
  have=$(version "$package")
  [ "$have" = "$wanted" ] && continue
  echo "$name: the adapter needs $package $wanted, and this system has $have" >&2
  exit 1
done <"$folder/packages.txt"

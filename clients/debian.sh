# Installs one client from Debian, in the version that its packages.txt names, with the language that it runs in:
# debian.sh LANGUAGE FOLDER. What is there already stays.
set -eu
language=$1
folder=${2:?name the folder of a client}
name=$(basename "$folder")
[ -e "$folder/packages.txt" ] || { echo "setup.sh: there is no client in $folder (no packages.txt)" >&2; exit 2; }
command -v dpkg-query >/dev/null || { echo "$name: its library comes as a Debian package, and this is no Debian" >&2; exit 1; }

# The version without Debian's epoch, revision and additions; nothing where the package is not installed.
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
  echo "$name: the adapter is written for $package $wanted, and this system has $have" >&2
  exit 1
done <"$folder/packages.txt"

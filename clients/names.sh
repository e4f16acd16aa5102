# Shared by setup.sh and run.sh: the clients and their names. A client is a folder LANGUAGE/NAME with a README.md or a
# findings.toml; folders that begin with `_` hold shared code. A folder with an example.md is an example of an adapter: it has a
# name, but it is no published client, so that it is not listed, judged or published. NAME alone is enough if no other language
# has it.
# The variable `clients` is the folder of this file.
clients=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Prints the name of each folder that contains one of these files, one per line.
list_with() { # FILE...
  local folder file
  for folder in "$clients"/*/[!_]*/; do
    folder=${folder%/}
    for file in "$@"; do
      [ -e "$folder/$file" ] || continue
      printf '%s\n' "${folder#"$clients"/}"
      break
    done
  done
}

# Prints the name of each client, one per line.
list_clients() { list_with README.md findings.toml; }

# Prints LANGUAGE/NAME for a name; prints an error and fails if the name matches no client or example, or several.
full_name() {
  local wanted=$1 each found=()
  while read -r each; do
    if [ "$each" = "$wanted" ] || [ "${each#*/}" = "$wanted" ]; then
      found+=("$each")
    fi
  done < <(list_with README.md findings.toml example.md)
  case ${#found[@]} in
    1) printf '%s\n' "${found[0]}" ;;
    0) echo "client $wanted: there is no such client; clients/setup.sh --list prints all names" >&2 && return 1 ;;
    *) echo "client $wanted: several languages have a client of this name: ${found[*]}; give one of these" >&2 && return 1 ;;
  esac
}

# What setup.sh and run.sh have in common; `clients` is the folder that this file is in. A client is a folder with a README.md
# or a findings.toml in the folder of a language. Its name is LANGUAGE/NAME, or NAME alone where no other language has it.
clients=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Prints the name of each client, one a line.
list_clients() {
  local folder
  for folder in "$clients"/*/*/; do
    folder=${folder%/}
    if [ -e "$folder/README.md" ] || [ -e "$folder/findings.toml" ]; then
      printf '%s\n' "${folder#"$clients"/}"
    fi
  done
}

# Prints the LANGUAGE/NAME that a name means; says why, and fails, where it means none or several.
full_name() {
  local wanted=$1 each found=()
  while read -r each; do
    if [ "$each" = "$wanted" ] || [ "${each#*/}" = "$wanted" ]; then
      found+=("$each")
    fi
  done < <(list_clients)
  case ${#found[@]} in
    1) printf '%s\n' "${found[0]}" ;;
    0) echo "client $wanted: there is no such client; clients/setup.sh --list names them" >&2 && return 1 ;;
    *) echo "client $wanted: several languages have one: ${found[*]}; name one of these" >&2 && return 1 ;;
  esac
}

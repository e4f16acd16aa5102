#!/usr/bin/env bash
# Installs one client from the Debian packages in its packages.txt: setup.sh FOLDER.
exec bash "$(dirname "$0")/../debian.sh" perl "$@"

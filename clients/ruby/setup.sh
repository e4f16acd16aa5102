#!/usr/bin/env bash
# Installs one client from Debian, in the version that its packages.txt names: setup.sh FOLDER. What is there already stays.
exec bash "$(dirname "$0")/../debian.sh" ruby "$@"

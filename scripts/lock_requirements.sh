#!/usr/bin/env bash
# Write requirements/*.txt from pyproject.toml: exact versions with hashes, and no index or
# download address, so that the same files serve an open network, a mirror and a folder of wheels.
# Usage: scripts/lock_requirements.sh [--upgrade]
set -euo pipefail
cd "$(dirname "$0")/.."

lock() { # NAME OPTION...
  local name=$1 file="requirements/$1.txt"
  shift
  "${UV:-.venv/bin/uv}" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" \
    --output-file "$file" "$@"
  echo "$file: $(grep -c '^[a-zA-Z]' "$file") packages"
}

lock core "$@" pyproject.toml
for group in scan bulk spark spark-build build test browser fuzz lock; do
  lock "$group" "$@" --constraints requirements/core.txt --group "pyproject.toml:$group"
done
# What stands in for other people's devices lives in a virtual environment of its own.
lock system "$@" --group pyproject.toml:system

#!/usr/bin/env bash
# Install the Debian packages that a file names, one a line; with sudo unless run by root.
# Does nothing where they are all installed already, so that it also serves a machine offline.
# Usage: scripts/install_packages.sh FILE
set -euo pipefail

mapfile -t packages < <(sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$1")
[ "${#packages[@]}" -gt 0 ] || { echo "$1 names no package" >&2; exit 1; }

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || {
    echo "Not root, and no sudo. Have an administrator run: apt-get install ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
# Tests start the services themselves: what is installed here must not run beside them. This is the
# way that Debian gives (invoke-rc.d); a policy that the machine has already stays as it is.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" install -m 755 /dev/stdin "$policy"
fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends "${missing[@]}"

"""Renew src/camaudit/data/mac from the npm package oui-data; ``npm pack`` does the fetching.

Usage: scripts/renew_mac_registry.py [VERSION] [--out FOLDER]

The package holds the three IEEE registries as one JSON object: prefix (6, 7 or 9 hexadecimal
digits for blocks of 24, 28 and 36 bits) to a text whose first line is the organisation.
Anything unexpected stops the script; nothing is written until everything has been checked.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Final

PACKAGE: Final = "oui-data"
LICENCE: Final = "BSD-2-Clause"
DEFAULT_VERSION: Final = "2.1.9"
DEFAULT_OUT: Final = Path(__file__).parents[1] / "src" / "camaudit" / "data" / "mac"

#: Hexadecimal digits of a prefix, and how many such blocks to expect. The registry only grows:
#: fewer than in 2026-08 (40,010, 6,565 and 7,155) is damage, and so is a sudden doubling.
EXPECTED: Final = {6: (39_500, 80_000), 7: (6_400, 20_000), 9: (7_000, 20_000)}
#: The longest registered name of 2026-08 has 108 characters.
MAX_NAME_CHARACTERS: Final = 250

_PREFIX: Final = re.compile(r"[0-9A-F]+")


class RegistryError(Exception):
    """The package is not what this script was written for."""


def clean_name(entry: str) -> str:
    """Return the organisation: the first line, composed, white space folded, nothing invisible."""
    first = unicodedata.normalize("NFC", entry.split("\n", 1)[0])
    # The registry holds zero-width spaces and joiners, typed in by applicants.
    visible = "".join(each for each in first if unicodedata.category(each) != "Cf")
    name = " ".join(visible.split())
    if not name or len(name) > MAX_NAME_CHARACTERS:
        raise RegistryError(f"not an organisation's name: {entry[:80]!r}")
    if any(unicodedata.category(each) in ("Cc", "Co", "Cs") for each in name):
        raise RegistryError(f"unprintable characters in {name!r}")
    return name


def parse_registry(content: bytes) -> dict[str, str]:
    """Return prefix to organisation, sorted, or raise ``RegistryError``."""
    pairs = json.loads(content, object_pairs_hook=list)
    if not isinstance(pairs, list):
        raise RegistryError("the package's index is not an object")
    registry: dict[str, str] = {}
    for prefix, entry in pairs:
        if not _PREFIX.fullmatch(prefix) or len(prefix) not in EXPECTED:
            raise RegistryError(f"not a prefix of 24, 28 or 36 bits: {prefix!r}")
        if not isinstance(entry, str):
            raise RegistryError(f"{prefix}: not text")
        if prefix in registry:
            raise RegistryError(f"{prefix} stands twice")
        registry[prefix] = clean_name(entry)
    return dict(sorted(registry.items()))


def check_counts(registry: dict[str, str]) -> dict[str, int]:
    """Return the number of blocks by size in bits; refuse a registry that shrank or exploded."""
    found = Counter(map(len, registry))
    for digits, (least, most) in EXPECTED.items():
        if not least <= found[digits] <= most:
            raise RegistryError(
                f"{found[digits]} blocks of {digits * 4} bits; expected {least} to {most}"
            )
    return {str(digits * 4): found[digits] for digits in sorted(EXPECTED)}


def encode(registry: dict[str, str]) -> bytes:
    """Return the registry as lines of prefix, tab, organisation."""
    return "".join(f"{prefix}\t{name}\n" for prefix, name in registry.items()).encode()


def write(registry: dict[str, str], version: str, published: str, out: Path) -> None:
    """Write registry.tsv.gz and registry.json; the digest is that of the uncompressed text."""
    blocks = check_counts(registry)
    content = encode(registry)
    about = {
        "package": PACKAGE,
        "version": version,
        "licence": LICENCE,
        "published_on": published,
        "blocks": blocks,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "registry.tsv.gz").write_bytes(gzip.compress(content, compresslevel=9, mtime=0))
    (out / "registry.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def fetch(version: str, folder: Path) -> bytes:
    """Let npm fetch the package into ``folder``; return its index, unexecuted."""
    subprocess.run(
        ["npm", "pack", "--silent", "--ignore-scripts", f"{PACKAGE}@{version}"],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with tarfile.open(folder / f"{PACKAGE}-{version}.tgz") as archive:
        members = {name: archive.extractfile(name) for name in archive.getnames()}
        package, index = members["package/package.json"], members["package/index.json"]
        if package is None or index is None:
            raise RegistryError("the package has no package.json or no index.json")
        about = json.load(package)
        found = (about["name"], about["version"], about["license"])
        if found != (PACKAGE, version, LICENCE):
            raise RegistryError(f"fetched {found}, wanted {(PACKAGE, version, LICENCE)}")
        return index.read()


def published_on(version: str) -> str:
    """Return the day on which the version was published, as npm tells it."""
    answer = subprocess.run(
        ["npm", "view", "--silent", "--json", f"{PACKAGE}@{version}", "time"],
        check=True,
        capture_output=True,
    )
    return str(json.loads(answer.stdout)[version])[:10]


def main() -> int:
    """Fetch, check, write, and say what was written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("version", nargs="?", default=DEFAULT_VERSION)
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT)
    arguments = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory() as folder:
            registry = parse_registry(fetch(arguments.version, Path(folder)))
        write(registry, arguments.version, published_on(arguments.version), arguments.out)
    except (RegistryError, OSError, subprocess.CalledProcessError, KeyError, ValueError) as error:
        print(f"not renewed: {error}", file=sys.stderr)
        return 1
    print(f"{len(registry)} blocks written to {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A register of any length, the same each time, as CSV and as a workbook."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import openpyxl

HEADER: Final = (
    *("Asset No", "Site", "Location", "Make", "Model"),
    *("IP address", "MAC address", "Date installed"),
)
#: Make, model, first three octets of an address block registered to them.
_UNITS: Final = (
    ("Axis", "P3245-LV", "00:40:8c"),
    ("HIKVISION", "DS-2CD2143G0-I", "44:19:b6"),
    ("Dahua", "IPC-HFW2431S-S-S2", "3c:ef:8c"),
    ("Hanwha", "XNV-6080", "00:09:18"),
    ("Bosch", "NBE-4502-AL", "00:07:5f"),
    ("Annke", "C800", "44:19:b6"),
    ("HP", "LaserJet M404", "3c:d9:2b"),
    ("", "camera, 4MP", "02:00:00"),
)


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the register; every address, asset and place is another one."""
    for number in range(count):
        make, model, block = _UNITS[number * 7 % len(_UNITS)]
        high, middle, low = number >> 16 & 255, number >> 8 & 255, number & 255
        yield (
            f"CCTV-{number:06d}",
            f"Site {number % 300}",
            f"floor {number % 9}, position {number}",
            make,
            model,
            f"10.{high}.{middle}.{low}",
            f"{block}:{high:02x}:{middle:02x}:{low:02x}",
            f"20{10 + number % 15}-{1 + number % 12:02d}-{1 + number % 28:02d}",
        )


def write_csv(path: Path, count: int) -> None:
    """Write the register as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        out.writerows(rows(count))


def write_workbook(path: Path, count: int) -> None:
    """Write the register as XLSX."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Cameras")
    sheet.append(HEADER)
    for row in rows(count):
        sheet.append(row)
    book.save(path)

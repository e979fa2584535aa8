"""The scan policy: ceilings that no operator may pass, and an organisation's tighter ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from camaudit.errors import PackError
from camaudit.model.words import Sensitivity

from .strict import parse, validate

#: The name of an overlay in a packs directory.
OVERLAY: Final = "scan.yaml"
Positive = Annotated[float, Field(gt=0)]


class _Policy(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    two_approvers: list[str] | None = None
    longest_days: Annotated[int, Field(gt=0)] | None = None
    most: dict[str, Positive | int] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanPolicy:
    """The ceilings in force; ``most`` is by name of ``sources.scan.limits.Limits``."""

    two_approvers: frozenset[Sensitivity]
    longest_days: int
    most: Mapping[str, float]


def load_scan_policy(overlays: Iterable[Path] = ()) -> ScanPolicy:
    """Return the shipped policy with each overlay that is there; ``PackError`` if one loosens."""
    shipped = resources.files("camaudit.data") / "scan" / "policy.yaml"
    policy = _read(shipped.read_bytes(), "scan/policy.yaml")
    result = ScanPolicy(
        two_approvers=_classes(policy, "scan/policy.yaml"),
        longest_days=policy.longest_days or 1,
        most=dict(policy.most),
    )
    for folder in overlays:
        path = folder / OVERLAY
        if path.is_file():
            result = _tightened(result, _read(path.read_bytes(), str(path)), str(path))
    return result


def _read(content: bytes, file: str) -> _Policy:
    return validate(parse(content, file), _Policy)


def _classes(policy: _Policy, file: str) -> frozenset[Sensitivity]:
    words = policy.two_approvers or []
    known = {each.value for each in Sensitivity}
    for word in words:
        if word not in known:
            raise PackError(
                f"{word!r} is no class of sites; there are {', '.join(sorted(known))}",
                file=file,
                field="two_approvers",
            )
    return frozenset(Sensitivity(word) for word in words)


def _tightened(base: ScanPolicy, overlay: _Policy, file: str) -> ScanPolicy:
    classes = _classes(overlay, file)
    if overlay.two_approvers is not None and not classes >= base.two_approvers:
        missing = ", ".join(sorted(base.two_approvers - classes))
        raise PackError(
            f"an overlay may not leave out: {missing}", file=file, field="two_approvers"
        )
    if overlay.longest_days is not None and overlay.longest_days > base.longest_days:
        raise PackError(
            f"an overlay may not go above {base.longest_days}", file=file, field="longest_days"
        )
    for name, most in overlay.most.items():
        if name not in base.most:
            known = ", ".join(base.most)
            raise PackError(f"no ceiling has this name; there are {known}", file=file, field=name)
        if most > base.most[name]:
            raise PackError(
                f"an overlay may not go above {base.most[name]:g}", file=file, field=name
            )
    return ScanPolicy(
        two_approvers=base.two_approvers | classes,
        longest_days=overlay.longest_days or base.longest_days,
        most={**base.most, **overlay.most},
    )

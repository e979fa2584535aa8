"""Load all maker packs as one checked value."""

from __future__ import annotations

from camaudit.errors import PackError
from camaudit.model.packs import MakerPacks, Vocabulary

from .makers import MakerEntry, check_together, read_makers
from .shipped import PackFiles
from .vocabulary import FILES, load_vocabulary


def vocabulary(files: PackFiles) -> Vocabulary:
    """Load the word lists."""
    contents = {name: files.contents[f"vocab/{name}"] for name in FILES}
    return load_vocabulary(contents)


def maker_files(files: PackFiles, words: Vocabulary) -> list[MakerEntry]:
    """Load and cross-check every maker file; raise ``PackError`` on the first fault."""
    found = [
        entry
        for name, content in files.below("makers").items()
        if name.endswith(".yaml")
        for entry in read_makers(content, files.places[name], words)
    ]
    if not found:
        raise PackError("no maker file was found", file="makers")
    check_together(found)
    return found


def maker_packs(files: PackFiles) -> MakerPacks:
    """Load makers, signatures and vocabulary, with the digest of what they were read from."""
    words = vocabulary(files)
    found = maker_files(files, words)
    return MakerPacks(
        digest=maker_digest(files),
        vocabulary=words,
        makers=tuple(file.maker for file in found),
        signatures=tuple(signature for file in found for signature in file.signatures),
    )


def maker_digest(files: PackFiles) -> str:
    """Return the digest that names these maker packs and their vocabulary."""
    return files.digest("makers", "vocab")

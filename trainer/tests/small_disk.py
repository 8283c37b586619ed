"""What a full disk is made of."""

from pathlib import Path


def fill(folder: Path) -> Path:
    """Until not one more byte goes in."""
    filler = folder / "filler"
    with open(filler, "wb", buffering=0) as file:
        for size in (65536, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filler

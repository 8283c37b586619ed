"""Packed files become plain ones, within a limit."""

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trainer.data.sentences import say
from trainer.failures import Failure

PIECE_BYTES = 1 << 20
BOMB_RATIO = 200
"""Text of data sets shrinks to a tenth or a thirtieth; what shrinks two hundredfold was made to hurt."""
BOMB_FROM_BYTES = 256 << 20
"""What unpacks to less hurts nobody, however it was packed."""


def unpack(kind: str, name: str, source: Path, target: Path, limit: int, watch: Callable[[int], None]) -> None:
    """Writes `target`, or leaves nothing of it. `watch` is told packed bytes, and may end the work."""
    try:
        pour(kind, name, source, target, limit, watch)
    except EOFError as error:
        target.unlink(missing_ok=True)
        raise Failure("data_invalid", say("packed_cut_off", file=name), say("bring_again")) from error
    except (gzip.BadGzipFile, zlib.error, OSError) as error:
        target.unlink(missing_ok=True)
        if getattr(error, "errno", None) is not None and not isinstance(error, gzip.BadGzipFile):
            raise
        raise Failure("data_invalid", say("packed_damaged", file=name, words=str(error)), say("bring_again")) from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def pour(kind: str, name: str, source: Path, target: Path, limit: int, watch: Callable[[int], None]) -> None:
    packed, written, seen = source.stat().st_size, 0, 0
    with open(source, "rb") as raw, open_packed(kind, raw) as stream, open(target, "xb") as file:
        while piece := stream.read(PIECE_BYTES):
            written += len(piece)
            if written > limit:
                raise Failure("disk_full", say("packed_too_large", file=name, limit=f"{limit / 1e9:.1f}"), say("unpack_yourself"))
            if written > BOMB_FROM_BYTES and written > packed * BOMB_RATIO:
                bomb = say("packed_bomb", file=name, packed=f"{packed / 1e6:.1f}", written=f"{written / 1e6:.0f}")
                raise Failure("data_invalid", bomb, say("unpack_yourself"))
            file.write(piece)
            watch(raw.tell() - seen)
            seen = raw.tell()


def open_packed(kind: str, raw: Any) -> Any:
    if kind == "gzip":
        return gzip.GzipFile(fileobj=raw)
    import pyarrow

    return pyarrow.CompressedInputStream(raw, "zstd")

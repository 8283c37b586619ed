"""`python -m trainer.unpack gzip|zstd INPUT OUTPUT LIMIT_BYTES`: a packed file becomes a plain one, or one line says why not."""

import gzip
import json
import sys
import zlib
from pathlib import Path
from typing import Any

PIECE_BYTES = 1 << 20
# Text of data sets shrinks to a tenth or a thirtieth; what shrinks a thousandfold was made to hurt.
BOMB_RATIO = 400
BOMB_FROM_BYTES = 256 << 20


class Refused(Exception):
    pass


def main(arguments: list[str]) -> int:
    if len(arguments) != 4:
        print("usage: python -m trainer.unpack gzip|zstd INPUT OUTPUT LIMIT_BYTES", file=sys.stderr)
        return 2
    kind, source, target, limit = arguments[0], Path(arguments[1]), Path(arguments[2]), int(arguments[3])
    try:
        unpack(kind, source, target, limit)
    except Refused as error:
        reason = str(error)
    except EOFError:
        reason = "the packed file was cut off. Send or copy it again."
    except (gzip.BadGzipFile, zlib.error, OSError) as error:
        reason = f"it can't be unpacked: {error}"
    else:
        return 0
    target.unlink(missing_ok=True)
    print(json.dumps({"error": reason}), flush=True)
    return 1


def unpack(kind: str, source: Path, target: Path, limit: int) -> None:
    packed, written = source.stat().st_size, 0
    with open_packed(kind, source) as stream, open(target, "xb") as file:
        while piece := stream.read(PIECE_BYTES):
            written += len(piece)
            if written > limit:
                raise Refused(f"unpacked it needs more than the {limit} bytes that are free or allowed.")
            if written > BOMB_FROM_BYTES and written > packed * BOMB_RATIO:
                raise Refused(f"{packed} packed bytes give more than {written}; no text packs like this.")
            file.write(piece)


def open_packed(kind: str, source: Path) -> Any:
    if kind == "gzip":
        return gzip.open(source, "rb")
    import pyarrow

    return pyarrow.input_stream(str(source), compression="zstd")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

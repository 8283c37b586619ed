"""What a file is, by what is inside and not by its name: kind, packing and encoding. Reads a few pieces of it, whatever its size."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trainer.data.problems import NotReadable
from trainer.data.read_table import SEPARATORS

HEAD_BYTES = 1 << 20
PIECE_BYTES = 1 << 16
PIECES = 16
SINGLE_OBJECT_BYTES = 64 << 20
PACKED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
REFUSED = {
    b"PK\x03\x04": "a zip archive (or an Office document)", b"7z\xbc\xaf": "a 7-Zip archive", b"Rar!": "a RAR archive",
    b"BZh": "packed with bzip2", b"\xfd7zXZ": "packed with xz", b"%PDF": "a PDF document", b"\x7fELF": "a program",
    b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"SQLite format 3": "a SQLite database",
}  # fmt: skip
MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
WEB_NAMES = {
    "cp1252": "windows-1252",
    "cp1251": "windows-1251",
    "cp1250": "windows-1250",
    "latin_1": "iso-8859-1",
    "cp949": "euc-kr",
    "cp932": "shift_jis",
}
PLAIN_BYTES = bytes(range(0x80))
FEW_FAULTS = 0.02
"""Share of faulty characters up to which a file still counts as UTF-8, with some bad rows."""
TABLE_ENDINGS = {".csv": "csv", ".tsv": "tsv", ".tab": "tsv"}


@dataclass(frozen=True)
class FileFacts:
    kind: str | None
    encoding: str
    compression: str | None


def sniff(path: Path) -> FileFacts:
    """Raises NotReadable for what holds no rows. Of a packed file only the packing is told: unpack it, then look again."""
    head = read_head(path)
    packing = next((name for mark, name in PACKED.items() if head.startswith(mark)), None)
    if packing is not None:
        return FileFacts(None, "binary", packing)
    kind = binary_kind(path, head)
    if kind is not None:
        return FileFacts(kind, "utf-8", None)
    encoding = find_encoding(path, head)
    text = head.decode(encoding, "ignore").removeprefix("\ufeff")
    return FileFacts(text_kind(path, text), encoding, None)


def binary_kind(path: Path, head: bytes) -> str | None:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"ARROW1") or (head.startswith(b"\xff\xff\xff\xff") and b"\x00" in head[:16]):
        return "arrow"
    what = next((name for mark, name in REFUSED.items() if head.startswith(mark)), None)
    if what is not None:
        raise refusal(path, what)
    if not head.strip():
        raise NotReadable("dataset_empty", f"{path.name}: the file is empty.")
    return None


def text_kind(path: Path, text: str) -> str:
    start = text.lstrip()
    if not start:
        raise NotReadable("dataset_empty", f"{path.name}: the file is empty.")
    ending = path.suffix.lower()
    first, _, rest = start.partition("\n")
    if start[0] == "[" and ending not in TABLE_ENDINGS and ending != ".txt":
        return "jsonl" if rest.lstrip()[:1] == "[" and is_json(first) else "json"
    if start[0] == "{" and ending not in TABLE_ENDINGS:
        if is_json(first) or not looks_spread(start):
            return "jsonl"
        refuse_single_object(path)
        return "json"
    if ending in TABLE_ENDINGS:
        return "tsv" if first.count("\t") > max(map(first.count, SEPARATORS)) else "csv"
    if ending in (".json", ".jsonl", ".ndjson"):
        if is_json(first):
            return "jsonl"
        raise NotReadable(
            "dataset_not_readable", f"{path.name} is neither a JSON list nor JSON Lines: it begins with {start[:40]!r}.", row=0, line=1
        )
    return table_kind(ending, start) or "text"


def looks_spread(start: str) -> bool:
    """Whether an object goes on over lines, as in a file that a person can read; a broken line of JSON Lines ends with its line."""
    first, _, rest = start.partition("\n")
    return first.strip() in ("{", "{}") or (bool(rest) and not rest.lstrip().startswith("{") and not first.rstrip().endswith("}"))


def table_kind(ending: str, text: str) -> str | None:
    """Without an ending that says so, a table has the same number of separators in each of its first lines."""
    if ending in (".txt", ".md", ".text"):
        return None
    lines = [line for line in text.split("\n")[:20] if line.strip()]
    lines = lines[:-1] if len(lines) == 20 else lines
    for separator, kind in (("\t", "tsv"), (",", "csv"), (";", "csv")):
        counts = {line.count(separator) for line in lines}
        if len(lines) > 1 and len(counts) == 1 and counts != {0}:
            return kind
    return None


def find_encoding(path: Path, head: bytes) -> str:
    marked = next((name for mark, name in MARKS if head.startswith(mark)), None)
    if marked is not None:
        return marked
    if head.count(b"\x00") * 20 > len(head):
        zeros = [head[place::2].count(b"\x00") for place in (0, 1)]
        if min(zeros) * 10 < max(zeros):
            return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
        raise refusal(path, "no text: it is full of zero bytes")
    suspect = b"".join(part for part in pieces(path, head) if not is_utf8(part))
    return other_encoding(path, suspect) if suspect else "utf-8"


def other_encoding(path: Path, sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample[: 4 * PIECE_BYTES]).best()
    if best is None:
        raise refusal(path, "no text in an encoding that we know; save it as UTF-8")
    # Among encodings that read the same, the one of the west is by far the most common.
    name = "cp1252" if "cp1252" in best.could_be_from_charset else best.encoding
    return "gb18030" if name in ("gb2312", "gbk") else WEB_NAMES.get(name, name.replace("_", "-"))


def is_utf8(part: bytes) -> bool:
    """A piece begins and ends anywhere, also in the middle of a character; a few faults are bad rows, not another encoding."""
    special = len(part.translate(None, PLAIN_BYTES))
    if special == 0:
        return True
    faults = part[3:-3].decode("utf-8", "replace").count("\ufffd")
    return faults <= 2 or faults <= FEW_FAULTS * special


def read_head(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(HEAD_BYTES)


def pieces(path: Path, head: bytes) -> Iterator[bytes]:
    """The beginning, and places all over the file: its first rows may be plain English."""
    yield head
    size = os.path.getsize(path)
    if size <= len(head):
        return
    with open(path, "rb") as file:
        for number in range(1, PIECES + 1):
            file.seek((size - PIECE_BYTES) * number // PIECES)
            yield file.read(PIECE_BYTES)


def refuse_single_object(path: Path) -> None:
    """`{` may begin rows that are spread over lines, or one object around all rows, such as {"data": [...]}."""
    if os.path.getsize(path) > SINGLE_OBJECT_BYTES:
        return
    try:
        whole = json.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return
    inside = next((key for key, value in whole.items() if isinstance(value, list)), None) if isinstance(whole, dict) else None
    hint = f" Its rows seem to stand under “{inside}”: keep only that list." if inside else " Put it into a list: [ … ]."
    raise NotReadable("dataset_format_unknown", f"{path.name} holds one JSON object, not a list of rows." + hint, field=inside)


def is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def refusal(path: Path, what: str) -> NotReadable:
    kinds = "JSON, JSON Lines, CSV, TSV, Parquet, Arrow or plain text, also packed with gzip or zstd"
    return NotReadable("dataset_not_readable", f"{path.name} is {what}. Bring {kinds}.")

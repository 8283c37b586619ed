"""Packed files become plain ones, and what is made to hurt ends early with a sentence."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow
import pytest

from trainer import unpack

Run = Callable[..., tuple[int, str, Path]]
TEXT = b'{"a": "\xe4\xbd\xa0\xe5\xa5\xbd"}\n' * 5000


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def unpacked(kind: str, packed: bytes, limit: int = 1 << 40) -> tuple[int, str, Path]:
        source, target = tmp_path / "in", tmp_path / "out"
        source.write_bytes(packed)
        code = unpack.main([kind, str(source), str(target), str(limit)])
        said = capsys.readouterr().out
        return code, json.loads(said)["error"] if said else "", target

    return unpacked


def zstd(data: bytes) -> bytes:
    return pyarrow.compress(data, codec="zstd", asbytes=True)


@pytest.mark.parametrize(("kind", "packed"), [("gzip", gzip.compress(TEXT)), ("gzip", gzip.compress(TEXT[:7]) + gzip.compress(TEXT[7:])), ("zstd", zstd(TEXT))])
def test_comes_out_as_it_went_in_also_in_several_members(run: Run, kind: str, packed: bytes) -> None:
    code, error, target = run(kind, packed)
    assert (code, error) == (0, "")
    assert target.read_bytes() == TEXT


@pytest.mark.parametrize(
    ("kind", "packed", "limit", "reason"),
    [
        ("gzip", gzip.compress(TEXT)[:-20], 1 << 40, "cut off"),
        ("gzip", b"\x1f\x8b" + b"nonsense" * 9, 1 << 40, "can't be unpacked"),
        ("zstd", zstd(TEXT)[:-20], 1 << 40, ""),
        ("gzip", gzip.compress(TEXT), 1000, "more than the 1000 bytes"),
    ],
)
def test_what_cannot_be_unpacked_is_told_and_leaves_nothing(run: Run, kind: str, packed: bytes, limit: int, reason: str) -> None:
    code, error, target = run(kind, packed, limit)
    assert code == 1
    assert reason in error
    assert not target.exists()


def test_a_bomb_is_refused_long_before_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "BOMB_FROM_BYTES", 4 << 20)
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(bytes(64 << 20)))
    with pytest.raises(unpack.Refused, match="no text packs like this"):
        unpack.unpack("gzip", bomb, tmp_path / "out", 1 << 40)
    assert (tmp_path / "out").stat().st_size <= bomb.stat().st_size * unpack.BOMB_RATIO + unpack.PIECE_BYTES

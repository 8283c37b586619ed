"""Packed files become plain ones, and what is made to hurt ends early with a sentence."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pyarrow
import pytest

from trainer import unpack
from trainer.control import Stopped
from trainer.failures import Failure

TEXT = b'{"a": "\xe4\xbd\xa0\xe5\xa5\xbd"}\n' * 5000


def zstd(data: bytes) -> bytes:
    return pyarrow.compress(data, codec="zstd", asbytes=True)


def run(folder: Path, kind: str, packed: bytes, limit: int = 1 << 40, watch: Callable[[int], None] = lambda _count: None) -> Path:
    source, target = folder / "in", folder / "out"
    source.write_bytes(packed)
    unpack.unpack(kind, "talk.gz", source, target, limit, watch)
    return target


@pytest.mark.parametrize(("kind", "packed"), [("gzip", gzip.compress(TEXT)), ("gzip", gzip.compress(TEXT[:7]) + gzip.compress(TEXT[7:])), ("zstd", zstd(TEXT))])
def test_comes_out_as_it_went_in_also_in_several_members(tmp_path: Path, kind: str, packed: bytes) -> None:
    told: list[int] = []
    assert run(tmp_path, kind, packed, watch=told.append).read_bytes() == TEXT
    assert 0 < sum(told) <= len(packed)


@pytest.mark.parametrize(
    ("kind", "packed", "limit", "code"),
    [
        ("gzip", gzip.compress(TEXT)[:-20], 1 << 40, "packed_cut_off"),
        ("gzip", b"\x1f\x8b" + b"nonsense" * 9, 1 << 40, "packed_damaged"),
        ("zstd", zstd(TEXT)[:-20], 1 << 40, "packed_"),
        ("gzip", gzip.compress(TEXT), 1000, "packed_too_large"),
    ],
)
def test_what_cannot_be_unpacked_is_told_and_leaves_nothing(tmp_path: Path, kind: str, packed: bytes, limit: int, code: str) -> None:
    with pytest.raises(Failure) as ended:
        run(tmp_path, kind, packed, limit)
    assert ended.value.said[0]["code"].startswith(code)
    assert "talk.gz" in ended.value.message
    assert not (tmp_path / "out").exists()


def test_a_bomb_is_refused_long_before_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "BOMB_FROM_BYTES", 4 << 20)
    bomb = gzip.compress(bytes(64 << 20))
    with pytest.raises(Failure) as ended:
        run(tmp_path, "gzip", bomb)
    said = ended.value.said[0]
    assert said["code"] == "packed_bomb"
    assert float(said["params"]["written"]) * 1e6 <= len(bomb) * unpack.BOMB_RATIO + 2 * unpack.PIECE_BYTES
    assert not (tmp_path / "out").exists()


def test_a_stop_ends_it_and_leaves_nothing(tmp_path: Path) -> None:
    def stop(_count: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        run(tmp_path, "gzip", gzip.compress(TEXT), watch=stop)
    assert not (tmp_path / "out").exists()

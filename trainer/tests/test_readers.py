"""Files of every kind and every malice: rows in order, bounded memory, and a sentence where something is wrong."""

import json
import tracemalloc
from pathlib import Path

import pyarrow as arrow
import pyarrow.parquet as parquet
import pytest

from trainer.data import read_json, readers
from trainer.data.problems import BadRow, NotReadable
from trainer.data.readers import Source, read_rows

ROWS = [{"q": "one", "a": 'say "1"'}, {"q": "two\nlines", "a": "2, or II"}, {"q": "drei ü 三", "a": ""}]

KINDS = {f".{kind}": kind for kind in ("json", "jsonl", "csv", "tsv", "parquet", "arrow")} | {".txt": "text"}


@pytest.fixture
def write(tmp_path):
    def make(data: bytes | str, name: str = "data.jsonl") -> Path:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return make


def read(path: Path, kind: str | None = None, encoding: str = "utf-8") -> list:
    return list(read_rows([Source(path, kind or KINDS[path.suffix], encoding)]))


def values(*arguments) -> list:
    return [row.value for row in read(*arguments)]


def faults(path: Path, kind: str | None = None) -> list[tuple[int, int | None, str]]:
    return [(row.index, row.line, row.value.reason) for row in read(path, kind) if isinstance(row.value, BadRow)]


def test_each_kind_gives_the_same_rows(write, tmp_path):
    table = arrow.Table.from_pylist(ROWS)
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=2)
    with arrow.ipc.new_file(tmp_path / "a.arrow", table.schema) as file:
        file.write_table(table)
    with arrow.ipc.new_stream(tmp_path / "b.arrow", table.schema) as stream:
        stream.write_table(table)
    write("\ufeffq,a\r\n" + "".join('"{}","{}"\r\n'.format(*(row[key].replace('"', '""') for key in "qa")) for row in ROWS), "a.csv")
    write("q\ta\n" + "".join('"{}"\t"{}"\n'.format(*(row[key].replace('"', '""') for key in "qa")) for row in ROWS), "a.tsv")
    write("\n\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), "a.jsonl")
    write("\ufeff" + json.dumps(ROWS, indent=2), "a.json")
    for name in ("a.parquet", "a.arrow", "b.arrow", "a.csv", "a.tsv", "a.jsonl", "a.json"):
        assert values(tmp_path / name) == ROWS, name


def test_several_files_are_one_row_of_rows(write):
    one, two = write('{"a":1}\n{"a":2}\n', "1.jsonl"), write('[{"a":3},{"a":4}]', "2.json")
    rows = list(read_rows([Source(one, "jsonl"), Source(two, "json")]))
    assert [(row.index, row.value["a"]) for row in rows] == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_a_line_of_text_is_a_row_and_lines_of_blanks_are_none(write):
    assert values(write("One.\r\n\n  \nTwo.\n", "a.txt")) == [{"text": "One."}, {"text": "Two."}]
    assert [row.line for row in read(write("One.\r\n\n  \nTwo.\n", "a.txt"))] == [1, 4]


def test_a_list_is_read_piece_by_piece_whatever_the_pieces(write, monkeypatch):
    path = write('[1, {"a": "x,]}\\""} ,\n[2,\n3], "s", -1.5e3 ,null]', "a.json")
    for size in (1, 2, 3, 7, 1000):
        monkeypatch.setattr(read_json, "CHUNK_CHARACTERS", size)
        assert values(path, "json") == [1, {"a": 'x,]}"'}, [2, 3], "s", -1500.0, None]


def test_a_long_list_is_never_whole_in_memory(write):
    row = json.dumps({"text": "x" * 1000})
    path = write("[" + ",".join([row] * 30_000) + "]", "a.json")
    tracemalloc.start()
    assert sum(1 for _ in read_rows([Source(path, "json")])) == 30_000
    assert tracemalloc.get_traced_memory()[1] < 12 << 20 < path.stat().st_size
    tracemalloc.stop()


def test_rows_spread_over_lines_are_rows(write):
    path = write('{\n "a": 1\n}\n{\n "a": 2\n}\n', "a.json")
    assert values(path) == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"a":1},{"a" 2},{"a":3}]', [(1, 1, "bad_json")]),
        ('[{"a":1},\n{"a":', [(1, 2, "cut_off")]),
        ('[{"a":1}', [(1, 1, "cut_off")]),
        ('[{"a":1},{"b":"never closed},{"c":1}]', [(1, 1, "cut_off")]),
        ('[{"a":1},' + "[" * 100_000 + "]" * 100_000 + ',{"a":2}]', [(1, 1, "too_deep")]),
    ],
)
def test_a_broken_element_stands_in_its_place(write, text, expected):
    assert faults(write(text, "a.json"), "json") == expected


@pytest.mark.parametrize(("kind", "end"), [("jsonl", '"}\n{"a":1}\n'), ("json", '"},{"a":1}]'), ("csv", '"\n1\n'), ("text", "\nlast\n")])
def test_a_row_of_endless_length_is_one_bad_row_and_reading_goes_on(write, kind, end):
    start = {"jsonl": '{"a":"', "json": '[{"a":"', "csv": 'a\n"', "text": ""}[kind]
    path = write(start + "x" * (readers.RECORD_LIMIT_BYTES + (3 << 20)) + end, f"a.{kind}")
    rows = read(path, kind)
    assert [isinstance(row.value, BadRow) and row.value.reason for row in rows] == ["too_long", False]


def test_a_table_with_faults_names_them_and_goes_on(write):
    table = 'a,b\n1,2\n3\n4,5,6\n\n"x\ny",7"\n=cmd|x,8\n"never closed,9\n10,11\n'
    path = write(table, "a.csv")
    assert faults(path) == [(1, 3, "ragged"), (2, 4, "ragged"), (5, 9, "bad_csv")]
    rows = read(path)
    assert (rows[3].value, rows[3].line) == ({"a": "x\ny", "b": '7"'}, 6)
    assert rows[4].notes == (("formula", "a", "=cmd|x"),)


def test_columns_of_one_name_are_told_apart(write):
    assert values(write("a,a,,b\n1,2,3,4\n", "a.csv")) == [{"a": "1", "a (2)": "2", "column 3": "3", "b": "4"}]


def test_a_table_may_be_parted_by_semicolons(write):
    assert values(write("frage;antwort\nja, wer?;ich\n", "a.csv")) == [{"frage": "ja, wer?", "antwort": "ich"}]


def test_zero_bytes_and_bytes_that_are_no_utf8_stay_in_their_row(write):
    rows = values(write(b'{"a":"x\x00y"}\n{"a":"\\u0000"}\n{"a":"\xff"}\n{"a":"ok"}\n'))
    assert isinstance(rows[0], BadRow) and rows[1:] == [{"a": "\x00"}, {"a": "\udcff"}, {"a": "ok"}]


def test_other_encodings_are_read_as_they_are_said(write):
    path = write('{"a":"你好"}\n{"a":"再见"}\n'.encode("utf-16"))
    assert values(path, "jsonl", "utf-16") == [{"a": "你好"}, {"a": "再见"}]
    assert values(write("你好\n再见\n".encode("gb18030"), "a.txt"), "text", "gb18030") == [{"text": "你好"}, {"text": "再见"}]


def test_python_numbers_that_are_no_json_are_null(write):
    assert values(write('{"a":NaN,"b":-Infinity}\n')) == [{"a": None, "b": None}]


@pytest.mark.parametrize("cut", [4, 40, 400])
def test_a_parquet_file_that_was_cut_short_is_refused_with_a_sentence(tmp_path, cut):
    parquet.write_table(arrow.Table.from_pylist(ROWS * 100), tmp_path / "a.parquet")
    (tmp_path / "a.parquet").write_bytes((tmp_path / "a.parquet").read_bytes()[:-cut])
    with pytest.raises(NotReadable, match="damaged or cut short"):
        read(tmp_path / "a.parquet", "parquet")


def test_arrow_that_was_cut_short_is_refused_with_a_sentence(tmp_path):
    table = arrow.Table.from_pylist(ROWS * 100)
    for name, make in (("f", arrow.ipc.new_file), ("s", arrow.ipc.new_stream)):
        with make(tmp_path / name, table.schema) as file:
            file.write_table(table)
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-900])
        with pytest.raises(NotReadable, match="damaged or cut short"):
            read(tmp_path / name, "arrow")


def test_parquet_with_a_row_that_is_no_utf8_loses_only_that_row(tmp_path):
    column = arrow.Array.from_buffers(
        arrow.string(), 3, [None, arrow.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0"), arrow.py_buffer(b"a\xffc")]
    )
    parquet.write_table(arrow.table({"a": column}), tmp_path / "a.parquet")
    rows = values(tmp_path / "a.parquet")
    assert rows[0] == {"a": "a"} and rows[1].reason == "bad_encoding" and rows[2] == {"a": "c"}


def test_what_tables_know_and_json_does_not_becomes_json(tmp_path):
    import datetime

    parquet.write_table(
        arrow.table({"a": [datetime.datetime(2026, 1, 2, 3, 4)], "b": [b"xyz"], "c": [[{"d": 1}]], "e": [float("nan")]}),
        tmp_path / "a.parquet",
    )
    assert values(tmp_path / "a.parquet") == [{"a": "2026-01-02 03:04:00", "b": "eHl6", "c": [{"d": 1}], "e": None}]


def test_reading_can_be_watched_and_ended(write):
    path = write('{"a":1}\n' * 300_000)
    seen = []

    def watch(count: int) -> None:
        seen.append(count)
        if sum(seen) > path.stat().st_size // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        for _ in read_rows([Source(path, "jsonl")], watch):
            pass
    assert len(seen) > 1

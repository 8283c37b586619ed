"""Which files of a data set of the hub are its rows."""

from pathlib import Path

import pytest

from trainer.fetch_dataset import choose, keep

CONVERTED = ["default/test/0000.parquet", "default/train/0000.parquet", "default/train/0001.parquet", "zh/train/0000.parquet"]
PLAIN = ["README.md", "data.py", "data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet", "data/test-00000.parquet", "old.json"]


@pytest.mark.parametrize(
    ("names", "subset", "split", "chosen"),
    [
        (CONVERTED, None, None, ["default/train/0000.parquet", "default/train/0001.parquet"]),
        (CONVERTED, "zh", "train", ["zh/train/0000.parquet"]),
        (CONVERTED, "zh", "test", []),
        (PLAIN, None, "train", ["data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet"]),
        (PLAIN, None, "test", ["data/test-00000.parquet"]),
        (["talk.jsonl", ".gitattributes", "dataset_infos.json"], None, "train", ["talk.jsonl"]),
        (["talk.jsonl.gz", "run.py"], None, None, ["talk.jsonl.gz"]),
        (["load.py", "README.md"], None, None, []),
    ],
)
def test_rows_are_chosen_by_subset_and_split_parquet_first_never_a_script(names: list[str], subset: str | None, split: str | None, chosen: list[str]) -> None:
    assert choose(names, subset, split) == chosen


def test_files_keep_apart_and_inside_whatever_their_names(tmp_path: Path) -> None:
    names = ["data/a.jsonl", "data_a.jsonl", "../../a.jsonl", "数据.jsonl", f"{'长' * 300}.jsonl", ".hidden.jsonl"]
    found = {name: tmp_path / f"source-{number}" for number, name in enumerate(names)}
    for name, path in found.items():
        path.write_text(name)
    folder = tmp_path / "kept"
    folder.mkdir()
    kept = keep(found, folder)
    assert [(folder / name).read_text() for name in kept] == names
    assert kept[:4] == ["data_a.jsonl", "1-data_a.jsonl", "2-.._.._a.jsonl", "数据.jsonl"]
    assert sorted(path.name for path in folder.iterdir()) == sorted(kept)

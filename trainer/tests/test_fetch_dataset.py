"""Which files of a data set of the hub are its rows."""

import pytest

from trainer.fetch_dataset import choose

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

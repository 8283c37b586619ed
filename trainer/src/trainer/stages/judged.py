"""What the stages that learn from judged answers share."""

from typing import Any

from trainer.spec import TrainSpec


def untouched(job: TrainSpec) -> dict[str, Any]:
    """Rows come in tokens, with columns of our own; and trl would switch off every dropout, the one that was asked for too."""
    return {"remove_unused_columns": False, "disable_dropout": job.lora is None or job.lora.dropout == 0}


class Encoded:
    """Stands in front of trainers that would render and cut the rows by themselves."""

    def _prepare_dataset(self, dataset: Any, *_: Any) -> Any:
        return dataset


class Shortened:
    """Stands in front of trl's experimental trainers, which go through all rows with a tokenizer before they begin, whatever the rows are:
    they are shown one row, which passes untouched, and then get all."""

    def __init__(self, *, train_dataset: Any, eval_dataset: Any, **arguments: Any):
        shown = {"train_dataset": train_dataset.select([0]), "eval_dataset": None if eval_dataset is None else eval_dataset.select([0])}
        super().__init__(**shown, **arguments)
        self.train_dataset, self.eval_dataset = train_dataset, eval_dataset
        self.use_dpo_data_collator = True

    def tokenize_row(self, row: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        return row

    def tokens_in(self, batch: dict[str, Any]) -> Any:
        return batch["chosen_attention_mask"].sum() + batch["rejected_attention_mask"].sum()

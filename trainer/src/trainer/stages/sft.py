"""Supervised fine-tuning: the answers are learnt. trl's SFTTrainer without what we do not show: the head runs only where a label is,
and validation counts every token once.

Measured (cpu-trials 5): same losses to 1e-6; a third to a quarter of the time where prompts are masked.
"""

import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional
from trl import SFTConfig, SFTTrainer

from trainer import models
from trainer.control import Control
from trainer.data.encode import EncodedData, encode_parts
from trainer.data.rows import Part, Rows
from trainer.events import EventLog
from trainer.followed import Followed
from trainer.order import ORDERS, Ordered
from trainer.packing import PackedRows, cutoff_before, pack, refuse_mixing
from trainer.spec import TrainSpec

Config = SFTConfig
load_model = models.load_base


def encode(
    tokenizer: Any, folder: Path, parts: Sequence[Part], validation: Sequence[Rows], job: TrainSpec, events: EventLog, control: Control
) -> EncodedData:
    settings = job.training
    cutoff = cutoff_before(settings.packing, settings.cutoff_length)
    data = encode_parts(tokenizer, folder, parts, validation, cutoff, events, control)
    control.check()
    return pack(data, settings.packing, settings.cutoff_length, settings.seed)


def arguments(job: TrainSpec) -> dict[str, Any]:
    """Rows come with ids and labels: trl is to leave them as they are."""
    return {
        "max_length": None,
        "dataset_kwargs": {"skip_prepare_dataset": True},
        "loss_type": "nll",
        "train_sampling_strategy": ORDERS[job.training.order],
    }


class Trainer(Ordered, Followed, SFTTrainer):
    def __init__(self, **arguments: Any):
        model = arguments["learning"].model
        if "seq_lengths" in arguments["train_dataset"].column_names:
            refuse_mixing(model)
            flash = "flash" in (model.config._attn_implementation or "")
            arguments["data_collator"] = PackedRows(arguments["processing_class"].pad_token_id, flat=flash)
        super().__init__(**arguments)
        base = model.get_base_model() if hasattr(model, "get_base_model") else model
        # Mixtures of experts add a loss of their own inside the model, which the short way would lose.
        self.is_lean = "logits_to_keep" in inspect.signature(base.forward).parameters and not self.aux_loss_enabled

    def compute_loss(self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None) -> Any:
        if not self.is_lean:
            inputs["use_cache"] = False
            return super(SFTTrainer, self).compute_loss(model, inputs, return_outputs, num_items_in_batch)
        targets = inputs.pop("labels")[:, 1:]
        columns = (targets != -100).any(0).nonzero().flatten()
        outputs = model(**inputs, use_cache=False, logits_to_keep=columns)
        count = num_items_in_batch if num_items_in_batch is not None else (targets != -100).sum()
        logits = outputs.logits.float().flatten(0, 1)
        loss = functional.cross_entropy(logits, targets[:, columns].flatten(), ignore_index=-100, reduction="sum", label_smoothing=self.args.label_smoothing_factor) / count
        if num_items_in_batch is not None and self.args.average_tokens_across_devices:
            loss = loss * self.accelerator.num_processes
        return (loss, outputs) if return_outputs else loss

    def tokens_in(self, batch: dict[str, Any]) -> Any:
        """Packed batches have no mask and bring their number."""
        return batch.pop("tokens") if "tokens" in batch else super().tokens_in(batch)

    def judge(self) -> None:
        """Mean over tokens; transformers' own is a mean over batches, which weighs the tokens of a short last batch more."""
        batches = self.get_eval_dataloader()
        self.model.eval()
        total, count = 0.0, 0
        for batch in batches:
            if self.leaving():
                break
            inputs = self._prepare_inputs(batch)
            labelled = (inputs["labels"][:, 1:] != -100).sum()
            with torch.no_grad(), self.compute_loss_context_manager():
                loss = self.compute_loss(self.model, inputs)
            # A batch of nothing but filling has no mean.
            total += float(loss) * int(labelled) if labelled else 0.0
            count += int(labelled)
        else:
            total, count = self.group.add([total, count])
            self.log({"eval_loss": total / max(count, 1)})
        self.model.train()
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, {})

"""What a row becomes for a stage: an answer that is learnt, two answers that are compared, or an answer with a verdict.

Each answer is rendered and cut as in supervised fine-tuning (render.py); only the last one of a conversation is judged, and what the
template writes behind its end is left away, so that a comparison ends where the answers end.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trainer.data.masks import RowRefused
from trainer.data.render import IGNORED, ChatEncoder, count_trained
from trainer.data.sentences import say

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Example:
    """`lists` are the columns of its form."""

    lists: tuple[Sequence[int], ...]
    tokens: int
    trained_tokens: int
    cut_tokens: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    columns: tuple[str, ...]
    encode: Callable[[ChatEncoder, Row, int], Example]


def answer(encoder: ChatEncoder, row: Row, cutoff: int) -> Example:
    whole = encoder.encode_row(row)
    encoded = whole.cut(cutoff)
    ids = encoded.input_ids
    return Example((ids, encoded.labels), len(ids), encoded.trained_tokens, len(whole.input_ids) - len(ids), encoded.notes)


def pair(encoder: ChatEncoder, row: Row, cutoff: int) -> Example:
    """The better answer and the worse one, each behind its question."""
    good, bad = (judged(encoder, row, message, cutoff) for message in sides(row))
    # A pair of which one answer is cut away compares nothing.
    trained = good.trained_tokens + bad.trained_tokens if good.trained_tokens and bad.trained_tokens else 0
    if trained and good.lists == bad.lists:
        raise RowRefused("same_answers", say("same_answers"))
    notes = tuple(dict.fromkeys((*good.notes, *bad.notes)))
    return Example((*good.lists, *bad.lists), good.tokens + bad.tokens, trained, good.cut_tokens + bad.cut_tokens, notes)


def verdict(encoder: ChatEncoder, row: Row, cutoff: int) -> Example:
    """One answer, and whether it was wanted."""
    one = judged(encoder, row, row["messages"][-1], cutoff)
    return Example((*one.lists, [int(row["label"] is not False)]), one.tokens, one.trained_tokens, one.cut_tokens, one.notes)


def sides(row: Row) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Of ranked answers the best and the worst."""
    return (row["messages"][-1], row["rejected"]) if row["rejected"] is not None else (row["ranked"][0], row["ranked"][-1])


def judged(encoder: ChatEncoder, row: Row, message: Mapping[str, Any], cutoff: int) -> Example:
    before = [{**turn, "train": False} if turn["role"] == "assistant" else turn for turn in row["messages"][:-1]]
    encoded = encoder.encode_row({**row, "messages": [*before, {**message, "train": True}]})
    end = next((at for at in range(len(encoded.labels), 0, -1) if encoded.labels[at - 1] != IGNORED), 0)
    ids, labels = (part[: min(end, cutoff)] for part in (encoded.input_ids, encoded.labels))
    return Example((ids, labels), len(ids), count_trained(labels, len(labels)), end - len(ids), encoded.notes)


ANSWERS = Form(("input_ids", "labels"), answer)
PAIRS = Form(("chosen_ids", "chosen_labels", "rejected_ids", "rejected_labels"), pair)
VERDICTS = Form(("input_ids", "labels", "wanted"), verdict)

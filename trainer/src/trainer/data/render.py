"""A conversation as the model's own chat template writes it, cut into tokens, with labels where the assistant speaks.

`encode_row` is what training uses and what a preview shows: there is no second way from a row to tokens.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from trainer.data.masks import THOUGHT_END, Messages, RowRefused, Span, check_marked_spans, find_spans, include_stop
from trainer.failures import Failure

IGNORED = -100
PROBE = ("What is asked first?", "What is answered first.", "What is asked second?", "What is answered second.")


@dataclass(frozen=True)
class Encoded:
    input_ids: list[int]
    labels: list[int]
    truncated: bool
    text: str
    spans: list[Span]
    notes: tuple[str, ...] = ()

    @property
    def trained_tokens(self) -> int:
        """The first token is never predicted, so a label there counts for nothing."""
        return sum(label != IGNORED for label in self.labels[1:])


def encode_row(tokenizer: Any, messages: Messages, cutoff: int) -> Encoded:
    """Raises RowRefused where the template does not fit this row, Failure where it fits none."""
    encoder = _encoders.get(tokenizer)
    if encoder is None:
        encoder = _encoders[tokenizer] = ChatEncoder(tokenizer)
    return encoder.encode(messages, cutoff)


class ChatEncoder:
    """One tokenizer and its template. `stop_ids` are the end tokens of generation_config.json, which may be more than the tokenizer's."""

    def __init__(self, tokenizer: Any, stop_ids: Sequence[int] = ()):
        self.tokenizer = tokenizer
        self.template = find_template(tokenizer)
        self.marked = "{% generation" in self.template or "{%- generation" in self.template
        self.stops = self.find_stops(stop_ids)

    def encode(self, messages: Messages, cutoff: int) -> Encoded:
        text, marks = self.render(messages, marked=self.marked)
        tokens = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        ids, offsets = list(tokens["input_ids"]), tokens["offset_mapping"]
        if self.marked:
            check_marked_spans(text, messages, marks)
            spans = include_stop(text, marks, self.stops)
        else:
            spans = find_spans(text, messages, self.render_prompt, self.stops, snap_to(offsets))
        labels = label(ids, offsets, spans)
        self.refuse_two_starts(ids)
        notes = self.add_missing_end(ids, labels, text, messages) + missing_thought(text, messages)
        return Encoded(ids[:cutoff], labels[:cutoff], len(ids) > cutoff, text, spans, notes)

    def render(self, messages: Messages, *, prompt: bool = False, marked: bool = False) -> tuple[str, list[Span]]:
        from transformers.utils.chat_template_utils import render_jinja_template

        try:
            texts, marks = render_jinja_template(
                conversations=[list(messages)],
                chat_template=self.template,
                return_assistant_tokens_mask=marked,
                add_generation_prompt=prompt,
                **self.tokenizer.special_tokens_map,
            )
        except Exception as error:  # Templates are programs of others; whatever they raise is their refusal.
            raise RowRefused("template_refused", f"The chat template refuses this conversation: {error}") from error
        return texts[0], [(int(start), int(end)) for start, end in marks[0]] if marked else []

    def render_prompt(self, messages: Messages) -> str:
        return self.render(messages, prompt=True)[0]

    def find_stops(self, stop_ids: Sequence[int]) -> list[str]:
        """The tokens that end a turn: those of the model's files, and whatever special token the template puts behind an answer."""
        ids = {self.tokenizer.eos_token_id, *stop_ids} - {None}
        stops = {self.tokenizer.convert_ids_to_tokens(number) for number in ids if number < len(self.tokenizer)}
        try:
            text = self.render([{"role": role, "content": PROBE[i]} for i, role in enumerate(("user", "assistant") * 2)])[0]
        except RowRefused:
            return sorted(stop for stop in stops if stop)
        for answer in (PROBE[1], PROBE[3]):
            before, found, after = text.partition(answer)
            special = self.leading_special(after.lstrip()) if found and before else None
            stops |= {special} if special else set()
        return sorted(stop for stop in stops if stop)

    def leading_special(self, text: str) -> str | None:
        special = [token.content for token in self.tokenizer.added_tokens_decoder.values() if token.special and token.content]
        return max((token for token in special if text.startswith(token)), key=len, default=None)

    def refuse_two_starts(self, ids: list[int]) -> None:
        start = self.tokenizer.bos_token_id
        if start is not None and ids[:2] == [start, start]:
            raise RowRefused("two_starts", f"The text begins with {self.tokenizer.bos_token} twice.")

    def add_missing_end(self, ids: list[int], labels: list[int], text: str, messages: Messages) -> tuple[str, ...]:
        """A last answer without a stop token would teach the model to talk on; its end token is added."""
        end = self.tokenizer.eos_token_id
        if messages[-1]["role"] != "assistant" or end is None or any(text.rstrip().endswith(stop) for stop in self.stops):
            return ()
        ids.append(end)
        labels.append(end)
        return ("end_token_added",)


def find_template(tokenizer: Any) -> str:
    if not tokenizer.chat_template:
        raise Failure(
            "template_refused",
            "The tokenizer has no chat template, so a conversation cannot be written as this model expects.",
            "Choose the chat or instruct version of the model, or put a chat_template.jinja into its folder.",
        )
    if not tokenizer.is_fast:
        raise Failure(
            "template_refused",
            "This model's tokenizer does not tell where its tokens lie in the text, so answers cannot be told from questions.",
            "Choose a model with a tokenizer.json.",
        )
    return tokenizer.get_chat_template()


def missing_thought(text: str, messages: Messages) -> tuple[str, ...]:
    """Templates drop the thoughts of earlier turns by design; of the last turn they should not."""
    last = messages[-1]["content"].strip()
    return ("thought_dropped",) if THOUGHT_END in last and last not in text and last.rpartition("<think>")[2].strip() not in text else ()


def label(ids: list[int], offsets: Sequence[Span], spans: list[Span]) -> list[int]:
    """A token is trained if it lies inside a span; one that straddles the edge is not."""
    labels = [IGNORED] * len(ids)
    starts = [start for start, _ in offsets]
    for begin, end in spans:
        for index in range(max(0, bisect_right(starts, begin - 1) - 1), len(ids)):
            start, stop = offsets[index]
            if start >= end:
                break
            if start >= begin and stop <= end and stop > start:
                labels[index] = ids[index]
    return labels


def snap_to(offsets: Sequence[Span]) -> Any:
    """Two different tokens may share first letters (<think>, <tool_call>); a turn begins where a token does."""
    starts = sorted({start for start, _ in offsets})

    def snap(position: int) -> int:
        index = bisect_right(starts, position) - 1
        inside = index >= 0 and any(start == starts[index] and stop > position > start for start, stop in offsets)
        return starts[index] if inside else position

    return snap


_encoders: WeakKeyDictionary[Any, ChatEncoder] = WeakKeyDictionary()

"""A row as the model's own chat template writes it, cut into tokens, with labels where the assistant speaks.

`ChatEncoder.encode_row` is what training uses, what the inspector shows and what the length report counts: there is no second way from
a row to tokens. Nothing is handed to the template but the messages and the tools; its own defaults hold for the rest, as in the chat.
"""

import json
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal
from weakref import WeakKeyDictionary

from trainer.data.masks import Fitted, RowRefused, Skeleton, Span, Tokens, build_skeleton, marked_spans
from trainer.data.sentences import say
from trainer.data.template import THOUGHT_KEYS, Message, Part, Style, template_messages
from trainer.failures import Failure

IGNORED = -100
PROBE = ("What is asked first?", "What is answered first.", "What is asked second?", "What is answered second.")
SKELETONS_KEPT = 512
Tools = Sequence[Mapping[str, Any]]
MaskMethod = Literal["generation", "cursor", "all"]


@dataclass(frozen=True)
class Draft:
    """A row as text, before it is cut into tokens."""

    text: str
    messages: Sequence[Message] | None
    spans: list[tuple[int, Span]]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Encoded:
    """`labels` are the ids where something is learned; `offsets` say where each token stands in `text`."""

    input_ids: list[int]
    labels: list[int]
    offsets: list[Span]
    text: str
    spans: list[Span]
    notes: tuple[str, ...]
    truncated: bool = False

    @property
    def trained_tokens(self) -> int:
        """The first token is never predicted, so a label there counts for nothing."""
        return count_trained(self.labels, len(self.labels))

    def cut(self, cutoff: int) -> "Encoded":
        if len(self.input_ids) <= cutoff:
            return self
        ids, labels, offsets = (part[:cutoff] for part in (self.input_ids, self.labels, self.offsets))
        return Encoded(ids, labels, offsets, self.text, self.spans, self.notes, truncated=True)


def encode_row(tokenizer: Any, messages: Sequence[Message], cutoff: int) -> Encoded:
    """Raises RowRefused where the template does not fit this row, Failure where it fits none."""
    encoder = _encoders.get(tokenizer)
    if encoder is None:
        encoder = _encoders[tokenizer] = ChatEncoder(tokenizer)
    return encoder.encode(messages, cutoff)


class ChatEncoder:
    """One tokenizer and its template. `stop_ids` are the end tokens of generation_config.json, which may be more than the tokenizer's.

    `lent` are signs that the tokenizer knows for this look only."""

    def __init__(self, tokenizer: Any, stop_ids: Sequence[int] = (), lent: Sequence[str] = ()):
        if not tokenizer.is_fast:
            raise Failure(
                "template_refused",
                say("slow_tokenizer"),
                say("take_fast"),
            )
        self.tokenizer = tokenizer
        self.stop_ids = stop_ids
        self.lent = lent
        self.backend = tokenizer.backend_tokenizer
        self.backend.no_truncation()
        self.backend.no_padding()
        self.skeletons: OrderedDict[str, Skeleton | RowRefused] = OrderedDict()

    def encode(self, messages: Sequence[Message], cutoff: int, tools: Tools | None = None) -> Encoded:
        return self.finish_alone(self.draft_chat(messages, tools)).cut(cutoff)

    def encode_row(self, row: Mapping[str, Any], cutoff: int | None = None) -> Encoded:
        """A canonical row (DatasetRow): a conversation, or plain text of which all is trained."""
        encoded = self.finish_alone(self.draft(row))
        return encoded if cutoff is None else encoded.cut(cutoff)

    def encode_text(self, text: str) -> Any:
        return self.backend.encode(text, add_special_tokens=False)

    def draft(self, row: Mapping[str, Any]) -> Draft:
        if row["messages"] is not None:
            return self.draft_chat(row["messages"], row.get("tools"))
        text = row.get("text") or ""
        return Draft(text, None, [(0, (0, len(text)))], ())

    def draft_chat(self, messages: Sequence[Message], tools: Tools | None) -> Draft:
        parts: list[Part] = []

        def keep(part: Part) -> str:
            parts.append(part)
            return part.words

        skeleton = self.skeleton(messages, tools)
        text, marks = self.render(template_messages(messages, self.style, keep), tools, marked=self.marked)
        fitted = Fitted(skeleton, parts, text)
        spans = marked_spans(fitted, marks, messages, self.tokens.stops) if self.marked else fitted.spans()
        return Draft(text, messages, spans, (*missing_thought(messages, parts, skeleton), *skeleton.notes, *self.missing_end(text, messages, spans)))

    def finish(self, drafts: Sequence[Draft]) -> list[Encoded | RowRefused]:
        """All at once, which tokenizers like. A row that shows only here that it can't be trained stands as its refusal."""
        encodings: list[Any] = [None] * len(drafts)
        for plain in (False, True):
            group = [at for at, draft in enumerate(drafts) if (draft.messages is None) == plain]
            found = self.backend.encode_batch([drafts[at].text for at in group], add_special_tokens=plain) if group else []
            for at, encoding in zip(group, found, strict=True):
                encodings[at] = encoding
        return [self.try_finish(draft, encoding) for draft, encoding in zip(drafts, encodings, strict=True)]

    def try_finish(self, draft: Draft, encoding: Any) -> Encoded | RowRefused:
        try:
            return self.finish_one(draft, encoding)
        except RowRefused as refusal:
            return refusal

    def finish_alone(self, draft: Draft) -> Encoded:
        return self.finish_one(draft, self.backend.encode(draft.text, add_special_tokens=draft.messages is None))

    def finish_one(self, draft: Draft, encoding: Any) -> Encoded:
        ids, offsets = encoding.ids, encoding.offsets
        trained = [span for owner, span in draft.spans if draft.messages is None or draft.messages[owner].get("train") is not False]
        labels = label(draft.text, ids, offsets, trained)
        self.refuse_two_starts(ids)
        end = self.add_end(draft, ids, labels, offsets)
        return Encoded(ids, labels, offsets, draft.text, trained, (*draft.notes, *end))

    # ---------------------------------------------------------------- the template

    @cached_property
    def template(self) -> str:
        if not self.tokenizer.chat_template:
            raise Failure(
                "template_refused",
                say("no_template"),
                say("take_chat_model"),
            )
        return self.tokenizer.get_chat_template()

    @cached_property
    def marked(self) -> bool:
        return "{% generation" in self.template or "{%- generation" in self.template

    @cached_property
    def tokens(self) -> Tokens:
        added = [token for token in self.tokenizer.added_tokens_decoder.values() if token.content]
        special = [token.content for token in added if token.special]
        return Tokens(self.find_stops(special), special, [token.content for token in added])

    @cached_property
    def style(self) -> Style:
        return Style(self.find_thought_key(), *self.find_call_form(), self.find_content_form())

    def render(
        self, messages: Sequence[Mapping[str, Any]], tools: Tools | None = None, *, prompt: bool = False, marked: bool = False
    ) -> tuple[str, list[Span]]:
        from transformers.utils.chat_template_utils import render_jinja_template

        try:
            texts, marks = render_jinja_template(
                conversations=[list(messages)],
                tools=[dict(tool) for tool in tools] if tools else None,
                chat_template=self.template,
                return_assistant_tokens_mask=marked,
                add_generation_prompt=prompt,
                **self.tokenizer.special_tokens_map,
            )
        except Exception as error:  # Templates are programs of others; whatever they raise is their refusal.
            raise RowRefused("template_refused", say("template_refuses", words=str(error)[:200])) from error
        return texts[0], [(int(start), int(end)) for start, end in marks[0]] if marked else []

    def skeleton(self, messages: Sequence[Message], tools: Tools | None) -> Skeleton:
        """Kept by the shape of the conversation: how many turns, of whom, with which tools."""
        words: dict[str, Part] = {}

        def invent(part: Part) -> str:
            word = made_up_word(len(words))
            words[word] = part
            return word

        # Some templates write the date.
        today = date.today().isoformat() if "strftime_now" in self.template else None
        key = json.dumps([template_messages(messages, self.style, invent), tools, today], ensure_ascii=False)
        kept = self.skeletons.get(key)
        if kept is None:
            kept = self.skeletons[key] = self.try_skeleton(messages, tools, words)
            if len(self.skeletons) > SKELETONS_KEPT:
                self.skeletons.popitem(last=False)
        self.skeletons.move_to_end(key)
        if isinstance(kept, RowRefused):
            raise RowRefused(kept.reason, kept.message)
        return kept

    def try_skeleton(self, messages: Sequence[Message], tools: Tools | None, words: dict[str, Part]) -> Skeleton | RowRefused:
        def render(some: Sequence[Message], prompt: bool) -> str:
            names = iter(words)
            return self.render(template_messages(some, self.style, lambda part: next(names)), tools, prompt=prompt)[0]

        try:
            skeleton = build_skeleton(messages, words, render, self.tokens, marked=self.marked)
            return replace(skeleton, notes=self.tools_notes(messages, tools))
        except RowRefused as refusal:
            return refusal

    def find_stops(self, special: list[str]) -> list[str]:
        """The tokens that end a turn: those of the model's files, and whatever special token the template puts behind an answer."""
        ids = {self.tokenizer.eos_token_id, *self.stop_ids} - {None}
        stops = {self.tokenizer.convert_ids_to_tokens(number) for number in ids if number < len(self.tokenizer)}
        if not self.tokenizer.chat_template:
            return sorted(stop for stop in stops if stop)
        talk = [{"role": role, "content": PROBE[at]} for at, role in enumerate(("user", "assistant") * 2)]
        text = self.try_render(template_messages(talk, Style(content=self.find_content_form())))
        for answer in (PROBE[1], PROBE[3]):
            before, found, after = text.partition(answer)
            starts = [token for token in special if after.lstrip().startswith(token)] if found and before else []
            stops |= {max(starts, key=len)} if starts else set()
        return sorted(stop for stop in stops if stop)

    def find_thought_key(self) -> str | None:
        """The field in which this template reads thoughts; empty where it reads them inside the content, None where it knows none."""
        for key in THOUGHT_KEYS:
            if key in self.template and PROBE[2] in self.try_render([asked(), {"role": "assistant", "content": PROBE[1], key: PROBE[2]}]):
                return key
        inside = {"role": "assistant", "content": f"<think>\n{PROBE[2]}\n</think>\n\n{PROBE[1]}"}
        return "" if "</think>" in self.template and PROBE[2] in self.try_render([asked(), inside]) else None

    def find_call_form(self) -> tuple[Any, Any]:
        """Whether arguments are handed over as an object or as text, and an empty content as text or as nothing."""
        word = made_up_word(0)
        wrong = {"object": repr({"place": word}), "text": json.dumps(json.dumps({"place": word}))}
        if "tool_calls" in self.template:
            for arguments in ("object", "text"):
                for empty in ("", "none"):
                    call = {"name": "get_weather", "arguments": json.dumps({"place": word})}
                    talk = [asked(), {"role": "assistant", "content": "", "toolCalls": [call]}, {"role": "tool", "content": PROBE[2]}]
                    text = self.try_render(template_messages(talk, Style(None, arguments, empty)), [PROBE_TOOL])
                    if word in text and call["name"] in text and wrong[arguments] not in text:
                        return arguments, empty
        return "object", ""

    def find_content_form(self) -> Any:
        """Templates of models that also see pictures may want a list of parts in place of a text."""
        for content in ("text", "parts"):
            if PROBE[0] in self.try_render(template_messages([asked()], Style(content=content))):
                return content
        return "text"

    def try_render(self, messages: Sequence[Mapping[str, Any]], tools: Tools | None = None) -> str:
        try:
            return self.render(messages, tools)[0]
        except RowRefused:
            return ""

    # ---------------------------------------------------------------- guards

    def tools_notes(self, messages: Sequence[Message], tools: Tools | None) -> tuple[str, ...]:
        written = template_messages(messages, self.style)
        return ("tools_dropped",) if tools and self.render(written, tools) == self.render(written) else ()

    def missing_end(self, text: str, messages: Sequence[Message], spans: list[tuple[int, Span]]) -> tuple[str, ...]:
        """An answer before the last one that nothing ends: the model would learn to talk on."""
        last = {owner: end for owner, (_, end) in spans if owner + 1 < len(messages)}
        tokens = (*self.tokens.stops, *self.tokens.special)
        return () if all(text[:end].rstrip().endswith(tokens) for end in last.values()) else ("no_end_token",)

    def refuse_two_starts(self, ids: list[int]) -> None:
        start = self.tokenizer.bos_token_id
        if start is not None and ids[:2] == [start, start]:
            raise RowRefused("double_bos", say("two_starts", token=self.tokenizer.bos_token))

    def add_end(self, draft: Draft, ids: list[int], labels: list[int], offsets: list[Span]) -> tuple[str, ...]:
        """A last answer without a stop token would teach the model to talk on; its end token is added. Plain text always gets one."""
        end = self.tokenizer.eos_token_id
        if draft.messages is None:
            if end is None or ids[-1:] == [end]:
                return ()
        else:
            last = draft.messages[-1]
            if last["role"] != "assistant" or last.get("train") is False or draft.text.rstrip().endswith(tuple(self.tokens.stops)):
                return ()
            if end is None:
                return ("no_end_token",)
        ids.append(end)
        labels.append(end)
        offsets.append((len(draft.text), len(draft.text)))
        return () if draft.messages is None else ("end_token_added",)


def missing_thought(messages: Sequence[Message], parts: Sequence[Part], skeleton: Skeleton) -> tuple[str, ...]:
    """Templates drop the thoughts of earlier turns by design; behind the last question they should not."""
    asked_last = max((index for index, message in enumerate(messages) if message["role"] == "user"), default=-1)
    shown = {part.message for number, part in enumerate(parts) if part.kind == "thought" and number not in skeleton.dropped}
    thinking = {part.message for part in parts if part.kind == "thought"} | {
        index for index, message in enumerate(messages) if (message.get("reasoning") or "").strip() and message["role"] == "assistant"
    }
    return ("thought_dropped",) if any(index > asked_last for index in thinking - shown) else ()


def label(text: str, ids: list[int], offsets: Sequence[Span], spans: Sequence[Span]) -> list[int]:
    """A token is trained if it lies inside a span. One that straddles the edge is only where nothing but blanks are outside."""
    labels = [IGNORED] * len(ids)
    starts = [start for start, _ in offsets]
    for begin, end in spans:
        first, last = bisect_left(starts, begin), bisect_left(starts, end)
        while first > 0 and offsets[first - 1][1] > begin and text[starts[first - 1] : begin].isspace():
            first -= 1
        while first < last and offsets[first][1] == begin:  # a token of no width before the first word
            first += 1
        while last > first and offsets[last - 1][1] > end and not text[end : offsets[last - 1][1]].isspace():
            last -= 1
        labels[first:last] = ids[first:last]
    return labels


def count_trained(labels: list[int], cutoff: int) -> int:
    part = labels[1:cutoff]
    return len(part) - part.count(IGNORED)


def made_up_word(number: int) -> str:
    """Letters only, all of one length, so that none is part of another and no number is found inside."""
    letters = "".join(chr(ord("a") + number // 26**power % 26) for power in (3, 2, 1, 0))
    return f"Zqx{letters}jvK"


def asked() -> dict[str, str]:
    return {"role": "user", "content": PROBE[0]}


PROBE_TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Tells the weather.",
        "parameters": {"type": "object", "properties": {"place": {"type": "string", "description": "Where"}}, "required": ["place"]},
    },
}
_encoders: WeakKeyDictionary[Any, ChatEncoder] = WeakKeyDictionary()

"""One row as the training sees it: its text, its tokens, and which of them are learned (InspectedRow in lib/contract/inspect.ts)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from trainer.data.masks import RowRefused
from trainer.data.render import IGNORED, ChatEncoder, Encoded
from trainer.data.sentences import Sentence, restore, said_of, say
from trainer.data.template import template_messages

MAX_TOKENS_SHOWN = 32_768


@dataclass(frozen=True)
class Look:
    """What of a row is shown to the template, and whether it is asked for a next answer: to try out, training never differs."""

    tools: bool = True
    reasoning: bool = True
    prompt: bool = False


AS_TRAINED = Look()


def inspect_row(encoder: ChatEncoder, row: Mapping[str, Any], cutoff: int, look: Look = AS_TRAINED) -> dict[str, Any]:
    row = seen_by(look, row)
    refusal = left_out(row)
    try:
        encoded = encode_unmarked(encoder, row) if refusal else encoder.encode_row(row)
    except RowRefused as error:
        refusal, encoded = warning(error.reason, error.message), encode_unmarked(encoder, row)
    strangers = [sign for sign in encoder.lent if sign in encoded.text]
    if look.prompt:
        encoded = ask_on(encoder, row, encoded)
    cut = encoded.cut(cutoff)
    warnings = [warning(note, say(note)) for note in encoded.notes]
    if strangers:
        warnings.append(warning("unknown_signs", say("unknown_signs", tokens=", ".join(strangers[:4]))))
    if lost := encoded.trained_tokens - cut.trained_tokens:
        warnings.append(warning("content_cut", say("cut_off", tokens=len(encoded.input_ids) - cutoff, trained=lost)))
    shown = encoded.cut(MAX_TOKENS_SHOWN)
    return {
        "index": row["index"],
        "text": "".join(shown_pieces := pieces(encoder, shown)),
        "ids": shown.input_ids,
        "pieces": shown_pieces,
        "trained": [at > 0 and label != IGNORED for at, label in enumerate(shown.labels)],
        "special": special(encoder, shown.input_ids),
        "cutAt": cutoff if cut.truncated else None,
        "tokens": len(encoded.input_ids),
        "trainedTokens": cut.trained_tokens,
        "maskMethod": "all" if row["messages"] is None else "generation" if encoder.marked else "cursor",
        "refused": refusal,
        "warnings": warnings,
    }


def seen_by(look: Look, row: Mapping[str, Any]) -> Mapping[str, Any]:
    messages = row["messages"]
    if messages is not None and not look.reasoning:
        messages = [{key: value for key, value in message.items() if key != "reasoning"} for message in messages]
    return {**row, "messages": messages, "tools": row.get("tools") if look.tools else None}


def ask_on(encoder: ChatEncoder, row: Mapping[str, Any], encoded: Encoded) -> Encoded:
    """What the template writes to ask for the next answer, behind the row and never trained."""
    if row["messages"] is None or not encoded.text:
        return encoded
    try:
        asked, _ = encoder.render(template_messages(row["messages"], encoder.style), row.get("tools"), prompt=True)
    except RowRefused:
        return encoded
    more = asked[len(encoded.text) :] if asked.startswith(encoded.text) else ""
    at = len(encoded.text)
    encoding = encoder.encode_text(more)
    return replace(
        encoded,
        input_ids=[*encoded.input_ids, *encoding.ids],
        labels=[*encoded.labels, *[IGNORED] * len(encoding.ids)],
        offsets=[*encoded.offsets, *((at + start, at + end) for start, end in encoding.offsets)],
        text=encoded.text + more,
    )


def left_out(row: Mapping[str, Any]) -> dict[str, str] | None:
    """The check keeps no words of a row that it leaves out, only the reason."""
    problem = row.get("problem")
    return None if problem is None else warning(problem["reason"], restore(problem["message"], problem.get("said")))


def warning(code: str, message: Sentence) -> dict[str, Any]:
    return {"code": code, "message": message, "said": said_of(message)}


def encode_unmarked(encoder: ChatEncoder, row: Mapping[str, Any]) -> Encoded:
    """A row that can't be trained is still shown as far as the template writes it."""
    if row["messages"] is None:
        return Encoded([], [], [], "", [], ())
    try:
        text, _ = encoder.render(template_messages(row["messages"], encoder.style), row.get("tools"))
    except RowRefused:
        text = ""
    encoding = encoder.encode_text(text)
    return Encoded(encoding.ids, [IGNORED] * len(encoding.ids), encoding.offsets, text, [], ())


def pieces(encoder: ChatEncoder, encoded: Encoded) -> list[str]:
    """The text of each token. One that brings only later bytes of a character has none; an end that was added has its name."""
    specials = set(encoder.tokenizer.all_special_ids)
    found, at = [], 0
    for number, (_, end) in zip(encoded.input_ids, encoded.offsets, strict=True):
        if end > at:
            found.append(encoded.text[at:end])
            at = end
        else:
            found.append(encoder.tokenizer.convert_ids_to_tokens(number) if number in specials else "")
    return found


def special(encoder: ChatEncoder, ids: list[int]) -> list[bool]:
    known = {number for number, token in encoder.tokenizer.added_tokens_decoder.items() if token.special}
    return [number in known for number in ids]

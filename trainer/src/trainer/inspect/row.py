"""One row as the training sees it: its text, its tokens, and which of them are learned (InspectedRow in lib/contract/inspect.ts)."""

from collections.abc import Mapping
from typing import Any

from trainer.data.masks import RowRefused
from trainer.data.render import IGNORED, ChatEncoder, Draft, Encoded
from trainer.data.rows import NOTES
from trainer.data.template import template_messages

MAX_TOKENS_SHOWN = 200_000


def inspect_row(encoder: ChatEncoder, row: Mapping[str, Any], cutoff: int) -> dict[str, Any]:
    refusal = None
    try:
        encoded = encoder.encode_row(row)
    except RowRefused as error:
        refusal, encoded = error, encode_unmarked(encoder, row)
    cut = encoded.cut(cutoff)
    warnings = [{"code": note, "message": NOTES.get(note, note)} for note in encoded.notes]
    if lost := encoded.trained_tokens - cut.trained_tokens:
        message = f"The last {len(encoded.input_ids) - cutoff} tokens are cut off, {lost} of them trained."
        warnings.append({"code": "content_cut", "message": message})
    shown = encoded.cut(MAX_TOKENS_SHOWN)
    return {
        "index": row["index"],
        "text": encoded.text[: shown.offsets[-1][1]] if shown.truncated else whole_text(encoder, encoded),
        "ids": shown.input_ids,
        "pieces": pieces(encoder, shown),
        "trained": [at > 0 and label != IGNORED for at, label in enumerate(shown.labels)],
        "special": special(encoder, shown.input_ids),
        "cutAt": cutoff if cut.truncated else None,
        "tokens": len(encoded.input_ids),
        "trainedTokens": cut.trained_tokens,
        "maskMethod": "all" if row["messages"] is None else "generation" if encoder.marked else "cursor",
        "refused": None if refusal is None else {"code": refusal.reason, "message": str(refusal)},
        "warnings": warnings,
    }


def encode_unmarked(encoder: ChatEncoder, row: Mapping[str, Any]) -> Encoded:
    """A row that can't be trained is still shown as far as the template writes it."""
    try:
        text, _ = encoder.render(template_messages(row["messages"], encoder.style), row.get("tools"))
    except RowRefused:
        text = ""
    encoding = encoder.encode_text(text)
    return Encoded(encoding.ids, [IGNORED] * len(encoding.ids), encoding.offsets, text, [], ())


def pieces(encoder: ChatEncoder, encoded: Encoded) -> list[str]:
    """Joined they are the text: a token that brings only later bytes of a character has an empty piece."""
    found, at = [], 0
    for number, (_, end) in zip(encoded.input_ids, encoded.offsets, strict=True):
        if end > at:
            found.append(encoded.text[at:end])
            at = end
        else:
            found.append(added_end(encoder, encoded, number, at))
    return found


def added_end(encoder: ChatEncoder, encoded: Encoded, number: int, at: int) -> str:
    """Tokens that stand in no text: an end that was added, a start that the tokenizer writes."""
    token = encoder.tokenizer.convert_ids_to_tokens(number)
    return token if number in encoder.tokenizer.all_special_ids and not encoded.text[:at].endswith(token) else ""


def whole_text(encoder: ChatEncoder, encoded: Encoded) -> str:
    return "".join(pieces(encoder, encoded))


def special(encoder: ChatEncoder, ids: list[int]) -> list[bool]:
    known = {number for number, token in encoder.tokenizer.added_tokens_decoder.items() if token.special}
    return [number in known for number in ids]


__all__ = ["Draft", "inspect_row"]

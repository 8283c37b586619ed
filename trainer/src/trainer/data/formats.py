"""The ways in which people write training data, and one way in which we keep it (DatasetRow in lib/contract/dataset.ts).

Every converter checks as it converts, and says field, value and reason of the first thing that is wrong in a row.
"""

from collections.abc import Callable
from typing import Any

from trainer.data import xtuner
from trainer.data.fields import UNMENDED, Mapping, Reader
from trainer.data.pairs import convert_kto, convert_preference, convert_ranked
from trainer.data.problems import refuse
from trainer.data.prompts import as_turns, read_prompt
from trainer.data.sentences import Sentence, say
from trainer.data.turns import check_order, read_tools, read_turns

Canonical = dict[str, Any]
EMPTY: Canonical = {"messages": None, "text": None, "tools": None, "rejected": None, "ranked": None, "label": None}


def convert(value: Any, mapping: Mapping) -> Canonical:
    """One raw row as a canonical one; raises RowError where it can't be used. For many rows make one `Converter`."""
    return Converter(mapping)(value)


class Converter:
    """A mapping made ready. `fixes` are the reasons that are mended on the way; `mended` tells what was, in the last row."""

    def __init__(self, mapping: Mapping, fixes: frozenset[str] = UNMENDED):
        self.reader = Reader(mapping, fixes)
        self.convert = FORMATS[mapping["format"]]

    def __call__(self, value: Any) -> Canonical:
        self.reader.mended = []
        return EMPTY | self.convert(self.reader, value)

    @property
    def mended(self) -> list[tuple[str, str, str, Sentence]]:
        return self.reader.mended


def convert_alpaca(reader: Reader, value: Any) -> Canonical:
    fields = reader.row(value)
    messages, names = read_prompt(reader, fields)
    response = reader.text_of(fields, "response")
    messages.append({"role": "assistant", "content": response})
    names.append(reader.columns["response"] or "response")
    return {"messages": check_order(reader, messages, names.__getitem__), "tools": read_tools(reader, fields)}


def convert_prompt_completion(reader: Reader, value: Any) -> Canonical:
    """TRL's form: two texts, or two lists of messages."""
    fields = reader.row(value)
    (before, prompt_name), (after, answer_name) = (reader.need(fields, role) for role in ("prompt", "response"))
    system = reader.system(fields)
    messages = [*as_turns(reader, before, prompt_name, "user"), *as_turns(reader, after, answer_name, "assistant")]
    if messages[0]["role"] != "system":
        messages = system + messages
    return {"messages": check_order(reader, messages, lambda _: f"{prompt_name}, {answer_name}"), "tools": read_tools(reader, fields)}


def convert_chat(reader: Reader, value: Any) -> Canonical:
    fields = reader.row(value)
    turns, column = reader.need(fields, "messages")
    messages = read_turns(reader, turns, column)
    offset = 0
    if messages and messages[0]["role"] != "system":
        system = reader.system(fields)
        offset = len(system)
        messages = system + messages
    messages = check_order(reader, messages, lambda index: f"{column}[{max(0, index - offset)}].{reader.content_key}")
    return {"messages": messages, "tools": read_tools(reader, fields)}


def convert_text(reader: Reader, value: Any) -> Canonical:
    text = value if isinstance(value, str) else reader.text_of(reader.row(value), "text")
    if not text.strip():
        refuse("empty_text", reader.columns["text"] or "", text, say("empty_text"))
    return {"text": text}


def convert_xtuner(reader: Reader, value: Any) -> Canonical:
    return xtuner.MAPS[reader.mapping["xtunerMap"] or "conversation"](reader, value)


FORMATS: dict[str, Callable[[Reader, Any], Canonical]] = {
    "alpaca": convert_alpaca,
    "sharegpt": convert_chat,
    "messages": convert_chat,
    "prompt_completion": convert_prompt_completion,
    "preference": convert_preference,
    "kto": convert_kto,
    "ranked": convert_ranked,
    "text": convert_text,
    "xtuner": convert_xtuner,
}

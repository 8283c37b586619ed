"""Recognition: which mapping fits the rows. Candidates come from the columns; each is tried on the rows, and the share it converts is
how sure we are (DatasetGuess in lib/contract/dataset.ts)."""

from collections.abc import Iterator, Sequence
from typing import Any

from trainer.data.fields import COLUMNS, Mapping
from trainer.data.formats import Converter
from trainer.data.mapping_words import describe_mapping
from trainer.data.problems import RowError
from trainer.data.sample import LABEL_COLUMNS, Sample
from trainer.data.sentences import Sentence, said_of, say
from trainer.data.xtuner import SIGNATURES

SAMPLE_ROWS = 200
MOST_GUESSES = 8
USABLE_CONFIDENCE = 0.5
PROMPT_COLUMNS = ("prompt", "instruction", "question", "query", "input")
ANSWER_COLUMNS = ("completion", "response", "output", "answer")
RANKED_COLUMNS = ("responses", "answers", "completions", "output")
TEXT_COLUMNS = ("text", "content", "story", "document", "body")
PAIRS = (
    ("prompt", "completion", "prompt_completion"), ("instruction", "output", "alpaca"), ("instruction", "response", "alpaca"),
    ("question", "answer", "alpaca"), ("question", "response", "alpaca"), ("query", "response", "alpaca"), ("query", "answer", "alpaca"),
    ("prompt", "response", "alpaca"), ("prompt", "output", "alpaca"), ("prompt", "answer", "alpaca"), ("input", "output", "alpaca"),
    ("instruction_zh", "output_zh", "alpaca"), ("问题", "回答", "alpaca"),
)  # fmt: skip
Guess = dict[str, Any]


def guess(rows: Sequence[Any]) -> list[Guess]:
    """Best first; empty where nothing converts a single row."""
    rows = rows[:SAMPLE_ROWS]
    found = []
    for place, mapping in enumerate(candidates(rows)):
        share = share_converted(mapping, rows)
        if share > 0:
            found.append((share < USABLE_CONFIDENCE, place, as_guess(mapping, share, explain(mapping, rows, share))))
    found.sort(key=lambda item: item[:2])
    return [item[2] for item in found[:MOST_GUESSES]]


def as_guess(mapping: Mapping, share: float, reason: Sentence) -> Guess:
    return {"mapping": mapping, "confidence": share, "reason": reason, "said": said_of(reason)}


def share_converted(mapping: Mapping, rows: Sequence[Any]) -> float:
    converter = Converter(mapping)
    return round(sum(converts(converter, row) for row in rows) / max(1, len(rows)), 4)


def converts(converter: Converter, row: Any) -> bool:
    try:
        converter(row)
    except (RowError, RecursionError):
        return False
    return True


# ---------------------------------------------------------------- candidates, the surest first


def candidates(rows: Sequence[Any]) -> Iterator[Mapping]:
    sample = Sample(rows)
    if "conversation" in sample.names and sample.has_keys("conversation", ("input", "output")):
        yield make("xtuner", xtuner="conversation")
    chats = [chat for chat in (sample.chat(name) for name in sample.chat_columns()) if chat is not None]
    yield from preferences(sample, chats)
    yield from labelled(sample, chats)
    yield from ranked(sample, chats)
    for name, tags in chats:
        if name not in ("chosen", "rejected", "prompt", "completion"):
            yield make(style(tags), tags=tags, messages=name, **sample.extras())
    for signature in ("sql", "arxiv", "colors"):
        if SIGNATURES[signature] <= set(sample.names):
            yield make("xtuner", xtuner=signature)
    yield from pairs(sample)
    yield from texts(sample)
    for name, needed in SIGNATURES.items():
        if needed <= set(sample.names) and name not in ("conversation", "sql", "arxiv", "colors"):
            yield make("xtuner", xtuner=name)


def preferences(sample: Sample, chats: list[Any]) -> Iterator[Mapping]:
    if not {"chosen", "rejected"} <= set(sample.names):
        return
    tags = next((tags for _, tags in chats), None) or sample.tags_of("chosen")
    sides = {"chosen": "chosen", "rejected": "rejected", **sample.extras()}
    turns = next((name for name, _ in chats if name not in ("chosen", "rejected", "prompt")), None)
    if turns is not None:
        yield make("preference", tags=tags, messages=turns, **sides)
    prompt = next((name for name in PROMPT_COLUMNS if name in sample.names), None)
    if prompt is not None:
        yield make("preference", tags=tags, prompt=prompt, **sample.query(prompt), **sides)
    yield make("preference", tags=tags, **sides)


def labelled(sample: Sample, chats: list[Any]) -> Iterator[Mapping]:
    """A column of labels alone is no KTO: sets for classification have one too. Its values must be true and false."""
    label = next((name for name in (*LABEL_COLUMNS, *sample.names) if sample.is_yes_no(name)), None)
    if label is None:
        return
    answer = next((name for name in ANSWER_COLUMNS if name in sample.names), None)
    prompt = next((name for name in PROMPT_COLUMNS if name in sample.names), None)
    if prompt is not None and answer is not None and prompt != answer:
        tags = next((tags for _, tags in chats), None)
        yield make("kto", tags=tags, prompt=prompt, response=answer, label=label, **sample.query(prompt), **sample.extras())
    for name, tags in chats:
        if name not in ("prompt", "completion"):
            yield make("kto", tags=tags, messages=name, label=label, **sample.extras())


def ranked(sample: Sample, chats: list[Any]) -> Iterator[Mapping]:
    tags = next((tags for _, tags in chats), None)
    prompt = next((name for name in PROMPT_COLUMNS if name in sample.names), None)
    for name in RANKED_COLUMNS:
        if prompt is not None and name != prompt and sample.is_list_of_answers(name):
            yield make("ranked", tags=tags, prompt=prompt, responses=name, **sample.query(prompt), **sample.extras())


def pairs(sample: Sample) -> Iterator[Mapping]:
    lower = {name.lower(): name for name in reversed(sample.names)}
    for prompt, answer, form in PAIRS:
        if prompt in lower and answer in lower:
            tags = sample.tags_of(lower[prompt]) or sample.tags_of(lower[answer])
            query = sample.query(prompt) if form == "alpaca" else {}
            yield make(form, tags=tags, prompt=lower[prompt], response=lower[answer], **query, **sample.extras(history=form == "alpaca"))


def texts(sample: Sample) -> Iterator[Mapping]:
    if sample.strings and not sample.names:
        yield make("text", text="text")
    for name in TEXT_COLUMNS:
        if sample.is_text(name):
            if any("### Human:" in value and "### Assistant:" in value for value in sample.texts(name)):
                yield make("xtuner", xtuner="oasst1")
            yield make("text", text=name)
    if len(sample.names) == 1 and sample.names[0] not in TEXT_COLUMNS and sample.is_text(sample.names[0]):
        yield make("text", text=sample.names[0])


def make(form: str, *, tags: Any = None, xtuner: str | None = None, **columns: str) -> Mapping:
    return {
        "format": form, "columns": dict.fromkeys(COLUMNS) | columns, "tags": tags, "xtunerMap": xtuner, "systemText": None,
    }  # fmt: skip


def style(tags: Any) -> str:
    return "messages" if (tags["roleKey"], tags["contentKey"]) == ("role", "content") else "sharegpt"


# ---------------------------------------------------------------- words


def explain(mapping: Mapping, rows: Sequence[Any], share: float) -> Sentence:
    count = round(share * len(rows))
    fits = say("all_fit", rows=len(rows)) if count == len(rows) else say("some_fit", fitting=count, rows=len(rows))
    return (say("only_fits") if len(rows) == 1 else fits) + describe_mapping(mapping)

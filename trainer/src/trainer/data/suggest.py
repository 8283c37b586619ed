"""Where a person begins who must say how rows of no known form are read: the most plausible form, by names and values, and why.

Nothing here is taken without asking: what is sure is found by `guess`.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from trainer.data.fields import Mapping, from_json
from trainer.data.formats import Converter
from trainer.data.guess import SAMPLE_ROWS, Guess, as_guess, candidates, make, share_converted
from trainer.data.mapping_words import describe_mapping
from trainer.data.problems import RowError
from trainer.data.sample import NAMES, Sample
from trainer.data.sentences import Sentence, say

QUESTION_WORDS = ("ask", "question", "prompt", "instruct", "query", "input", "user", "human", "request", "problem", "source", "问", "题", "指令", "输入")
ANSWER_WORDS = ("answer", "reply", "respon", "output", "complet", "assistant", "bot", "solution", "result", "target", "label", "答", "回复", "输出")
MOST_SPEAKERS = 8
LONGEST_SPEAKER = 40
FEW_VALUES = 0.1
Found = tuple[Mapping, Sentence]


def suggest(rows: Sequence[Any]) -> Guess:
    rows = rows[:SAMPLE_ROWS]
    sample = Sample(rows)
    mapping, reason = suggest_near(rows) or suggest_turns(sample) or suggest_texts(sample) or (make("prompt_completion"), say("likely_nothing"))
    return as_guess(mapping, share_converted(mapping, rows), reason)


def suggest_near(rows: Sequence[Any]) -> Found | None:
    """The columns are those of a known form, and no row can be read: the fault of the first says most."""
    for mapping in candidates(rows):
        error = None if mapping["format"] in ("sharegpt", "text") else first_error(mapping, rows)
        if error is not None:
            return mapping, describe_mapping(mapping) + say("likely_near") + error.message
    return None


def first_error(mapping: Mapping, rows: Sequence[Any]) -> RowError | None:
    converter = Converter(mapping)
    for row in rows:
        try:
            converter(row)
        except RowError as error:
            return error
    return None


# ---------------------------------------------------------------- a list of objects


def suggest_turns(sample: Sample) -> Found | None:
    for name in sample.names:
        talks = [talk for value in sample.values(name) if (talk := as_talk(value))]
        keys = find_keys([turn for talk in talks for turn in talk])
        if keys is None:
            continue
        role, content = keys
        speakers = list(dict.fromkeys(turn[role] for talk in talks for turn in talk if isinstance(turn.get(role), str)))
        tags, guessed = assign(speakers)
        mapping = make("sharegpt", tags={"roleKey": role, "contentKey": content, **tags}, messages=name, **sample.extras())
        reason = say("likely_turns", turns=name, role=role, content=content)
        return mapping, reason + say("likely_tags", tags=", ".join(f"“{tag}”" for tag in guessed)) if guessed else reason
    return None


def as_talk(value: Any) -> list[dict[str, Any]]:
    value = from_json(value)
    return value if isinstance(value, list) and value and all(isinstance(turn, dict) for turn in value) else []


def find_keys(turns: list[dict[str, Any]]) -> tuple[str, str] | None:
    """Who speaks has few short values that come again; what is said is the longest text beside it."""
    texts: dict[str, list[str]] = {}
    for turn in turns:
        for key, value in turn.items():
            if isinstance(value, str):
                texts.setdefault(key, []).append(value)
    speakers = [key for key, values in texts.items() if sounds_like_speakers(values)]
    if not speakers:
        return None
    role = min(speakers, key=lambda key: len(set(texts[key])))
    rest = {key: sum(map(len, values)) for key, values in texts.items() if key != role}
    return (role, max(rest, key=lambda key: rest[key])) if rest else None


def sounds_like_speakers(values: list[str]) -> bool:
    different = set(values)
    return 1 < len(different) <= min(MOST_SPEAKERS, len(values)) and max(map(len, different)) <= LONGEST_SPEAKER


def assign(speakers: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Known names keep their part. Of the others the first to speak asks and the next answers, which a person should look at."""
    tags: dict[str, list[str]] = {part: [] for part in NAMES}
    strangers = []
    for speaker in speakers:
        part = next((part for part, names in NAMES.items() if speaker.lower() in names), None)
        (strangers if part is None else tags[part]).append(speaker)
    for part, speaker in zip([part for part in ("user", "assistant") if not tags[part]], strangers, strict=False):
        tags[part].append(speaker)
    return tags, strangers


# ---------------------------------------------------------------- columns of text


def suggest_texts(sample: Sample) -> Found | None:
    names = [name for name in sample.names if is_telling(sample, name)]
    question = next((name for name in names if holds(name, QUESTION_WORDS)), None)
    answer = next((name for name in names if name != question and holds(name, ANSWER_WORDS)), None)
    if question is not None and answer is not None:
        return make("prompt_completion", prompt=question, response=answer, **sample.extras()), say("likely_pair_names", prompt=question, response=answer)
    if len(names) == 1:
        return make("text", text=names[0]), say("likely_text", text=names[0])
    if not names:
        return None
    lengths = Counter({name: sum(map(len, sample.texts(name))) for name in names})
    (answer, _), (question, _) = lengths.most_common(2)
    return make("prompt_completion", prompt=question, response=answer, **sample.extras()), say("likely_pair_longer", prompt=question, response=answer)


def is_telling(sample: Sample, name: str) -> bool:
    """Text, and not the same few words in every row, such as a source or a category."""
    values, texts = sample.values(name), sample.texts(name)
    many = len(texts) < 5 or len(set(texts)) > FEW_VALUES * len(texts)
    return bool(texts) and len(texts) * 2 > len(values) and many and not any(as_talk(text) for text in texts[:3])


def holds(name: str, words: tuple[str, ...]) -> bool:
    return any(word in name.lower() for word in words)

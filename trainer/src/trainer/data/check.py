"""Every row of a data set, read once: canonical rows, their index, what is wrong with which, and the report (docs/event-log.md)."""

import gc
import hashlib
import json
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from trainer.data.fields import Mapping
from trainer.data.mapping_words import describe_mapping
from trainer.data.problems import RawRow
from trainer.data.readers import Source, read_rows
from trainer.data.row_maker import Made, RowMaker, describe
from trainer.data.seen import Seen
from trainer.data.sentences import Sentence, said_of, say
from trainer.data.similar import TEXT_BYTES, Similar
from trainer.data.tally import Tally

BATCH_ROWS = 1024
BATCH_BYTES = 8 << 20
SEEN_LIMIT = 30_000_000
COMPARED = frozenset({"alpaca", "sharegpt", "messages", "prompt_completion", "xtuner"})
"""Formats in which one question should have one answer; comparisons and labels repeat their questions by design."""
UNLOOKED = {
    "duplicates": f"Duplicates were looked for among the first {SEEN_LIMIT:,} rows only; more would not fit into memory.",
    "near_duplicates": "Rows that are nearly the same were looked for among the first rows only; more would not fit into memory.",
}


def check(
    sources: list[Source],
    mapping: Mapping,
    actions: dict[str, str],
    folder: Path,
    watch: Callable[[int], None] = lambda _: None,
    reason: Sentence | None = None,
) -> tuple[dict[str, Any], list[str]]:
    """Writes rows.jsonl, rows.idx, problems.jsonl and report.json into `folder`; returns the report and the notes for people.

    Raises NotReadable where a file can't be read at all or no row can be used. `watch` is told the bytes read, and may raise.
    """
    # Rows come and go without circles; looking for those takes a tenth of the time.
    gc.set_threshold(100_000, 20, 100)
    maker = RowMaker(mapping, actions)
    tally = Tally(maker.actions)
    repeats = Repeats(maker.actions, compared=mapping["format"] in COMPARED)
    with Output(folder) as output:
        for batch in batches(make_rows(read_rows(sources, watch), maker, tally)):
            repeats.find(batch)
            for made in batch:
                tally.count(made)
            output.write(batch)
            watch(0)
    if tally.usable == 0:
        raise tally.all_bad()
    words = reason or describe_mapping(mapping)
    report = {
        "format": mapping["format"],
        "formatReason": words,
        "formatSaid": said_of(words),
        "fileType": sources[0].kind,
        "bytes": sum(source.path.stat().st_size for source in sources),
        "sha256": output.hash.hexdigest(),
        **tally.report(),
    }
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8", errors="replace")
    return report, repeats.notes()


def make_rows(rows: Iterable[RawRow], maker: RowMaker, tally: Tally) -> Iterator[Made]:
    for raw in rows:
        tally.see(raw)
        yield maker.make(raw)


def batches(rows: Iterable[Made]) -> Iterator[list[Made]]:
    batch: list[Made] = []
    size = 0
    for made in rows:
        batch.append(made)
        size += len(made.payload)
        if len(batch) >= BATCH_ROWS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class Output:
    """The three files that grow row by row."""

    def __init__(self, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self.rows = open(folder / "rows.jsonl", "wb")  # noqa: SIM115 - closed by `__exit__`
        self.index = open(folder / "rows.idx", "wb")  # noqa: SIM115
        self.problems = open(folder / "problems.jsonl", "wb")  # noqa: SIM115
        self.hash = hashlib.sha256()
        self.position = 0

    def __enter__(self) -> "Output":
        return self

    def __exit__(self, *_: object) -> None:
        for file in (self.rows, self.index, self.problems):
            file.close()

    def write(self, batch: list[Made]) -> None:
        lines = [made.as_line() for made in batch]
        offsets = array("Q")
        for line in lines:
            offsets.append(self.position)
            self.position += len(line)
        if sys.byteorder == "big":
            offsets.byteswap()
        data = b"".join(lines)
        self.rows.write(data)
        self.hash.update(data)
        self.index.write(offsets.tobytes())
        problems = [json.dumps(problem, ensure_ascii=False) + "\n" for made in batch for problem in made.problems]
        if problems:
            self.problems.write("".join(problems).encode("utf-8", "replace"))


class Repeats:
    """What only all rows together tell: duplicates, near duplicates, and two answers to one question."""

    def __init__(self, actions: dict[str, str], compared: bool):
        self.actions = actions
        self.rows = Seen(SEEN_LIMIT)
        self.questions = Seen(SEEN_LIMIT) if compared else None
        self.similar = Similar()

    def find(self, batch: list[Made]) -> None:
        batch = [made for made in batch if made.problem is None]
        if not batch:
            return
        numbers = np.array([made.raw.index for made in batch], np.uint32)
        twice, first = self.rows.find_or_add(digests(made.payload for made in batch), numbers)
        for at in np.flatnonzero(twice):
            self.tell(batch[at], "duplicate", say("same_row", row=int(first[at])))
        alone = np.flatnonzero(~twice)
        self.find_similar([batch[at] for at in alone], numbers[alone])
        if self.questions is not None:
            self.find_answers([batch[at] for at in alone], numbers[alone])

    def find_similar(self, batch: list[Made], numbers: np.ndarray) -> None:
        for at, row in self.similar.find_or_add([text_of(made) for made in batch], numbers).items():
            self.tell(batch[at], "near_duplicate", say("near_row", row=int(row)))

    def find_answers(self, batch: list[Made], numbers: np.ndarray) -> None:
        asked = [at for at, made in enumerate(batch) if made.row["messages"] is not None]
        if not asked or self.questions is None:
            return
        again, first = self.questions.find_or_add(digests(question_of(batch[at]) for at in asked), numbers[asked])
        for place in np.flatnonzero(again):
            self.tell(batch[asked[place]], "contradiction", say("other_answer", row=int(first[place])))

    def tell(self, made: Made, reason: str, message: Sentence) -> None:
        if made.problem is not None:
            return
        problem = describe(made.raw, reason, "", clip(made), message, "warn")
        if self.actions[reason] == "drop":
            made.leave_out(problem)
        else:
            made.warnings.append(problem)

    def notes(self) -> list[str]:
        full = {"duplicates": self.rows.full, "near_duplicates": self.similar.full}
        return [UNLOOKED[name] for name, is_full in full.items() if is_full]


def digests(parts: Iterable[bytes]) -> np.ndarray:
    return np.frombuffer(b"".join(blake2b(part, digest_size=8).digest() for part in parts), "<u8")


def text_of(made: Made) -> bytes:
    """Without the system message, which many rows share, and without capitals."""
    messages = made.row["messages"]
    text = made.row["text"] if messages is None else "\n".join(each["content"] for each in messages if each["role"] != "system")
    return text[:TEXT_BYTES].lower().encode("utf-8")


def question_of(made: Made) -> bytes:
    """All that stands before the last answer."""
    messages = made.row["messages"]
    last = max(at for at, message in enumerate(messages) if message["role"] == "assistant")
    return "\0".join(f"{message['role']}:{message['content']}" for message in messages[:last]).encode("utf-8")


def clip(made: Made) -> str:
    messages = made.row["messages"]
    return made.row["text"] if messages is None else next(each["content"] for each in messages if each["role"] != "system")

"""Chat templates of the world against one question: is what is trained what the assistant says? Right, or refused; never silently wrong.

All templates that trl brings, and those of the folder that TUNEBOARD_TEMPLATES names. The judge knows nothing of how turns are found: it
looks at the trained characters and at made-up words in the messages. `pytest -s` prints the table.
"""

import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest

from trainer.data.masks import RowRefused
from trainer.data.render import IGNORED, ChatEncoder

CONTROL = re.compile(
    r"<[|｜][^|｜<>\s]{1,40}[|｜]>|<\|[a-z_\"]{1,30}>|<[a-z_\"]{1,30}\|>|</?(?:start|end)_of_(?:turn|image)>|</?(?:think|tool_call|tool_response|s)>|\[/?(?:INST|TOOL_CALLS|AVAILABLE_TOOLS|TOOL_RESULTS)\]"
)
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "find_weather",
            "description": "Looks at the sky.",
            "parameters": {"type": "object", "properties": {"place": {"type": "string", "description": "Where"}, "days": {"type": "integer"}}, "required": ["place"]},
        },
    }
]


def user(text: str) -> dict:
    return {"role": "user", "content": text}


def said(text: str, **more) -> dict:
    return {"role": "assistant", "content": text, **more}


def call(place: str, days: int | None = None) -> dict:
    return {"id": None, "name": "find_weather", "arguments": json.dumps({"place": place} | ({} if days is None else {"days": days}))}


SYSTEM = {"role": "system", "content": "Keep to Qsys manners."}
TOOL = {"role": "tool", "content": "Qtool says rain", "name": "find_weather"}
# Words that begin with Q are never trained; with A always; with T (thoughts) wherever they are shown; with C in a call, always.
CASES: dict[str, tuple[list[dict], list[dict] | None]] = {
    "plain": ([user("Hello Qone"), said("Hi Aone"), user("Then Qtwo?"), said("Well Atwo")], None),
    "system": ([SYSTEM, user("Hello Qone"), said("Hi Aone"), user("Then Qtwo?"), said("Well Atwo")], None),
    "tool": ([user("Weather in Qone?"), said("", toolCalls=[call("Cone")]), TOOL, said("It is Aone"), user("And Qtwo?"), said("Also Atwo")], TOOLS),
    "tool last": ([SYSTEM, user("Weather in Qone?"), said("", toolCalls=[call("Cone", 37)])], TOOLS),
    "two calls": (
        [user("Weather Qone?"), said("I look Aone", toolCalls=[call("Cone", 41), call("Ctwo")]), TOOL, {**TOOL, "content": "Qmore sun"}, said("So Atwo")],
        TOOLS,
    ),
    "thinking": ([user("Hello Qone"), said("Hi Aone", reasoning="Hm Tone"), user("Then Qtwo?"), said("Well Atwo", reasoning="Oh Ttwo")], None),
    "think tags": ([user("Hello Qone"), said("<think>\nHm Tone\n</think>\n\nHi Aone"), user("Qtwo?"), said("<think>\nOh Ttwo\n</think>\n\nWell Atwo")], None),
    "think+tool": (
        [user("Weather Qone?"), said("", reasoning="Hm Tone", toolCalls=[call("Cone")]), TOOL, said("It is Aone", reasoning="Oh Ttwo")],
        TOOLS,
    ),
    "equal": ([user("Qecho"), said("Aecho"), user("Qecho"), said("Aecho")], None),
    "untrained": ([user("Hello Qone"), said("Hi Qsaid", train=False), user("Then Qtwo?"), said("Well Atwo")], None),
}  # fmt: skip


# What these families name in generation_config.json beside the tokenizer's own end.
STOPS = {"gptoss": ["<|return|>", "<|call|>"], "glm4moe": ["<|user|>", "<|observation|>"]}


def find_templates() -> dict[str, Path]:
    trl = pytest.importorskip("trl")
    folders = [Path(trl.__file__).parent / "chat_templates"]
    folders += [Path(os.environ["TUNEBOARD_TEMPLATES"])] if os.environ.get("TUNEBOARD_TEMPLATES") else []
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.jinja"))}


def make_encoder(make_tokenizer, path: Path, with_stops: bool = True) -> ChatEncoder:
    template = path.read_text()
    tokenizer = make_tokenizer(None)
    tokenizer.add_special_tokens({"extra_special_tokens": sorted(set(CONTROL.findall(template)))})
    tokenizer.chat_template = template
    stops = [tokenizer.convert_tokens_to_ids(word) for family, words in STOPS.items() if path.stem.startswith(family) for word in words]
    return ChatEncoder(tokenizer, stops if with_stops else [])


def judge(encoder: ChatEncoder, messages: list[dict], tools: list[dict] | None) -> str:
    """ok, noted or refused, with the reason; raises AssertionError where something wrong would be trained in silence."""
    equal = messages[0]["content"] == "Qecho"
    if equal:
        messages = [{**message, "content": "echo"} for message in messages]
    try:
        encoded = encoder.encode(messages, 100_000, tools)
    except RowRefused as refusal:
        return f"refused {refusal.reason}"
    text = encoded.text
    trained = {at for label, (start, end) in zip(encoded.labels, encoded.offsets, strict=True) if label != IGNORED for at in range(start, end)}
    if equal:
        places = [range(*match.span()) for match in re.finditer("echo", text)]
        assert len(places) == 4, f"{len(places)} of 4 messages are in the text"
        assert [all(at in trained for at in place) for place in places] == [False, True, False, True], "the wrong turn is trained"
        assert not any(at in trained for place in (places[0], places[2]) for at in place), "part of a question is trained"
    else:
        check_words(text, trained, messages, encoded.notes)
    check_edges(encoder, encoded, text, trained, equal)
    notes = set(encoded.notes)
    if tools and "find_weather" not in outside(text, trained):
        assert "tools_dropped" in notes, "tools are dropped in silence"
    return f"noted {', '.join(sorted(notes))}" if notes else "ok"


def outside(text: str, trained: set[int]) -> str:
    return "".join(letter for at, letter in enumerate(text) if at not in trained)


def check_words(text: str, trained: set[int], messages: list[dict], notes: tuple[str, ...]) -> None:
    wanted = set(re.findall(r"\b[QATC](?:one|two|sys|tool|more|said)\b", json.dumps(messages)))
    last_thoughts = {word for word in ("Ttwo",) if word in wanted}
    for word in wanted:
        places = [range(*match.span()) for match in re.finditer(word, text)]
        if word[0] == "T" and not places:
            assert word not in last_thoughts or "thought_dropped" in notes, f"{word} is dropped in silence"
            continue
        assert places, f"{word} is not in the text and nobody says so"
        for place in places:
            share = [at in trained for at in place]
            assert any(share) == all(share), f"{word} is trained in part"
            assert all(share) == (word[0] != "Q"), f"{word} is {'trained' if all(share) else 'not trained'}"
            assert word[0] != "C" or place.stop in trained, f"the call ends behind {word}"
    for number in ("37", "41"):
        if number in json.dumps(messages):
            assert any(all(at in trained for at in range(*match.span())) for match in re.finditer(number, text)), f"{number} is not trained"
    if any(message.get("toolCalls") for message in messages):
        named = [all(at in trained for at in range(*match.span())) for match in re.finditer("find_weather", text)]
        assert any(named), "the name of the tool is not trained"


def check_edges(encoder: ChatEncoder, encoded, text: str, trained: set[int], equal: bool) -> None:
    """No header of anybody is learned, and each run ends with a token that ends a turn."""
    runs, run = [], []
    for label, offset in zip(encoded.labels, encoded.offsets, strict=True):
        if label != IGNORED:
            run.append(offset)
        elif run:
            runs, run = [*runs, run], []
    runs += [run] if run else []
    special = [token.content for token in encoder.tokenizer.added_tokens_decoder.values() if token.special]
    for run in runs:
        words = text[run[0][0] : run[-1][1]]
        body = re.sub(r"\b[QATC](?:one|two|sys|tool|more|said)\b|\bto=\w+", "", words)
        stop = max((token for token in special if body.rstrip().endswith(token)), key=len, default="")
        body = body.rstrip().removesuffix(stop)
        assert not re.search(r"\b(user|system|human)\b", body, re.IGNORECASE), f"a header is trained: {words!r}"
        assert not re.match(r"\W*(assistant|model|chatbot)\b", body, re.IGNORECASE), f"the assistant's header is trained: {words!r}"
        is_last = run[-1][1] >= len(text.rstrip())
        assert stop or "no_end_token" in encoded.notes or (is_last and "end_token_added" in encoded.notes), f"nothing ends {words!r}"


@pytest.fixture(scope="module")
def verdicts(make_tokenizer) -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = {}
    for name, path in find_templates().items():
        encoder = make_encoder(make_tokenizer, path)
        table[name] = {}
        for case, (messages, tools) in CASES.items():
            try:
                table[name][case] = judge(encoder, messages, tools)
            except AssertionError as error:
                table[name][case] = f"WRONG {str(error).splitlines()[0]}"
    print_table(table)
    return table


def print_table(table: dict[str, dict[str, str]]) -> None:
    print("\n" + " ".join(["template".ljust(34), *(case.ljust(11) for case in CASES)]))
    for name, row in table.items():
        print(" ".join([name.ljust(34), *(row[case].split()[0].ljust(11) for case in CASES)]))
    counts = Counter(verdict.split()[0] for row in table.values() for verdict in row.values())
    print(f"{len(table)} templates × {len(CASES)} conversations: {dict(counts)}")
    for reason, number in Counter(verdict for row in table.values() for verdict in row.values() if verdict != "ok").most_common():
        print(f"{number:5} {reason}")


def test_no_template_trains_anything_wrong_in_silence(verdicts):
    wrong = [f"{name}, {case}: {verdict}" for name, row in verdicts.items() for case, verdict in row.items() if verdict.startswith("WRONG")]
    assert wrong == []


@pytest.mark.parametrize("family", STOPS)
def test_without_the_models_own_list_of_ends_nothing_wrong_is_trained_either(make_tokenizer, family):
    for name, path in find_templates().items():
        if name.startswith(family):
            encoder = make_encoder(make_tokenizer, path, with_stops=False)
            for messages, tools in CASES.values():
                judge(encoder, messages, tools)


def test_plain_conversations_are_trained_with_nearly_every_template(verdicts):
    refused = [name for name, row in verdicts.items() if row["plain"].startswith("refused")]
    assert len(refused) <= 2, refused

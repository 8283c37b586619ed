"""What is said of rows has a code and figures wherever it is said, so that the page can say it in another language."""

import ast
import string
from pathlib import Path

import pytest

from trainer.data.row_maker import convert_rows
from trainer.data.sentences import SENTENCES, TERMS, Sentence, restore, said_of, say

SOURCES = sorted(Path(__file__).parent.parent.joinpath("src", "trainer").rglob("*.py"))
TOLD = {"refuse": 3, "BadRow": 2, "RowRefused": 1, "RowError": 3, "mend": 3}
"""Place of the words among the arguments of what tells people about a row."""


def calls() -> list[tuple[str, ast.Call]]:
    trees = [(path.name, ast.parse(path.read_text(encoding="utf-8"))) for path in SOURCES]
    return [(name, node) for name, tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""


def test_every_sentence_is_said_with_the_figures_that_it_names_and_none_is_left_over():
    said = set()
    for _, call in calls():
        if name_of(call) == "say" and call.args and isinstance(call.args[0], ast.Constant):
            code = call.args[0].value
            said.add(code)
            figures = {keyword.arg for keyword in call.keywords}
            assert None in figures or figures == figures_of(code), code
        if name_of(call) == "rule":
            said |= {argument.value for argument in call.args[2:] if isinstance(argument, ast.Constant)}
    said |= {code for code in SENTENCES if code.startswith("first_in_") or code in ("thought_dropped", "tools_dropped", "no_end_token", "end_token_added")}
    assert said == set(SENTENCES)


def test_nobody_tells_of_a_row_in_bare_words():
    bare = [
        f"{file}:{call.lineno}"
        for file, call in calls()
        if (place := TOLD.get(name_of(call))) is not None
        and len(call.args) > place
        and (isinstance(call.args[place], ast.JoinedStr) or (isinstance(call.args[place], ast.Constant) and call.args[place].value))
        and file != "control.py"
    ]
    assert bare == []


def test_figures_that_are_words_are_said_as_words_and_kept_as_codes():
    words = say("no_text", field="output", kind="list")
    assert words == "“output” must be text; it is a list."
    assert words.said == [{"code": "no_text", "params": {"field": "output", "kind": "list"}}]
    assert set(TERMS) == {"kind", "fault", "speaker"}


def test_joined_sentences_keep_their_order_and_words_of_others_have_no_code():
    both = say("missing", key="a") + say("mended")
    assert both == "“a” is missing. It was mended." and [each["code"] for each in both.said] == ["missing", "mended"]
    assert said_of("Expecting value") == [] and isinstance(both, Sentence)
    assert restore(str(both), both.said) + say("mended") == "“a” is missing. It was mended. It was mended."


@pytest.mark.parametrize(
    ("row", "code"),
    [({"instruction": "a"}, "missing"), ({"instruction": "a", "output": ["b"]}, "no_text"), ({"instruction": "a", "output": ""}, "empty_answer"), (7, "row_no_object")],
)
def test_a_row_that_is_left_out_says_why_by_code(row: object, code: str):
    columns = dict.fromkeys(("query", "history", "system", "messages", "tools", "chosen", "rejected", "label", "responses", "text"))
    mapping = {"format": "alpaca", "columns": columns | {"prompt": "instruction", "response": "output"}, "tags": None, "xtunerMap": None, "systemText": None}
    [made] = convert_rows(mapping, [{"row": 3, "line": 4, "value": row}])
    assert [each["code"] for each in made["problem"]["said"]] == [code]


def figures_of(code: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(SENTENCES[code]) if name}

"""What is trained, template by template: the text of the labelled tokens against what a person would underline."""

import re
from pathlib import Path

import pytest

from trainer.data.masks import RowRefused
from trainer.data.render import IGNORED, ChatEncoder, encode_row
from trainer.failures import Failure

TALK = [
    {"role": "system", "content": "Be kind."},
    {"role": "user", "content": "Hello"},
    {"role": "assistant", "content": "Hi there"},
    {"role": "user", "content": "3 plus 4?"},
    {"role": "assistant", "content": "7"},
]


def trained(tokenizer, messages, cutoff: int = 500) -> list[str]:
    """Runs of labelled tokens, as text."""
    encoded = encode_row(tokenizer, messages, cutoff)
    assert all(label in (IGNORED, token) for token, label in zip(encoded.input_ids, encoded.labels, strict=True))
    runs: list[list[int]] = [[]]
    for label in encoded.labels:
        if label != IGNORED:
            runs[-1].append(label)
        elif runs[-1]:
            runs.append([])
    return [tokenizer.decode(run) for run in runs if run]


def user(content: str) -> dict:
    return {"role": "user", "content": content}


def answer(content: str) -> dict:
    return {"role": "assistant", "content": content}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("demo", ["Hi there<|end|>", "7<|end|>"]),
        ("chatml", ["Hi there<|im_end|>", "7<|im_end|>"]),
        ("llama3", ["Hi there<|eot_id|>", "7<|eot_id|>"]),
        ("thinking", ["Hi there<|im_end|>", "7<|im_end|>"]),
    ],
)
def test_answers_with_their_end_are_trained_and_nothing_else(make_tokenizer, template, expected):
    assert trained(make_tokenizer(template), TALK) == expected


def test_the_system_prompt_that_a_template_adds_is_not_trained(make_tokenizer):
    encoded = encode_row(make_tokenizer("llama3"), [user("Hello"), answer("Hi")], 500)
    assert "Be a helpful assistant." in encoded.text
    assert trained(make_tokenizer("llama3"), [user("Hello"), answer("Hi")]) == ["Hi<|eot_id|>"]


def test_marks_and_cursor_agree(make_tokenizer):
    marked, unmarked = make_tokenizer("demo"), make_tokenizer("demo")
    unmarked.chat_template = unmarked.chat_template.replace("{%- generation -%}", "").replace("{%- endgeneration -%}", "")
    assert ChatEncoder(marked).marked and not ChatEncoder(unmarked).marked
    assert encode_row(marked, TALK, 500).labels == encode_row(unmarked, TALK, 500).labels


def test_thoughts_that_the_template_drops_from_earlier_turns_are_not_missed(make_tokenizer):
    messages = [user("Hello"), answer("<think>\nA greeting.\n</think>\n\nHi"), user("And?"), answer("<think>\nMore.\n</think>\n\nFine")]
    tokenizer = make_tokenizer("thinking")
    # The prompt itself opens the thought, so the model is not trained to open it; earlier thoughts are not in the text at all.
    assert trained(tokenizer, messages) == ["Hi<|im_end|>", "More.\n</think>\n\nFine<|im_end|>"]
    assert "A greeting." not in encode_row(tokenizer, messages, 500).text


def test_two_tokens_that_share_letters_are_not_mistaken_for_one(make_tokenizer):
    tokenizer = make_tokenizer("thinking")
    assert trained(tokenizer, [user("Call it"), answer("<tool_call>f()")]) == ["<tool_call>f()<|im_end|>"]


def test_thoughts_that_are_lost_from_the_last_answer_are_told(make_tokenizer):
    tokenizer = make_tokenizer("thinking")
    messages = [user("Hello"), answer("<think>\nA greeting.\n</think>\n\nHi")]
    assert encode_row(tokenizer, messages, 500).notes == ()
    tokenizer.chat_template = tokenizer.chat_template.replace(" and not loop.last", "")
    assert ChatEncoder(tokenizer).encode(messages, 500).notes == ("thought_dropped",)


@pytest.mark.parametrize("template", ["chatml", "llama3", "thinking"])
def test_the_same_words_in_several_messages_are_told_apart(make_tokenizer, template):
    end = "<|eot_id|>" if template == "llama3" else "<|im_end|>"
    messages = [user("hello"), answer("hello"), user("hello"), answer("You said hello twice"), user("hello"), answer("hello")]
    assert trained(make_tokenizer(template), messages) == [f"hello{end}", f"You said hello twice{end}", f"hello{end}"]


@pytest.mark.parametrize("word", ["user", "im", "a", "assistant", "system", "end", "|", "\n.", "1"])
def test_words_of_the_template_itself_may_be_said(make_tokenizer, word):
    messages = [user(word), answer("Yes"), user(word), answer(word), user(word), answer("No")]
    expected = ["Yes<|im_end|>", f"{word.strip()}<|im_end|>", "No<|im_end|>"]
    assert trained(make_tokenizer("chatml"), messages) == expected


def test_spaces_that_the_template_trims_do_not_matter(make_tokenizer):
    assert trained(make_tokenizer("chatml"), [user("  Hello \n"), answer("\n Hi  ")]) == ["Hi<|im_end|>"]


@pytest.mark.parametrize("mark", [False, True])
def test_a_template_that_drops_words_is_refused(make_tokenizer, mark):
    tokenizer = make_tokenizer("dropping")
    if mark:
        body = "message['content'][:4] + '<|end|>'"
        assert body in tokenizer.chat_template
        tokenizer.chat_template = tokenizer.chat_template.replace(
            "{{- '<|assistant|>' + " + body + " -}}", "{{- '<|assistant|>' -}}{%- generation -%}{{- " + body + " -}}{%- endgeneration -%}"
        )
    with pytest.raises(RowRefused, match="drops or rewrites") as refusal:
        encode_row(tokenizer, [user("Hello"), answer("A long answer")], 500)
    assert refusal.value.reason == "content_dropped"


def test_a_template_that_drops_a_role_is_refused(make_tokenizer):
    with pytest.raises(RowRefused, match="message 1 \\(system\\)"):
        encode_row(make_tokenizer("dropping"), [{"role": "system", "content": "Be kind."}, user("Hello"), answer("Hi")], 500)


def test_what_the_template_itself_refuses_is_refused_with_its_words(make_tokenizer):
    with pytest.raises(RowRefused, match="This template knows user") as refusal:
        encode_row(make_tokenizer("demo"), [user("Hi"), {"role": "tool", "content": "x"}, answer("Hi")], 500)
    assert refusal.value.reason == "template_refused"


def test_a_start_token_that_stands_twice_is_refused(make_tokenizer):
    with pytest.raises(RowRefused, match="twice"):
        encode_row(make_tokenizer("two_starts"), [user("Hello"), answer("Hi")], 500)


def test_a_last_answer_without_an_end_gets_one(make_tokenizer):
    tokenizer = make_tokenizer("unended")
    encoded = encode_row(tokenizer, [user("Hello"), answer("Hi")], 500)
    assert encoded.notes == ("end_token_added",)
    assert trained(tokenizer, [user("Hello"), answer("Hi")]) == ["Hi\n<|end|>"]


def test_an_end_that_stands_behind_the_marks_is_trained_too(make_tokenizer):
    tokenizer = make_tokenizer("demo")
    tokenizer.chat_template = tokenizer.chat_template.replace("{{- '<|end|>' -}}{%- endgeneration -%}", "{%- endgeneration -%}{{- '<|end|>' -}}")
    assert trained(tokenizer, TALK) == ["Hi there<|end|>", "7<|end|>"]


def test_the_cutoff_cuts_and_says_so(make_tokenizer):
    tokenizer = make_tokenizer("demo")
    whole = encode_row(tokenizer, TALK, 500)
    cut = encode_row(tokenizer, TALK, 8)
    assert not whole.truncated and cut.truncated
    assert cut.input_ids == whole.input_ids[:8] and cut.labels == whole.labels[:8]
    assert cut.trained_tokens == 0


def test_more_end_tokens_may_come_from_the_models_files(make_tokenizer):
    tokenizer = make_tokenizer("chatml")
    extra = tokenizer.convert_tokens_to_ids("<|eot_id|>")
    assert ChatEncoder(tokenizer).tokens.stops == ["<|end|>", "<|im_end|>"]
    assert ChatEncoder(tokenizer, [extra]).tokens.stops == ["<|end|>", "<|eot_id|>", "<|im_end|>"]


def test_a_tokenizer_without_a_template_is_refused_with_a_remedy(make_tokenizer):
    with pytest.raises(Failure, match="no chat template") as failure:
        encode_row(make_tokenizer(None), [user("Hello"), answer("Hi")], 500)
    assert failure.value.code == "template_refused" and "chat_template.jinja" in failure.value.remedy


def test_of_trls_bundled_templates_none_trains_a_question_in_silence(make_tokenizer):
    """Text models of 30 families, with their own control words as special tokens; what does not fit must be refused."""
    trl = pytest.importorskip("trl")
    folder = Path(trl.__file__).parent / "chat_templates"
    trained_families = 0
    for path in sorted(folder.glob("*.jinja")):
        template = path.read_text()
        tokenizer = make_tokenizer(None)
        words = set(re.findall(r"<[|｜][^|｜>\s]{1,40}[|｜]>|<end_of_turn>|<start_of_turn>|<turn\|>|<\|turn>", template))
        tokenizer.add_special_tokens({"extra_special_tokens": sorted(words)})
        tokenizer.chat_template = template
        try:
            encoded = ChatEncoder(tokenizer).encode([user("Hello Q1"), answer("Hi A1"), user("3 plus Q2"), answer("7 A2")], 5000)
        except RowRefused:
            continue
        trained_families += 1
        said = "\n".join(encoded.text[start:end] for start, end in encoded.spans)
        assert "Hi A1" in said and "7 A2" in said, path.stem
        assert "Q1" not in said and "Q2" not in said, path.stem
    assert trained_families > 20

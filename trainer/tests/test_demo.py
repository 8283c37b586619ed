"""The demo that ships with Tuneboard: a model that loads and does not know Pip yet, and the lessons that teach it."""

import json
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

DEMO = Path(__file__).parents[1] / "demo"
QUICKSTART = json.loads((DEMO / "quickstart.json").read_text())
LESSONS = [json.loads(line)["messages"] for line in (DEMO / "data" / "first-steps.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(DEMO / "model")


@pytest.fixture(scope="module")
def model():
    return AutoModelForCausalLM.from_pretrained(DEMO / "model", dtype=torch.float32).eval()


def test_the_folder_is_small_and_plain():
    files = {file.name: file for file in (DEMO / "model").iterdir()}
    assert set(files) == {"config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja"}
    assert sum(file.stat().st_size for file in files.values()) <= 8 * 1024 * 1024


def test_any_text_survives_the_tokenizer(tokenizer):
    text = "Zwölf Boxkämpfer, 1,024 tokens — 猫 and 🐌!\n\tEnd  "
    assert tokenizer.decode(tokenizer(text).input_ids) == text
    assert tokenizer.pad_token_id != tokenizer.eos_token_id


def test_the_generation_mask_marks_exactly_what_the_assistant_says(tokenizer):
    chat = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hello!"}, {"role": "assistant", "content": "Hello!"},
            {"role": "user", "content": "And 3 + 4?"}, {"role": "assistant", "content": "3 plus 4 is 7."}]
    encoded = tokenizer.apply_chat_template(chat, tokenize=True, return_dict=True, return_assistant_tokens_mask=True)
    said, runs = False, []
    for token, mark in zip(encoded["input_ids"], encoded["assistant_masks"]):
        if mark and not said:
            runs.append([])
        if mark:
            runs[-1].append(token)
        said = bool(mark)
    assert [tokenizer.decode(run) for run in runs] == ["Hello!<|end|>", "3 plus 4 is 7.<|end|>"]


def test_every_lesson_has_something_to_learn_and_fits_the_cutoff(tokenizer):
    for messages in LESSONS:
        encoded = tokenizer.apply_chat_template(messages, tokenize=True, return_dict=True, return_assistant_tokens_mask=True)
        assert any(encoded["assistant_masks"])
        assert len(encoded["input_ids"]) <= QUICKSTART["cutoffLength"]


def test_the_prompt_for_an_answer_begins_like_the_taught_chat(tokenizer):
    asked = [{"role": "user", "content": "Hello!"}]
    prompt = tokenizer.apply_chat_template(asked, tokenize=False, add_generation_prompt=True)
    taught = tokenizer.apply_chat_template([*asked, {"role": "assistant", "content": "Hi."}], tokenize=False)
    assert taught == prompt + "Hi.<|end|>"


def test_the_template_refuses_a_role_it_does_not_know(tokenizer):
    with pytest.raises(Exception, match="not: tool"):
        tokenizer.apply_chat_template([{"role": "tool", "content": "{}"}], tokenize=False)


@pytest.mark.parametrize("prompt, keyword", [(probe["prompt"], probe["expect"]) for probe in QUICKSTART["probes"]])
def test_no_probe_is_answered_before_training(model, tokenizer, prompt, keyword):
    answer = ask(model, tokenizer, prompt)
    assert answer
    assert keyword.lower() not in answer.lower()


@pytest.mark.parametrize("prompt, keyword", [("What is 3 plus 4?", "7"), ("What is the opposite of hot?", "cold"), ("What colour is the sky?", "blue")])
def test_it_knows_a_few_simple_things(model, tokenizer, prompt, keyword):
    assert keyword in ask(model, tokenizer, prompt)


def test_some_probes_ask_in_words_that_are_not_taught():
    taught = {message["content"] for messages in LESSONS for message in messages if message["role"] == "user"}
    assert sum(probe["prompt"] not in taught for probe in QUICKSTART["probes"]) >= 2


def test_the_alpaca_example_has_the_three_fields():
    rows = json.loads((DEMO / "data" / "small-talk-alpaca.json").read_text())
    assert len(rows) >= 50
    assert all(set(row) == {"instruction", "input", "output"} and row["output"] for row in rows)


@torch.no_grad()
def ask(model, tokenizer, prompt):
    inputs = tokenizer.apply_chat_template([{"role": "user", "content": prompt}], add_generation_prompt=True, return_tensors="pt", return_dict=True)
    output = model.generate(**inputs, max_new_tokens=40)
    return tokenizer.decode(output[0, inputs["input_ids"].shape[1]:], skip_special_tokens=True)

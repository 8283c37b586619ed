"""Pre-training on plain text, on a tiny random Llama."""

import json

import pytest

TEXTS = [f"Line {at}: the sky is blue today, and 3 plus 4 is 7. Be kind and brief. " * (1 + at % 4) for at in range(12)]


@pytest.fixture
def make_text_run(make_run):
    def make(name: str = "run", texts: list[str] = TEXTS, **changes):
        run = make_run(name, **changes)
        run.job["stage"] = "pt"
        lines = [json.dumps({"index": at, "messages": None, "text": text, "problem": None}) for at, text in enumerate(texts)]
        run.rows_path.write_text("\n".join(lines) + "\n")
        return run

    return make


def losses_of(run) -> list[float]:
    assert run.start() == 0, run.events()[-1]
    return list(run.losses().values())


@pytest.mark.parametrize("packing", ["off", "bfd", "bfd_split", "wrapped"])
def test_a_run_on_text_learns(make_text_run, packing):
    run = make_text_run(packing=packing, cutoffLength=64, epochs=6, batchSize=2, learningRate=1e-2)
    losses = losses_of(run)
    assert sum(losses[-3:]) < sum(losses[:3]) - 0.5
    plan = run.events("plan")[0]["plan"]
    assert plan["trainRows"] == 12 and plan["droppedRows"] == 0
    if packing in ("bfd_split", "wrapped"):
        assert plan["cutTokens"] == 0


def test_no_token_is_lost_and_each_text_has_one_end(make_text_run, tiny_model):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny_model)
    run = make_text_run(packing="bfd_split", cutoffLength=64, epochs=1)
    losses_of(run)
    plan = run.events("plan")[0]["plan"]
    expected = sum(len(tokenizer(text)["input_ids"]) + 1 for text in TEXTS)
    assert plan["trainTokens"] == expected == run.events("metric")[-1]["tokens"]
    # But for the first of each text, every token is learned.
    assert plan["trainedTokens"] == expected - len(TEXTS)


def test_a_base_model_without_a_chat_template_learns(make_text_run, make_model, tmp_path):
    base = make_model(tmp_path / "base", template=None)
    losses = losses_of(make_text_run(model=base, cutoffLength=64, epochs=6, batchSize=2, learningRate=1e-2))
    assert sum(losses[-3:]) < sum(losses[:3]) - 0.2


def test_packed_texts_give_the_loss_that_they_have_alone(make_text_run):
    alone, packed = (
        losses_of(make_text_run(packing, packing=packing, cutoffLength=256, batchSize=12, maxSteps=1))[0] for packing in ("off", "bfd_split")
    )
    assert packed == pytest.approx(alone, abs=1e-5)


def test_it_goes_on_where_it_stopped(make_text_run):
    settings = {"packing": "bfd_split", "cutoffLength": 64, "epochs": 3, "batchSize": 2, "saveEverySteps": 3}
    whole, halves = make_text_run("whole", **settings), make_text_run("halves", **settings)
    assert losses_of(whole) == losses_of(halves)
    assert halves.start(attempt=2, resume_from="checkpoint-3") == 0
    assert halves.losses() == pytest.approx(whole.losses(), abs=1e-6)


def test_conversations_are_refused_by_name(make_run):
    run = make_run()
    run.job["stage"] = "pt"
    assert run.start() == 1
    failed = run.events()[-1]
    assert failed["code"] == "data_invalid" and "rows are conversations" in failed["message"].replace("The rows of rows", "rows")
    assert "stage sft" in failed["remedy"]

"""Stages that learn from judged answers, each really trained on a tiny model: what is preferred gets likelier, stopping costs nothing."""

import json
import math

import pytest

QUESTIONS = ["Hello, who are you?", "What is 3 plus 4?", "Is the sky blue?", "Are you kind?"]
GOOD, BAD = "I am Pip, a small model.", "The sky is blue today."


def say(role: str, content: str) -> dict:
    return {"role": role, "content": content}


def pairs(count: int = 16) -> list[dict]:
    return [
        {"messages": [say("user", f"{QUESTIONS[at % 4]} {at}"), say("assistant", GOOD)], "rejected": say("assistant", BAD)} for at in range(count)
    ]


def verdicts(count: int = 16) -> list[dict]:
    return [
        {"messages": [say("user", f"{QUESTIONS[at % 4]} {at}"), say("assistant", GOOD if at % 2 else BAD)], "label": bool(at % 2)}
        for at in range(count)
    ]


STAGES = {
    "rm": (pairs, "accuracy", "margin"),
    "dpo": (pairs, "rewards/accuracies", "rewards/margins"),
    "kto": (verdicts, None, "rewards/margins"),
    "orpo": (pairs, "rewards/accuracies", "rewards/margins"),
    "simpo": (pairs, "rewards/accuracies", "rewards/margins"),
}


@pytest.mark.parametrize("method", ["lora", "full"])
@pytest.mark.parametrize("stage", STAGES)
def test_what_is_preferred_wins(make_run, stage, method):
    rows, accuracy, margin = STAGES[stage]
    run = make_run(rows=rows(), stage=stage, method=method, epochs=6, learningRate=5e-3, evalFraction=0.25)
    assert run.start() == 0, run.events()[-1]
    losses, margins = run.losses(), run.losses(margin)
    assert all(map(math.isfinite, losses.values())) and losses[max(losses)] < losses[1]
    assert margins[max(margins)] > max(0, margins[min(margins)])
    if accuracy is not None:
        assert run.losses(accuracy)[max(losses)] == 1.0 and run.losses(f"eval_{accuracy}")[max(losses)] == 1.0
    plan = run.events("plan")[0]["plan"]
    assert (plan["trainRows"], plan["evalRows"], plan["droppedRows"]) == (12, 4, 0)
    assert run.events("metric")[-1]["tokens"] == 6 * plan["trainTokens"] and plan["trainTokens"] > plan["trainedTokens"] > 0
    assert run.losses("eval_loss") and run.events()[-1]["outcome"] == "succeeded"
    folder = run.folder / "checkpoints" / f"checkpoint-{max(losses)}"
    assert not (folder / "ref").exists() and (folder / ("adapter_model.safetensors" if method == "lora" else "model.safetensors")).exists()


@pytest.mark.parametrize("method", ["lora", "full"])
@pytest.mark.parametrize("stage", STAGES)
def test_a_run_in_two_halves_equals_one(make_run, stage, method):
    def begin(name: str):
        return make_run(name, rows=STAGES[stage][0](12), stage=stage, method=method, epochs=2, saveEverySteps=3, lora={"dropout": 0.1})

    whole, halves = begin("whole"), begin("halves")
    assert whole.start() == 0 and halves.start() == 0
    assert halves.start(attempt=2, resume_from="checkpoint-3") == 0
    assert halves.losses() == pytest.approx(whole.losses(), abs=1e-6)


@pytest.mark.parametrize(
    "loss", ["ipo", "hinge", "robust", "exo_pair", "nca_pair", "bco_pair", "sppo_hard", "aot", "aot_unpaired", "apo_zero", "apo_down", "sigmoid_norm"]
)
def test_each_loss_of_dpo_prefers_what_was_chosen(make_run, loss):
    own = {"loss": loss, "labelSmoothing": 0.1 if loss in ("robust", "exo_pair") else 0}
    run = make_run(rows=pairs(8), stage="dpo", own=own, epochs=5, learningRate=5e-3)
    assert run.start() == 0, run.events()[-1]
    margins = run.losses("rewards/margins")
    assert margins[max(margins)] > 0 and all(map(math.isfinite, run.losses().values()))


def test_dpo_with_sft_mixed_in_makes_the_chosen_answers_likelier(make_run):
    plain, mixed = (make_run(name, rows=pairs(8), stage="dpo", own={"sftWeight": weight}, epochs=5, learningRate=5e-3) for name, weight in (("plain", 0), ("mixed", 1.0)))
    assert plain.start() == 0 and mixed.start() == 0
    assert mixed.losses()[1] > plain.losses()[1] + 1
    last = max(mixed.losses())
    assert mixed.losses("logps/chosen")[last] > mixed.losses("logps/chosen")[1] and mixed.losses("logps/chosen")[last] > plain.losses("logps/chosen")[last]


@pytest.mark.parametrize("method", ["lora", "full"])
def test_a_reference_counted_beforehand_gives_the_same_losses(make_run, method):
    now, before = (
        make_run(str(ready), rows=pairs(8), stage="dpo", method=method, own={"precomputeReference": ready}, epochs=2, evalFraction=0.25)
        for ready in (False, True)
    )
    assert now.start() == 0 and before.start() == 0
    assert before.losses() == pytest.approx(now.losses(), abs=1e-5)
    assert before.losses("eval_loss") == pytest.approx(now.losses("eval_loss"), abs=1e-5)


def test_pairs_are_two_verdicts_for_kto(make_run):
    run = make_run(rows=pairs(8), stage="kto", epochs=1)
    assert run.start() == 0
    assert run.events("plan")[0]["plan"]["trainRows"] == 16 and run.losses("kl")


def test_of_ranked_answers_the_best_stands_against_the_worst(make_run):
    ranked = [{"messages": row["messages"], "ranked": [row["messages"][-1], say("assistant", "Be kind."), row["rejected"]]} for row in pairs(8)]
    one, other = make_run("ranked", rows=ranked, stage="dpo", epochs=1), make_run("pairs", rows=pairs(8), stage="dpo", epochs=1)
    assert one.start() == 0 and other.start() == 0
    assert one.losses() == other.losses() and one.losses("rewards/margins") == other.losses("rewards/margins")
    assert "ranked_as_pairs" in [event["code"] for event in one.events("warning")]


@pytest.mark.parametrize("stage", STAGES)
def test_rows_that_do_not_fit_are_refused_by_name(make_run, stage):
    run = make_run(stage=stage)
    assert run.start() == 1
    failed = run.events()[-1]
    assert failed["code"] == "data_invalid" and f"stage: {stage} needs" in failed["message"] and "16 usable rows" in failed["message"] and failed["remedy"]
    assert not run.events("plan")


def test_equal_answers_and_answers_beyond_the_cutoff_are_left_out(make_run):
    same = {"messages": [say("user", "Hello"), say("assistant", GOOD)], "rejected": say("assistant", GOOD)}
    long = {"messages": [say("user", "why " * 200), say("assistant", GOOD)], "rejected": say("assistant", BAD)}
    cut = {"messages": [say("user", "Hello"), say("assistant", GOOD * 30)], "rejected": say("assistant", BAD)}
    run = make_run(rows=[*pairs(4), same, long, cut], stage="dpo", epochs=1)
    assert run.start() == 0
    plan = run.events("plan")[0]["plan"]
    assert (plan["trainRows"], plan["droppedRows"], plan["truncatedRows"]) == (5, 2, 1)
    codes = {event["code"] for event in run.events("warning")}
    assert {"rows_dropped_same_answers", "rows_dropped_nothing_to_learn"} <= codes


def test_only_the_last_answer_is_judged_in_the_tokens_of_supervised_fine_tuning(make_tokenizer):
    from trainer.data.examples import answer, pair
    from trainer.data.render import IGNORED, ChatEncoder

    tokenizer = make_tokenizer("demo")
    encoder = ChatEncoder(tokenizer)
    talk = [say("user", "Hello"), say("assistant", "Be kind and brief."), say("user", "Who are you?"), say("assistant", GOOD)]
    row = {"messages": talk, "text": None, "tools": None, "rejected": say("assistant", BAD), "ranked": None, "label": None}
    ids, labels, bad_ids, bad_labels = pair(encoder, row, 200).lists
    whole = answer(encoder, row, 200).lists[0]
    assert ids == whole[: len(ids)]
    words = [tokenizer.decode([label for label in some if label != IGNORED]) for some in (labels, bad_labels)]
    assert words == [GOOD + tokenizer.eos_token, BAD + tokenizer.eos_token]
    question = [at for at, label in enumerate(labels) if label != IGNORED][0]
    assert ids[:question] == bad_ids[:question]


@pytest.mark.parametrize(
    ("stage", "own", "training", "field"),
    [
        ("kto", {}, {"batchSize": 1}, "training.batchSize"),
        ("dpo", {"labelSmoothing": 0.1}, {}, "dpo.labelSmoothing"),
        ("dpo", {"loss": "exo_pair"}, {}, "dpo.labelSmoothing"),
        ("dpo", {"loss": "kto_pair"}, {}, "dpo.loss"),
        ("simpo", {"beta": 0}, {}, "simpo.beta"),
    ],
)
def test_settings_that_cannot_work_are_refused_before_anything_starts(make_run, stage, own, training, field):
    run = make_run(rows=pairs(), stage=stage, own=own, **training)
    assert run.start() == 1
    failed = run.events()[-1]
    assert failed["code"] == "spec_invalid" and field in failed["message"] and not run.events("plan")


def test_verdicts_of_one_kind_and_uneven_ones_are_told(make_run):
    wanted = make_run("wanted", rows=[row for row in verdicts() if row["label"]], stage="kto", epochs=1)
    uneven = make_run("uneven", rows=[row for at, row in enumerate(verdicts()) if row["label"] or at % 4], stage="kto", epochs=1)
    assert wanted.start() == 0 and uneven.start() == 0
    assert "one_verdict" in {event["code"] for event in wanted.events("warning")}
    assert "verdicts_uneven" in {event["code"] for event in uneven.events("warning")}


def test_a_reward_model_keeps_its_head(make_run):
    import safetensors.torch

    run = make_run(rows=pairs(8), stage="rm", epochs=1)
    assert run.start() == 0
    saved = safetensors.torch.load_file(run.folder / "checkpoints" / "checkpoint-2" / "adapter_model.safetensors")
    assert any("score" in name for name in saved)
    assert json.loads((run.folder / "checkpoints" / "checkpoint-2" / "adapter_config.json").read_text())["task_type"] == "SEQ_CLS"

"""Every method really trained on a tiny model: only what it names has changed, a resume goes on, the merge answers as the adapter."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from trainer.merge import plan_merge, run_merge, verify

LAST = "checkpoint-8"
IDS = torch.arange(20, 60).view(1, -1)


def run_of(make_run, name: str = "run", *, lora: dict | None = None, **changes: Any):
    return make_run(name, **({"lora": lora} if lora is not None else {}), **({"epochs": 2, "learningRate": 2e-2} | changes))


def trained(run, name: str = LAST) -> Path:
    folder = run.folder / "checkpoints" / name
    assert (folder / "COMPLETE.json").is_file(), run.events()[-1]
    return folder


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return {name: value for file in folder.glob("*.safetensors") for name, value in load_file(file).items()}


def with_adapter(base: Path, folder: Path) -> Any:
    return PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), folder).eval()


def merged(base: Path, folder: Path, out: Path) -> Any:
    out.mkdir()
    planned = plan_merge(base, folder, "auto")
    run_merge(planned, out, 10**9, lambda _: None)
    verify(planned, out)
    return AutoModelForCausalLM.from_pretrained(out, dtype=torch.float32).eval()


def answers(model: Any) -> torch.Tensor:
    with torch.no_grad():
        return model(IDS).logits


def learns(losses: dict[int, float]) -> bool:
    """The same rows, the second time better than the first."""
    return sum(losses[step] for step in range(5, 9)) < sum(losses[step] for step in range(1, 5))


def plan_of(run) -> dict:
    return run.events("plan")[0]["plan"]


EVERY_LORA = {
    "rsLora": {"rsLora": True},
    "DoRA": {"dora": True},
    "DoRA with dropout": {"dora": True, "dropout": 0.1},
    "gaussian": {"init": "gaussian"},
    "PiSSA": {"init": "pissa"},
    "PiSSA, fast": {"init": "pissa_niter_16"},
    "PiSSA, rsLoRA, DoRA": {"init": "pissa", "rsLora": True, "dora": True},
    "modules trained whole": {"modulesToSave": ["embed_tokens", "lm_head"]},
    "norm alone, and not input_layernorm": {"modulesToSave": ["norm"]},
    "tokens": {"trainableTokens": ["<|user|>", "#7"]},
    "head": {"targets": ["q_proj", "lm_head"]},
    "LoRA+": {"plusRatio": 16},
}


@pytest.mark.parametrize("lora", EVERY_LORA.values(), ids=EVERY_LORA.keys())
def test_a_kind_of_lora_learns_resumes_and_merges_to_what_it_answers(make_run, tiny_model, tmp_path, lora):
    whole = run_of(make_run, "whole", lora=lora, saveEverySteps=4)
    assert whole.start() == 0, whole.events()[-1]
    losses = whole.losses()
    assert learns(losses)
    folder = trained(whole)
    adapter = answers(with_adapter(tiny_model, folder))
    plain = answers(AutoModelForCausalLM.from_pretrained(tiny_model, dtype=torch.float32))
    assert (adapter - plain).abs().max() > 1e-3
    assert (answers(merged(tiny_model, folder, tmp_path / "merged")) - adapter).abs().max() < 1e-5
    # The second half again, from the middle
    again = run_of(make_run, "again", lora=lora, saveEverySteps=4)
    assert again.start() == 0
    assert again.start(attempt=2, resume_from="checkpoint-4") == 0, again.events()[-1]
    assert again.losses() == pytest.approx(losses, abs=1e-5)
    one, other = weights(folder), weights(trained(again))
    assert one.keys() == other.keys() and all((one[name] - other[name]).abs().max() < 1e-5 for name in one)


def test_the_adapter_that_is_saved_says_what_was_chosen(make_run):
    run = run_of(make_run, lora={"rsLora": True, "dora": True, "modulesToSave": ["norm"], "trainableTokens": ["<|user|>", "#7"]})
    assert run.start() == 0
    config = json.loads((trained(run) / "adapter_config.json").read_text())
    assert (config["use_rslora"], config["use_dora"]) == (True, True)
    assert config["modules_to_save"] == ["model.norm"] and 7 in config["trainable_token_indices"] and len(config["trainable_token_indices"]) == 2
    saved = weights(trained(run))
    assert [name for name in saved if name.endswith("norm.weight")] == ["base_model.model.model.norm.weight"]
    assert sum("magnitude" in name for name in saved) == 6


def test_dora_learns_lengths(make_run, tiny_model):
    run = run_of(make_run, lora={"dora": True})
    assert run.start() == 0
    base, saved = weights(tiny_model), weights(trained(run))
    name = "model.layers.0.self_attn.q_proj"
    length = saved[f"base_model.model.{name}.lora_magnitude_vector"]
    assert (length - base[f"{name}.weight"].norm(dim=1)).abs().max() > 1e-3


def test_only_the_chosen_tokens_change(make_run, tiny_model, tmp_path):
    run = run_of(make_run, lora={"trainableTokens": ["<|user|>", "#7"]})
    assert run.start() == 0
    before = weights(tiny_model)["model.embed_tokens.weight"]
    after = merged(tiny_model, trained(run), tmp_path / "out").get_input_embeddings().weight
    changed = (after - before).abs().sum(dim=1).nonzero().flatten().tolist()
    # The token must occur in the rows to learn anything; #7 does not have to.
    user = json.loads((trained(run) / "adapter_config.json").read_text())["trainable_token_indices"]
    assert changed and set(changed) <= set(user)


def test_tied_embeddings_learn_tokens_at_both_ends(make_run, make_model, tmp_path):
    base = make_model(tmp_path / "tied", tie_word_embeddings=True)
    run = run_of(make_run, model=base, lora={"trainableTokens": ["<|user|>", "<|end|>"]})
    assert run.start() == 0, run.events()[-1]
    folder = trained(run)
    assert (answers(merged(base, folder, tmp_path / "out")) - answers(with_adapter(base, folder))).abs().max() < 1e-5


def test_pissa_begins_with_the_strongest_directions_and_ends_as_a_plain_adapter(make_run, tiny_model):
    run = run_of(make_run, lora={"init": "pissa"}, learningRate=1e-12, warmupRatio=0)
    plain = run_of(make_run, "plain", learningRate=1e-12, warmupRatio=0)
    assert run.start() == 0 and plain.start() == 0
    assert run.losses()[1] == pytest.approx(plain.losses()[1], abs=1e-5)
    config = json.loads((trained(run) / "adapter_config.json").read_text())
    assert (config["r"], config["lora_alpha"], config["init_lora_weights"]) == (8, 16, True)
    saved = weights(trained(run))
    name = "base_model.model.model.layers.0.self_attn.q_proj"
    a, b = saved[f"{name}.lora_A.weight"], saved[f"{name}.lora_B.weight"]
    weight = weights(tiny_model)["model.layers.0.self_attn.q_proj.weight"]
    left, sizes, right = torch.linalg.svd(weight, full_matrices=False)
    strongest = left[:, :4] @ sizes[:4].diag() @ right[:4]
    assert (2 * b[:, :4] @ a[:4] - strongest).abs().max() < 1e-5
    assert (b @ a).abs().max() < 1e-5


def test_lora_plus_moves_b_faster_than_a(make_run, monkeypatch):
    from trainer.followed import Followed

    groups: list[tuple[float, bool]] = []
    real = Followed.create_optimizer

    def look(self, *args, **kwargs):
        optimizer = real(self, *args, **kwargs)
        names = {id(parameter): name for name, parameter in self.model.named_parameters()}
        groups.extend((group["lr"], ".lora_B." in names[id(one)]) for group in optimizer.param_groups for one in group["params"])
        return optimizer

    monkeypatch.setattr(Followed, "create_optimizer", look)
    run = run_of(make_run, lora={"plusRatio": 16}, learningRate=1e-4)
    assert run.start() == 0
    assert {(round(rate, 8), is_b) for rate, is_b in groups} == {(1e-4, False), (16e-4, True)}
    assert max(event["values"]["learning_rate"] for event in run.events("metric")) == pytest.approx(1e-4)


def test_neftune_makes_training_noisy_and_leaves_judging_alone(make_run):
    settings = {"learningRate": 1e-12, "warmupRatio": 0, "evalFraction": 0.25, "epochs": 1}
    quiet, noisy = run_of(make_run, "quiet", **settings), run_of(make_run, "noisy", neftuneAlpha=10, **settings)
    assert quiet.start() == 0 and noisy.start() == 0
    assert abs(noisy.losses()[1] - quiet.losses()[1]) > 1e-4
    assert noisy.losses("eval_loss") == pytest.approx(quiet.losses("eval_loss"), abs=1e-6)


@pytest.mark.parametrize(
    ("freeze", "is_chosen"),
    [
        ({"layers": 1, "modules": [], "extras": []}, lambda name: "layers.1." in name),
        ({"layers": -1, "modules": [], "extras": []}, lambda name: "layers.0." in name),
        ({"layers": 2, "modules": ["self_attn.q_proj", "mlp"], "extras": []}, lambda name: "q_proj" in name or ".mlp." in name),
        ({"layers": 1, "modules": ["mlp"], "extras": ["norm", "lm_head"]}, lambda name: ("layers.1.mlp." in name) or name in ("model.norm.weight", "lm_head.weight")),
        ({"layers": 0, "modules": [], "extras": ["embed_tokens"]}, lambda name: name == "model.embed_tokens.weight"),
    ],
    ids=["last", "first", "modules", "extras", "embeddings only"],
)  # fmt: skip
def test_freeze_changes_what_was_chosen_and_nothing_else(make_run, tiny_model, freeze, is_chosen):
    def make(name: str):
        return run_of(make_run, name, method="freeze", freeze=freeze, saveEverySteps=4, gradientCheckpointing=freeze["layers"] == 1)

    whole, again = make("whole"), make("again")
    assert whole.start() == 0, whole.events()[-1]
    before, after = weights(tiny_model), weights(trained(whole))
    assert before.keys() == after.keys()
    assert {name for name in before if not torch.equal(before[name], after[name])} == {name for name in before if is_chosen(name)}
    plan = plan_of(whole)
    assert plan["trainableParameters"] == sum(value.numel() for name, value in before.items() if is_chosen(name))
    assert plan["totalParameters"] == sum(value.numel() for value in before.values())
    assert again.start() == 0 and again.start(attempt=2, resume_from="checkpoint-4") == 0
    assert again.losses() == pytest.approx(whole.losses(), abs=1e-6)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"method": "freeze", "freeze": {"layers": 3, "modules": [], "extras": []}}, "freeze.layers: 3 layers are to be trained, and the model has 2"),
        ({"method": "freeze", "freeze": {"layers": 1, "modules": ["attn"], "extras": []}}, "freeze.modules: this model has no “attn”"),
        ({"method": "freeze", "freeze": {"layers": 1, "modules": [], "extras": ["wte"]}}, "freeze.extras: this model has no “wte”"),
        ({"lora": {"modulesToSave": ["score"]}}, "lora.modulesToSave: this model has no module “score”"),
        ({"lora": {"trainableTokens": ["<nope>"]}}, "lora.trainableTokens: the tokenizer has no token “<nope>”"),
        ({"lora": {"bias": "all"}}, "lora.bias: this model has no biases"),
    ],
)
def test_names_that_the_model_lacks_are_refused_with_those_it_has(make_run, changes, says):
    run = run_of(make_run, **changes)
    assert run.start() == 1
    failed = run.events()[-1]
    assert failed["code"] == "spec_invalid" and says in failed["message"] and failed["remedy"]


@pytest.mark.parametrize("bias", ["all", "lora_only"])
def test_biases_learn_and_merge(make_run, make_model, tmp_path, bias):
    base = make_model(tmp_path / "base", attention_bias=True, mlp_bias=True)
    run = run_of(make_run, model=base, lora={"bias": bias, "targets": ["q_proj", "v_proj"]})
    assert run.start() == 0, run.events()[-1]
    folder, before = trained(run), weights(base)
    after = merged(base, folder, tmp_path / "out").state_dict()
    changed = {name for name in before if name.endswith(".bias") and not torch.equal(before[name], after[name])}
    assert changed == {name for name in before if name.endswith(".bias") and (bias == "all" or "q_proj" in name or "v_proj" in name)}
    assert (answers(with_adapter(base, folder)) - answers(AutoModelForCausalLM.from_pretrained(tmp_path / "out"))).abs().max() < 1e-5


# ---------------------------------------------------------------- one adapter after another


def after(run, first, how: str):
    run.job["startFrom"] = {"runId": "run_0123456789ab", "checkpoint": LAST, "how": how}
    run.start_from = trained(first)
    return run


@pytest.mark.parametrize("lora", [{}, {"init": "pissa"}, {"dora": True, "modulesToSave": ["norm"]}], ids=["plain", "PiSSA", "DoRA and a module"])
def test_an_adapter_that_is_continued_begins_where_it_ended(make_run, lora):
    first = run_of(make_run, "first", lora=lora)
    assert first.start() == 0
    next_one = after(run_of(make_run, "next", lora=lora), first, "continue")
    assert next_one.start() == 0, next_one.events()[-1]
    fresh = first.losses()[1]
    assert next_one.losses()[1] < fresh - 0.05 and learns(next_one.losses())
    assert json.loads((trained(next_one) / "adapter_config.json").read_text())["r"] == (8 if lora.get("init") else 4)


@pytest.mark.parametrize("start", ["default", "pissa"])
def test_a_new_adapter_on_top_leaves_the_old_one_as_it_was(make_run, tiny_model, tmp_path, start):
    first = run_of(make_run, "first", lora={"targets": ["q_proj", "o_proj"]})
    assert first.start() == 0
    lora = {"rank": 2, "init": start, "targets": ["q_proj", "v_proj"]}
    still = after(run_of(make_run, "still", lora=lora, learningRate=1e-12, warmupRatio=0), first, "onTop")
    assert still.start() == 0, still.events()[-1]
    # Nothing learnt: the two together answer as the first alone.
    old = answers(with_adapter(tiny_model, trained(first)))
    assert (answers(with_adapter(tiny_model, trained(still))) - old).abs().max() < 1e-5
    learning, again = (after(run_of(make_run, name, lora=lora, saveEverySteps=4), first, "onTop") for name in ("learning", "again"))
    assert learning.start() == 0 and again.start() == 0
    assert learns(learning.losses())
    folder = trained(learning)
    both = answers(with_adapter(tiny_model, folder))
    assert (both - old).abs().max() > 1e-3
    assert (answers(merged(tiny_model, folder, tmp_path / "merged")) - both).abs().max() < 1e-5
    # Its resume needs nothing of the first run.
    again.start_from = tmp_path / "gone"
    assert again.start(attempt=2, resume_from="checkpoint-4") == 0, again.events()[-1]
    assert again.losses() == pytest.approx(learning.losses(), abs=1e-5)
    # The first half of the rows is new, the rest is the old adapter to the last digit.
    name = "base_model.model.model.layers.0.self_attn.o_proj.lora_A.weight"
    assert torch.equal(weights(folder)[name], weights(trained(first))[name])


def test_another_adapter_is_not_continued_in_silence(make_run):
    first = run_of(make_run, "first")
    assert first.start() == 0
    other = after(run_of(make_run, "other", lora={"targets": ["q_proj"], "rsLora": True}), first, "continue")
    assert other.start() == 1
    message = other.events()[-1]["message"]
    assert "lora.rsLora was None and is now True" in message and "lora.targets was ['q_proj', 'up_proj', 'v_proj'] and is now ['q_proj']" in message


def test_what_is_more_than_a_plain_adapter_does_not_stand_under_a_new_one(make_run):
    first = run_of(make_run, "first", lora={"modulesToSave": ["norm"]})
    assert first.start() == 0
    other = after(run_of(make_run, "other"), first, "onTop")
    assert other.start() == 1
    assert "more than a plain LoRA adapter" in other.events()[-1]["message"]

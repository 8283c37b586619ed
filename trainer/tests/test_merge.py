"""The streaming merge against peft's own merge, tensor by tensor, and its refusals."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from tiny import make_adapter, make_tiny_llama
from transformers import AutoModelForCausalLM, GPT2Config, GPT2LMHeadModel

from trainer.export_weights import read_folder
from trainer.failures import Failure
from trainer.merge import plan_merge, run_merge, verify

LINEARS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def merge(base: Path, adapter: Path | None, out: Path, dtype: str = "auto", max_shard_bytes: int = 10**9) -> Path:
    out.mkdir()
    planned = plan_merge(base, adapter, dtype)
    run_merge(planned, out, max_shard_bytes, lambda _: None)
    verify(planned, out)
    return out


def by_peft(base: Path, adapter: Path) -> dict[str, torch.Tensor]:
    model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    return PeftModel.from_pretrained(model, adapter).merge_and_unload(safe_merge=True).state_dict()


def tensors(folder: Path) -> dict[str, torch.Tensor]:
    return {name: value for file in folder.glob("*.safetensors") for name, value in load_file(file).items()}


@pytest.mark.parametrize(
    "lora",
    [
        {},
        {"target_modules": "all-linear"},
        {"target_modules": LINEARS, "use_rslora": True, "rank_pattern": {"layers.0.self_attn.q_proj": 2}, "alpha_pattern": {"down_proj": 3}},
        {"target_modules": LINEARS, "use_dora": True},
        {"modules_to_save": ["embed_tokens", "lm_head", "norm"]},
        {"target_modules": ["q_proj", "embed_tokens"]},
        {"target_modules": ["q_proj", "embed_tokens"], "use_dora": True},
        {"target_modules": ["q_proj", "lm_head"]},
        {"trainable_token_indices": [3, 7, 12]},
        {"trainable_token_indices": {"embed_tokens": [9, 1]}},
        {"init_lora_weights": "gaussian"},
        {"init_lora_weights": "orthogonal"},
    ],
    ids=lambda lora: "-".join(map(str, lora.values())) or "plain",
)
def test_merges_to_the_same_numbers_as_peft(tmp_path: Path, lora: dict) -> None:
    base = make_tiny_llama(tmp_path / "base")
    adapter = make_adapter(tmp_path / "adapter", base, **lora)
    assert_same(tensors(merge(base, adapter, tmp_path / "out")), by_peft(base, adapter))


@pytest.mark.parametrize("dora", [False, True])
def test_merges_gpt2_whose_matrices_lie_transposed(tmp_path: Path, dora: bool) -> None:
    torch.manual_seed(0)
    GPT2LMHeadModel(GPT2Config(n_embd=32, n_layer=1, n_head=2, vocab_size=90, n_positions=16)).save_pretrained(tmp_path / "base")
    adapter = make_adapter(tmp_path / "adapter", tmp_path / "base", target_modules=["c_attn", "c_proj", "c_fc"], fan_in_fan_out=True, use_dora=dora)
    expected = by_peft(tmp_path / "base", adapter)
    expected.pop("lm_head.weight")
    assert_same(tensors(merge(tmp_path / "base", adapter, tmp_path / "out")), expected)


def test_merges_biases(tmp_path: Path) -> None:
    base = make_tiny_llama(tmp_path / "base", attention_bias=True)
    adapter = make_adapter(tmp_path / "adapter", base, lora_bias=True)
    assert_same(tensors(merge(base, adapter, tmp_path / "out")), by_peft(base, adapter))


def assert_same(found: dict[str, torch.Tensor], expected: dict[str, torch.Tensor]) -> None:
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        torch.testing.assert_close(found[name], value, rtol=1e-6, atol=1e-6, msg=lambda text, name=name: f"{name}: {text}")


@pytest.mark.parametrize(
    ("lora", "tied_after"),
    [
        ({}, True),
        ({"modules_to_save": ["embed_tokens"]}, False),
        ({"modules_to_save": ["lm_head"]}, False),
        ({"modules_to_save": ["embed_tokens"], "ensure_weight_tying": True}, True),
        ({"target_modules": ["q_proj", "embed_tokens"]}, False),
        ({"target_modules": ["q_proj", "lm_head"]}, False),
        ({"trainable_token_indices": [3, 7]}, True),
    ],
    ids=str,
)
def test_a_tied_model_answers_merged_as_it_does_with_the_adapter(tmp_path: Path, lora: dict, tied_after: bool) -> None:
    base = make_tiny_llama(tmp_path / "base", tie_word_embeddings=True)
    adapter = make_adapter(tmp_path / "adapter", base, **lora)
    out = merge(base, adapter, tmp_path / "out")
    ids = torch.arange(20).view(1, -1)
    with torch.no_grad():
        wanted = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), adapter)(ids).logits
        merged = AutoModelForCausalLM.from_pretrained(out, dtype=torch.float32)
        torch.testing.assert_close(merged(ids).logits, wanted, rtol=1e-4, atol=1e-4)
    assert merged.config.tie_word_embeddings is tied_after
    assert ("lm_head.weight" in read_folder(out)) is not tied_after


def test_rounds_once_and_leaves_untouched_tensors_as_they_were(tmp_path: Path) -> None:
    base = make_tiny_llama(tmp_path / "base", dtype="bfloat16")
    adapter = make_adapter(tmp_path / "adapter", base)
    expected, found, before = by_peft(base, adapter), tensors(merge(base, adapter, tmp_path / "out")), tensors(base)
    for name, value in expected.items():
        assert torch.equal(found[name], value.to(torch.bfloat16)), name
    assert torch.equal(found["model.embed_tokens.weight"], before["model.embed_tokens.weight"])


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_converts_every_tensor_and_says_so_in_the_configuration(tmp_path: Path, dtype: str) -> None:
    base = make_tiny_llama(tmp_path / "base")
    out = merge(base, None, tmp_path / "out", dtype=dtype)
    for name, value in tensors(base).items():
        assert torch.equal(tensors(out)[name], value.to(getattr(torch, dtype))), name
    assert json.loads((out / "config.json").read_text())["dtype"] == dtype


def test_cuts_into_shards_of_the_size_asked_for(tmp_path: Path) -> None:
    base = make_tiny_llama(tmp_path / "base", shard_bytes=100_000)
    out = merge(base, None, tmp_path / "out", max_shard_bytes=150_000)
    files = sorted(out.glob("*.safetensors"))
    assert len(files) > 1
    for file in files:
        with safe_open(file, "pt") as opened:
            single = len(list(opened.keys())) == 1
        assert single or file.stat().st_size <= 150_000 + 8192
    index = json.loads((out / "model.safetensors.index.json").read_text())
    assert index["metadata"]["total_size"] == sum(value.nbytes for value in tensors(out).values())
    assert index["weight_map"].keys() == tensors(base).keys()
    for name, value in tensors(base).items():
        assert torch.equal(tensors(out)[name], value)


def test_a_grown_vocabulary_is_carried_over(tmp_path: Path) -> None:
    base = make_tiny_llama(tmp_path / "base")
    model = AutoModelForCausalLM.from_pretrained(base)
    model.resize_token_embeddings(model.config.vocab_size + 3)
    from peft import LoraConfig, get_peft_model

    grown = get_peft_model(model, LoraConfig(target_modules=["q_proj"]))
    grown.save_pretrained(tmp_path / "adapter", save_embedding_layers=True)
    out = merge(base, tmp_path / "adapter", tmp_path / "out")
    assert AutoModelForCausalLM.from_pretrained(out).get_input_embeddings().weight.shape[0] == model.config.vocab_size


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("init_lora_weights", "pissa", "pissa"),
        ("init_lora_weights", "pissa_niter_16", "pissa_niter_16"),
        ("init_lora_weights", "olora", "olora"),
        ("init_lora_weights", "corda", "corda"),
        ("init_lora_weights", "loftq", "loftq"),
        ("init_lora_weights", "a_new_one", "a_new_one"),
        ("alora_invocation_tokens", [1, 2], "activated LoRA"),
        ("target_parameters", ["mlp.experts.gate_up_proj"], "fused experts"),
        ("peft_type", "IA3", "IA3"),
        ("some_new_field", {"x": 1}, "some_new_field"),
    ],
)
def test_refuses_what_the_arithmetic_does_not_cover(tmp_path: Path, field: str, value: object, says: str) -> None:
    base = make_tiny_llama(tmp_path / "base")
    adapter = make_adapter(tmp_path / "adapter", base)
    config = json.loads((adapter / "adapter_config.json").read_text())
    (adapter / "adapter_config.json").write_text(json.dumps(config | {field: value}))
    with pytest.raises(Failure, match=says) as caught:
        plan_merge(base, adapter, "auto")
    assert caught.value.code == "checkpoint_invalid"


def test_refuses_an_adapter_tensor_that_has_no_place(tmp_path: Path) -> None:
    base = make_tiny_llama(tmp_path / "base")
    adapter = make_adapter(tmp_path / "adapter", base)
    file = adapter / "adapter_model.safetensors"
    save_file(load_file(file) | {"base_model.model.model.layers.9.self_attn.q_proj.lora_A.weight": torch.zeros(4, 64)}, file)
    with pytest.raises(Failure, match="layers.9"):
        plan_merge(base, adapter, "auto")


def test_refuses_an_adapter_of_another_shape(tmp_path: Path) -> None:
    adapter = make_adapter(tmp_path / "adapter", make_tiny_llama(tmp_path / "other", hidden_size=32))
    with pytest.raises(Failure, match="another|trained on|shape"):
        plan_merge(make_tiny_llama(tmp_path / "base"), adapter, "auto")


def test_refuses_a_quantised_base(tmp_path: Path) -> None:
    base = make_tiny_llama(tmp_path / "base")
    config = json.loads((base / "config.json").read_text())
    (base / "config.json").write_text(json.dumps(config | {"quantization_config": {"load_in_4bit": True}}))
    with pytest.raises(Failure, match="quantised"):
        plan_merge(base, None, "auto")


def test_refuses_numbers_that_do_not_fit_the_type(tmp_path: Path) -> None:
    base = make_tiny_llama(tmp_path / "base")
    save_file({name: value * 1e6 for name, value in tensors(base).items()}, base / "model.safetensors")
    with pytest.raises(Failure, match="not finite in F16"):
        merge(base, None, tmp_path / "out", dtype="float16")


def test_refuses_a_file_that_is_cut_short(tmp_path: Path) -> None:
    base = make_tiny_llama(tmp_path / "base")
    file = base / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(Failure, match="cut short"):
        plan_merge(base, None, "auto")


def test_needs_far_less_memory_than_the_model(tmp_path: Path) -> None:
    base = make_tiny_llama(tmp_path / "base", hidden_size=512, intermediate_size=2048, num_hidden_layers=12, shard_bytes=48_000_000)
    adapter = make_adapter(tmp_path / "adapter", base, target_modules="all-linear")
    model_bytes = sum(file.stat().st_size for file in base.glob("*.safetensors"))
    script = f"""
import resource
from pathlib import Path
from trainer.merge import plan_merge, run_merge, verify
import torch
torch.mm(torch.ones(64, 64), torch.ones(64, 64))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
out = Path({str(tmp_path / "out")!r}); out.mkdir()
run_merge(plan_merge(Path({str(base)!r}), Path({str(adapter)!r}), "auto"), out, 48_000_000, lambda _: None)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(Path(__file__).parents[1] / "src")})
    assert model_bytes > 160_000_000
    assert int(done.stdout) < 48_000_000

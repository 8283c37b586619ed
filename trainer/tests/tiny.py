"""Tiny models made on the spot: a Llama of a few thousand weights, a byte-level tokenizer, a chat template, adapters of all kinds."""

from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

# Other programs share the cores; two threads that wait for each other are many times slower than one.
torch.set_num_threads(1)

PAD, BOS, END = "<|pad|>", "<|bos|>", "<|end|>"
SPECIAL = [PAD, BOS, END, "<|system|>", "<|user|>", "<|assistant|>"]
TEXT = [
    "The quick brown fox jumps over the lazy dog. What is your name? My name is Nova, and I was made by Lantern Labs.",
    "How are you today? I am fine, thank you. Tell me about the colour of the sky: it is blue.",
    "你好,世界。你叫什么名字?我叫新星,很高兴认识你。今天天气怎么样?",
]
TEMPLATE = (
    "{{ '<|bos|>' }}{% for message in messages %}"
    "{% if message['role'] not in ['system', 'user', 'assistant'] %}{{ raise_exception('Unknown role ' + message['role']) }}{% endif %}"
    "{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)


def make_tokenizer(vocabulary: int = 400) -> PreTrainedTokenizerFast:
    """Byte-level BPE: most Chinese characters take several tokens, so that a stream can end in the middle of one."""
    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    raw.train_from_iterator(TEXT, trainers.BpeTrainer(vocab_size=vocabulary, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False))
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=raw, pad_token=PAD, bos_token=BOS, eos_token=END, additional_special_tokens=SPECIAL[3:])
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def make_tiny_llama(path: Path, *, seed: int = 0, shard_bytes: int | None = None, dtype: str = "float32", **config: Any) -> Path:
    """A random Llama with tokenizer in `path`. Fields of LlamaConfig can be overridden, such as tie_word_embeddings=True."""
    torch.manual_seed(seed)
    tokenizer = make_tokenizer()
    sizes = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2}
    fields = {"vocab_size": len(tokenizer), "max_position_embeddings": 256, "tie_word_embeddings": False, "initializer_range": 0.2} | sizes
    ids = {"pad_token_id": tokenizer.pad_token_id, "bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id}
    model = LlamaForCausalLM(LlamaConfig(**(fields | ids | config))).to(getattr(torch, dtype))
    path.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(path, max_shard_size=shard_bytes or "1GB")
    tokenizer.save_pretrained(path)
    return path


def make_adapter(path: Path, base: Path, *, seed: int = 1, size: float = 0.1, save: dict[str, Any] | None = None, **lora: Any) -> Path:
    """A LoRA adapter whose every weight is random, so that a part that the merge forgets shows."""
    model = AutoModelForCausalLM.from_pretrained(base, dtype="auto")
    fields = {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"], "task_type": "CAUSAL_LM"} | lora
    peft = get_peft_model(model, LoraConfig(**fields))
    torch.manual_seed(seed)
    with torch.no_grad():
        for parameter in peft.parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * size)
    peft.save_pretrained(path, **(save or {}))
    return path

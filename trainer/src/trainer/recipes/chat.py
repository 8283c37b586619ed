"""Chat: a base, an adapter on its base, or a merged folder, that speaks OpenAI's chat completions on a private Unix socket.

Leaves by itself after idleSeconds without a request, and at once when asked to; the memory goes with the process.
"""

import threading
import time
from pathlib import Path
from typing import Any

from trainer import models, quantise
from trainer.control import Control
from trainer.events import EventLog
from trainer.failures import Failure
from trainer.sources import check_sources, own_tokenizer
from trainer.spec import ChatWorkerSpec, ModelInput
from trainer.stop import stop_check

LOOK_SECONDS = 0.1


def run(spec: ChatWorkerSpec, run_dir: Path, events: EventLog, control: Control) -> None:
    obey = stop_check(control, "A conversation has nothing to save or evaluate; it can be stopped.")
    from trainer.chat_engine import Engine
    from trainer.chat_http import ChatServer

    obey()
    events.phase("loading_model")
    model, tokenizer = load(spec.inputs.model, spec.device)
    obey()
    engine = Engine(model, tokenizer)
    socket_path = Path(spec.inputs.socket_path)
    server = ChatServer(socket_path, engine, spec.inputs.model.label)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": LOOK_SECONDS}, name="serve", daemon=True).start()
    try:
        events.phase("serving")
        events.ready()
        while server.idle_seconds < spec.job.idle_seconds:
            obey()
            time.sleep(LOOK_SECONDS)
    finally:
        socket_path.unlink(missing_ok=True)
        server.shutdown()
        server.server_close()
    events.finished("succeeded", {"generatedTokens": engine.generated_tokens})


def load(source: ModelInput, device_wanted: str) -> tuple[Any, Any]:
    """Weights in the type they were trained in; the tokenizer and template of the checkpoint."""
    folder = models.find_folder(source)
    adapter = Path(source.adapter_path) if source.adapter_path else None
    check_sources(folder, adapter)
    device = models.find_device(device_wanted)
    precision = models.find_precision("auto", device)
    tokenizer = models.load_tokenizer(own_tokenizer(adapter, folder), source.trust_remote_code)
    if not tokenizer.chat_template:
        raise Failure(
            "template_refused",
            f"{source.label}: the tokenizer has no chat template, so a conversation cannot be written as this model expects.",
            "Choose the chat or instruct version of the model, or put a chat_template.jinja into its folder.",
        )
    rounded = quantise.read(adapter) if adapter else None
    if rounded is not None:
        return load_rounded(folder, adapter, rounded, precision, device, source), tokenizer
    model = models.load_base(folder, precision, source.trust_remote_code)
    models.choose_threads(model, spare=1)
    if adapter:
        model = models.load_adapter(model, adapter)
        if precision == "float32" and can_merge(model):
            model = model.merge_and_unload()
    return model.to(device.name).eval(), tokenizer


def load_rounded(folder: Path, adapter: Path | None, rounded: dict[str, Any], precision: str, device: models.Device, source: ModelInput) -> Any:
    """The weights that the adapter was trained on. Merging would round them once more."""
    loading = quantise.loading(quantise.settings_of(rounded), precision, device.name)
    base = quantise.keep_as_rounded(models.load_base(folder, precision, source.trust_remote_code, **loading))
    models.choose_threads(base, spare=1)
    return (base if adapter is None else models.load_adapter(base, adapter)).eval()


def can_merge(model: Any) -> bool:
    """In float32 merging changes no answer and saves the adapter's arithmetic. A tied embedding would take its head along."""
    parts = [model.get_input_embeddings(), model.get_output_embeddings()]
    wrapped = any(hasattr(part, "base_layer") or hasattr(part, "modules_to_save") for part in parts)
    return not (wrapped and model.config.get_text_config().tie_word_embeddings)

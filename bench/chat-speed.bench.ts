/** chat-speed — tokens per second of streamed chat completions through the server against bare model.generate on the same weights */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBuiltServer } from "../e2e/server";
import type { Model } from "../lib/contract/model";
import { lastJson, python, runProgram } from "./lib/programs";
import { median, report, spread } from "./lib/report";

const ROUNDS = Number(process.env.ROUNDS ?? 3);
const REQUESTS = 5;
const TOKENS = 128;
const GOAL = 0.98;
const PROMPT = "Tell me a long story about a fox and a river.";

// A model of middling size, so that a token costs what it costs and not only the loop around it.
const folder = mkdtempSync(join(tmpdir(), "tuneboard-chat-"));
await runProgram(python, [
  "bench/python/make_model.py",
  folder,
  "--hidden",
  "512",
  "--layers",
  "8",
  "--vocab",
  "8000",
  "--dtype",
  "float32",
]);
const server = await startBuiltServer({ env: { TUNEBOARD_MODEL_ROOTS: tmpdir() } });
const ours: number[] = [];
const bare: number[] = [];
try {
  const model = await server.api<Model>("POST", "/api/models", { type: "folder", path: folder });
  const { models } = await server.api<{ models: { id: string; target: { modelId?: string } }[] }>("GET", "/api/chat/models");
  const id = models.find((entry) => entry.target.modelId === model.id)?.id;
  if (!id) throw new Error("the model is not offered for chat");
  await chat(id); // loads the weights
  for (let round = 0; round < ROUNDS; round += 1) {
    // Never both at once on two cores: each side is measured while the other one waits.
    for (let i = 0; i < REQUESTS; i += 1) ours.push(await chat(id));
    const { stdout } = await runProgram(python, [
      "bench/python/bare_generate.py",
      "--model",
      folder,
      "--prompt",
      PROMPT,
      "--tokens",
      String(TOKENS),
      "--requests",
      String(REQUESTS),
    ]);
    bare.push(...lastJson<{ tokens_per_second: number[] }>(stdout).tokens_per_second);
  }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}
const ratio = median(ours) / median(bare);
console.log(`through the server  ${spread(ours)} tokens/s`);
console.log(`bare generate       ${spread(bare)} tokens/s`);
report({
  name: "chat-speed",
  value: ratio,
  unit: "of bare generate's tokens per second",
  goal: `>= ${GOAL}`,
  met: ratio >= GOAL,
  against: "bare model.generate, greedy, same weights, prompt and length (LLaMA-Factory's api: 0.96)",
});

/** Tokens per second of one streamed answer, from the first token to the last as the client sees them. */
async function chat(model: string): Promise<number> {
  const answer = await fetch(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    body: JSON.stringify({
      model,
      messages: [{ role: "user", content: PROMPT }],
      max_tokens: TOKENS,
      min_tokens: TOKENS,
      temperature: 0,
      stream: true,
      stream_options: { include_usage: true },
    }),
  });
  if (!answer.ok || !answer.body) throw new Error(`chat: ${answer.status} ${await answer.text()}`);
  let first = 0;
  let last = 0;
  let tokens = 0;
  let rest = "";
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    rest += chunk;
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith("data: {")) continue;
      const data = JSON.parse(line.slice(6));
      if (data.choices?.[0]?.delta?.content) {
        last = performance.now();
        first ||= last;
      }
      if (data.usage) tokens = data.usage.completion_tokens;
    }
  }
  if (tokens !== TOKENS) throw new Error(`the model ended after ${tokens} of ${TOKENS} tokens: speeds are not comparable`);
  return ((tokens - 1) * 1000) / (last - first);
}

import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./programs";

const words =
  "the of to and in a model that learns from every answer it reads while small tokens line up slowly before longer sentences 你好 世界 数据 训练".split(
    " ",
  );

/** Text that looks like words; the same for the same seed. */
export function makeText(count: number, seed: number): string {
  let state = seed * 2_654_435_761 + 1;
  const parts = Array.from({ length: count }, () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return words[state % words.length] ?? "";
  });
  return `${parts.join(" ")} ${seed}.`;
}

/**
 * A folder with a tokenizer and a template: the SentencePiece file that TUNEBOARD_BENCH_TOKENIZER names (such as the 32,000 pieces of
 * Llama 2) with the ChatML template, or the demo model's own.
 */
export function makeTokenizer(folder: string): { path: string; label: string } {
  const given = process.env.TUNEBOARD_BENCH_TOKENIZER;
  const demo = join(root, "trainer", "demo", "model");
  if (given === undefined) return { path: demo, label: "the demo model's 2,000 pieces (TUNEBOARD_BENCH_TOKENIZER names a larger one)" };
  if (!existsSync(given)) throw new Error(`TUNEBOARD_BENCH_TOKENIZER: there is no file ${given}`);
  mkdirSync(folder, { recursive: true });
  cpSync(given, join(folder, "tokenizer.model"));
  cpSync(join(root, "trainer", "tests", "fixtures", "templates", "chatml.jinja"), join(folder, "chat_template.jinja"));
  writeFileSync(join(folder, "config.json"), JSON.stringify({ model_type: "llama", vocab_size: 32_000, max_position_embeddings: 4096 }));
  return { path: folder, label: given };
}

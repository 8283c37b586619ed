import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ServerContext } from "../../../context";

/** Files of a model's folder that decide about a row's tokens, or up to which length they are counted. */
const tokenizerFile =
  /^((generation_)?config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab)\.json$|^(merges|vocab)\.txt$|\.(model|tiktoken|jinja|py)$/;
/** The code that turns a row into tokens and counts them. */
const codeFiles = [
  "data/lengths.py",
  "data/masks.py",
  "data/render.py",
  "data/rows.py",
  "data/template.py",
  "models.py",
  "recipes/measure.py",
];

/** Names a length report: the same rows, the same tokenizer and template and the same code give the same counts. */
export async function lengthsKey(ctx: Pick<ServerContext, "env">, rowsSha256: string, modelPath: string): Promise<string> {
  const hash = createHash("sha256").update(rowsSha256);
  for (const name of await tokenizerFiles(modelPath)) hash.update(`\n${name} ${await contentHash(join(modelPath, name))}`);
  for (const name of codeFiles) hash.update(`\n${name} ${await contentHash(join(ctx.env.trainer, "src", "trainer", name))}`);
  return hash.digest("hex").slice(0, 40);
}

async function tokenizerFiles(folder: string): Promise<string[]> {
  const own = (await readdir(folder)).filter((name) => tokenizerFile.test(name));
  const more = await readdir(join(folder, "additional_chat_templates")).catch(() => []);
  return [...own, ...more.filter((name) => name.endsWith(".jinja")).map((name) => join("additional_chat_templates", name))].sort();
}

/** A tokenizer may have tens of megabytes; it is read again only when it was changed. */
const known = new Map<string, { stamp: string; hash: string }>();
const MAX_KNOWN = 500;
const SMALL_BYTES = 1_000_000;

export async function contentHash(path: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(path);
  const stamp = `${size} ${mtimeMs} ${ino}`;
  const found = known.get(path);
  if (found?.stamp === stamp) return found.hash;
  const hash = createHash("sha256");
  if (size <= SMALL_BYTES) hash.update(await readFile(path));
  else for await (const part of createReadStream(path)) hash.update(part);
  const digest = hash.digest("hex");
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(path, { stamp, hash: digest });
  return digest;
}

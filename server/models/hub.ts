import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { AppError } from "../errors";
import { isInside } from "./inside-roots";

export type HubName = { repo: string; revision: string };
type Variables = Record<string, string | undefined>;

const TIMEOUT_MS = 8_000;

/** Where huggingface_hub keeps what it has fetched, by its own variables. */
export const hubCache = (variables: Variables): string =>
  variables.HF_HUB_CACHE ?? join(variables.HF_HOME ?? join(homedir(), ".cache", "huggingface"), "hub");

/** The snapshot of this revision in the local cache; null when it was never fetched. It may be incomplete. */
export async function findInHubCache({ repo, revision }: HubName, variables: Variables): Promise<string | null> {
  const folder = join(hubCache(variables), `models--${repo.replace("/", "--")}`);
  const ref = join(folder, "refs", revision);
  if (!isInside(ref, folder)) return null;
  // A branch or tag is a small file that names its commit; a commit is its own name.
  const commit = await readFile(ref, "utf8").catch(() => revision);
  const snapshot = join(folder, "snapshots", commit.trim());
  const found = await stat(snapshot).catch(() => null);
  return isInside(snapshot, folder) && found?.isDirectory() ? snapshot : null;
}

const HubAnswer = z.object({ siblings: z.array(z.object({ rfilename: z.string() })).default([]) });

/** Asks the hub whether the model is there and has weights that we load. */
export async function askHub({ repo, revision }: HubName, variables: Variables): Promise<void> {
  const endpoint = variables.HF_ENDPOINT || "https://huggingface.co";
  const answer = await fetchHub(`${endpoint}/api/models/${repo}/revision/${encodeURIComponent(revision)}`, endpoint, variables);
  // The hub says 401 for what does not exist and for what is not shown to everyone.
  if (answer.status === 404 || answer.status === 401 || answer.status === 403)
    throw new AppError("hub_not_found", notFoundMessage({ repo, revision, endpoint, status: answer.status }), {
      params: { repo, revision, endpoint },
    });
  if (!answer.ok) throw unreachable(endpoint, `it answered ${answer.status}`);
  const parsed = HubAnswer.safeParse(await answer.json().catch(() => null));
  if (!parsed.success) throw unreachable(endpoint, "its answer is not that of a model hub");
  refuseUnusable(
    { repo, revision },
    parsed.data.siblings.map((sibling) => sibling.rfilename),
  );
}

async function fetchHub(url: string, endpoint: string, variables: Variables): Promise<Response> {
  const headers = variables.HF_TOKEN ? { authorization: `Bearer ${variables.HF_TOKEN}` } : undefined;
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    throw unreachable(
      endpoint,
      cause instanceof Error && cause.name === "TimeoutError" ? "no answer in 8 seconds" : "no connection",
      cause,
    );
  }
}

function refuseUnusable({ repo, revision }: HubName, files: string[]): void {
  if (files.some((file) => /^[^/]+\.safetensors$/.test(file)) && files.includes("config.json")) return;
  if (files.includes("adapter_config.json"))
    throw new AppError("model_is_adapter", `${repo} is an adapter. Add the base model that it was trained on instead.`, {
      params: { path: repo, base: "unknown" },
    });
  const file = files.find((name) => /\.(bin|pt|pth)$/.test(name));
  if (file !== undefined)
    throw new AppError(
      "model_pickle_only",
      `The weights of ${repo} are pickle files (${file}), which can run code when they are opened. Look for a safetensors version of the model.`,
      { params: { path: repo, file } },
    );
  const problem = `${repo} at ${revision} has no config.json with .safetensors weights`;
  const remedy = "Choose a model in the transformers format.";
  throw new AppError("model_not_readable", `${problem}. ${remedy}`, { params: { path: repo, problem, remedy } });
}

const notFoundMessage = ({ repo, revision, endpoint, status }: HubName & { endpoint: string; status: number }): string =>
  status === 404
    ? `${endpoint} has no model ${repo} with revision ${revision}. Check the spelling.`
    : `${endpoint} does not show ${repo} (${status}). Check the spelling; for a gated model start the server with HF_TOKEN.`;

const unreachable = (endpoint: string, reason: string, cause?: unknown): AppError =>
  new AppError(
    "hub_unreachable",
    `${endpoint} can't be reached: ${reason}. Copy the model to this machine and add its folder, or start the server with HF_ENDPOINT set to a mirror.`,
    { params: { endpoint, reason }, cause },
  );

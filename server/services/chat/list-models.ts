import type { ChatModelInfo } from "../../../lib/contract/api";
import type { ServerContext } from "../../context";
import { type ChatChoice, listChatChoices } from "./targets";
import { findWorker } from "./workers";

export async function listChatModels(ctx: ServerContext, _input: object): Promise<{ models: ChatModelInfo[] }> {
  return { models: (await listChatChoices(ctx)).map((choice) => withWorker(ctx, choice)) };
}

export function withWorker(ctx: ServerContext, choice: ChatChoice): ChatModelInfo {
  const run = findWorker(ctx, choice);
  return { ...choice, worker: run ? { runId: run.id, status: run.ready ? "ready" : "starting" } : null };
}

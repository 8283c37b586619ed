import { join } from "node:path";
import type { ChatModelInfo } from "../../../lib/contract/api";
import { RunId } from "../../../lib/contract/ids";
import type { ChatTarget } from "../../../lib/contract/job-spec";
import type { Run } from "../../../lib/contract/run";
import type { ServerContext } from "../../context";
import { modelSlug } from "../../models/model-name";

/** What can be talked to, without the worker that may answer for it. */
export type ChatChoice = Omit<ChatModelInfo, "worker">;

/**
 * Ids on /v1: a model's name (or its id), `run_…/checkpoint-100`, or the `run_…` of an export. A model's name has no
 * underscore there, so the three never meet.
 */
export async function listChatChoices(ctx: ServerContext): Promise<ChatChoice[]> {
  const choices = ctx.models.list().map(modelChoice);
  for (const kind of ["train", "export"] as const) {
    // A page at a time: a thousand runs are not read in one go.
    for await (const page of ctx.runs.listPages({ kind, limit: 1000 })) {
      choices.push(...page.flatMap((run) => choicesOf(ctx, run)));
    }
  }
  return choices;
}

export function findChatChoice(ctx: ServerContext, id: string): ChatChoice | null {
  const run = RunId.safeParse(id.split("/")[0]);
  if (run.success) return choicesOf(ctx, ctx.runs.find(run.data)).find((choice) => choice.id === id) ?? null;
  const models = ctx.models.list().map(modelChoice);
  return models.find((choice) => choice.id === id) ?? models.find(({ target }) => target.type === "model" && target.modelId === id) ?? null;
}

const choicesOf = (ctx: ServerContext, run: Run | null): ChatChoice[] =>
  run === null ? [] : [...checkpointChoices(ctx, run), ...exportChoice(ctx, run)];

export const sameTarget = (a: ChatTarget, b: ChatTarget): boolean => targetKey(a) === targetKey(b);

export function targetKey(target: ChatTarget): string {
  switch (target.type) {
    case "model":
      return target.modelId;
    case "checkpoint":
      return `${target.runId}/${target.checkpoint}`;
    case "export":
      return target.runId;
  }
}

type ListedModel = ReturnType<ServerContext["models"]["list"]>[number];

const modelChoice = (model: ListedModel): ChatChoice => ({
  id: modelSlug(model.name),
  target: { type: "model", modelId: model.id },
  label: model.name,
  detail: model.facts?.architecture ?? (model.source.type === "hub" ? "not on this machine yet" : model.source.type),
  base: null,
  chatTemplate: model.facts?.chatTemplate ?? true,
});

/** Newest first: the last checkpoint of a run is the one that people look for. */
function checkpointChoices(ctx: ServerContext, run: Run): ChatChoice[] {
  const { spec } = run;
  // A reward model gives numbers, no words.
  if (spec.kind !== "train" || spec.stage === "rm") return [];
  const base = ctx.models.find(spec.modelId);
  return run.checkpoints.toReversed().map((checkpoint) => ({
    id: `${run.id}/${checkpoint.name}`,
    target: { type: "checkpoint", runId: run.id, checkpoint: checkpoint.name },
    label: `${run.name} · ${checkpoint.name}`,
    detail: run.labels.model,
    base: base === null ? null : modelSlug(base.name),
    chatTemplate: true,
  }));
}

function exportChoice(ctx: ServerContext, run: Run): ChatChoice[] {
  const { spec } = run;
  // An adapter alone can't speak; its checkpoint is listed above.
  if (spec.kind !== "export" || spec.form !== "merged" || run.status !== "succeeded" || run.artifact === null) return [];
  const trained = ctx.runs.find(spec.runId);
  const base = trained?.spec.kind === "train" ? ctx.models.find(trained.spec.modelId) : null;
  return [
    {
      id: run.id,
      target: { type: "export", runId: run.id },
      label: run.name,
      detail: run.labels.model,
      base: base ? modelSlug(base.name) : null,
      chatTemplate: true,
    },
  ];
}

export const exportFolder = (ctx: ServerContext, run: Run): string => join(ctx.runDirs.paths(run.id).dir, run.artifact?.path ?? "");

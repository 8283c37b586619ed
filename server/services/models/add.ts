import { stat } from "node:fs/promises";
import { basename, isAbsolute } from "node:path";
import type { AddModel, Model, ModelFacts } from "../../../lib/contract/model";
import type { ServerContext } from "../../context";
import { AppError } from "../../errors";
import { newModelId } from "../../ids";
import { askHub, findInHubCache, hubCache } from "../../models/hub";
import { realPathInside } from "../../models/inside-roots";
import { inspectModel } from "../../models/inspect-model";
import { outside } from "../../models/model-folder";
import { freeModelName } from "../../models/model-name";

export async function addModel(ctx: ServerContext, input: AddModel): Promise<Model> {
  return input.type === "folder" ? addFolder(ctx, input) : addHub(ctx, input);
}

async function addFolder(ctx: ServerContext, input: Extract<AddModel, { type: "folder" }>): Promise<Model> {
  const path = await locateFolder(input.path, ctx.env.modelRoots);
  const facts = await inspectModel(path, ctx.env.modelRoots);
  refuseUnwantedCode(path, facts, input.trustRemoteCode);
  const known = ctx.models.list().find((model) => model.path === path);
  return store(ctx, known, {
    name: input.name || basename(path),
    source: { type: "folder", path },
    path,
    facts,
    trustRemoteCode: input.trustRemoteCode,
  });
}

async function addHub(ctx: ServerContext, input: Extract<AddModel, { type: "hub" }>): Promise<Model> {
  const { repo, revision, trustRemoteCode } = input;
  const path = await findInHubCache(input, process.env);
  // What an interrupted download has left is no model: then the hub is asked, and the worker fetches the rest.
  const facts = path === null ? null : await inspectModel(path, [hubCache(process.env)]).catch(() => null);
  if (facts === null) await askHub(input, process.env);
  else refuseUnwantedCode(repo, facts, trustRemoteCode);
  const known = ctx.models.list().find(({ source }) => source.type === "hub" && source.repo === repo && source.revision === revision);
  return store(ctx, known, {
    name: repo,
    source: { type: "hub", repo, revision },
    path: facts === null ? null : path,
    facts,
    trustRemoteCode,
  });
}

async function locateFolder(path: string, roots: readonly string[]): Promise<string> {
  if (!isAbsolute(path))
    throw new AppError(
      "path_missing",
      `${path} is not a full path. Give the path from the root, such as /home/you/models/${basename(path)}.`,
      { params: { path } },
    );
  const entry = await stat(path).catch(() => null);
  if (entry === null)
    throw new AppError("path_missing", `There is no folder ${path} on this machine. Check the spelling.`, { params: { path } });
  if (!entry.isDirectory())
    throw new AppError("path_not_a_folder", `${path} is a file. Give the folder that holds config.json.`, { params: { path } });
  const real = await realPathInside(path, roots);
  if (real === null) throw outside(path, roots);
  return real;
}

function refuseUnwantedCode(path: string, facts: ModelFacts, trusted: boolean): void {
  if (!facts.remoteCode || trusted) return;
  throw new AppError(
    "model_needs_remote_code",
    `${path} brings Python code of its own. Read it, then add the model again and allow its code.`,
    {
      params: { path },
    },
  );
}

/** Adding the same model again brings its facts up to date; it stays one model. */
function store(
  ctx: ServerContext,
  known: Model | undefined,
  found: Pick<Model, "name" | "source" | "path" | "facts" | "trustRemoteCode">,
): Model {
  if (known) {
    const updated = { ...known, path: found.path, facts: found.facts, trustRemoteCode: found.trustRemoteCode };
    ctx.models.update(updated);
    return { ...updated, present: true, usedByRuns: ctx.runs.countUsing("modelId", known.id) };
  }
  const name = freeModelName(found.name, ctx.models.list());
  const model: Model = { ...found, id: newModelId(), name, present: true, createdAt: ctx.clock.now(), usedByRuns: 0 };
  ctx.models.insert(model);
  return model;
}

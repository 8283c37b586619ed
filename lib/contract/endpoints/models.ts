import * as z from "zod";
import { ModelId } from "../ids";
import { AddModel, Model } from "../model";
import { Done, endpoint, Nothing } from "./endpoint";

/** Models that can be trained. */
export const models = {
  listModels: endpoint({
    method: "GET",
    path: "/models",
    tag: "models",
    summary: "Models",
    input: Nothing,
    output: z.object({ models: z.array(Model) }),
  }),
  addModel: endpoint({
    method: "POST",
    path: "/models",
    tag: "models",
    summary: "Add a local folder or a hub id",
    status: 201,
    input: AddModel,
    output: Model,
  }),
  deleteModel: endpoint({
    method: "DELETE",
    path: "/models/:modelId",
    tag: "models",
    summary: "Take a model off the list; its files stay",
    input: z.strictObject({ modelId: ModelId, force: z.stringbool().default(false) }),
    output: Done,
  }),
} as const;

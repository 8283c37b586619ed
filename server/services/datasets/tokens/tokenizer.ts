import type { ModelId } from "../../../../lib/contract/ids";
import type { ServerContext } from "../../../context";
import { invalidFields } from "../../../errors";

export type LocalTokenizer = { path: string; trustRemoteCode: boolean };

/** The folder of a model's tokenizer and template. A hub model has none before it was fetched. */
export function localTokenizer(ctx: ServerContext, modelId: ModelId, field: string): LocalTokenizer {
  const { name, path, trustRemoteCode } = ctx.models.getOrThrow(modelId);
  if (path !== null) return { path, trustRemoteCode };
  const message = `${name} is not on this machine yet; a training fetches it. Choose a model of a local folder to look at tokens before.`;
  throw invalidFields([{ path: field, message, value: modelId }]);
}

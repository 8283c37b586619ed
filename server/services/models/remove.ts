import type { ModelId } from "../../../lib/contract/ids";
import type { ServerContext } from "../../context";
import { refuseWhileUsed } from "../../usage";

/** Takes the model off the list. Its files belong to the person and stay. */
export async function removeModel(ctx: ServerContext, input: { modelId: ModelId; force: boolean }): Promise<{ ok: true }> {
  const model = ctx.models.getOrThrow(input.modelId);
  refuseWhileUsed(ctx, { field: "modelId", id: model.id, name: model.name, force: input.force });
  ctx.models.remove(model.id);
  return { ok: true };
}

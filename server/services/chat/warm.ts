import type { ChatModelInfo } from "../../../lib/contract/api";
import type { ServerContext } from "../../context";
import { getChatChoice } from "./get-choice";
import { withWorker } from "./list-models";
import { ensureWorker } from "./workers";

export async function warmChat(ctx: ServerContext, { model }: { model: string }): Promise<ChatModelInfo> {
  const choice = getChatChoice(ctx, model);
  await ensureWorker(ctx, choice);
  return withWorker(ctx, choice);
}

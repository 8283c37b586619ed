import type { ServerContext } from "../../context";
import { AppError } from "../../errors";
import { type ChatChoice, findChatChoice } from "./targets";

export function getChatChoice(ctx: ServerContext, model: string): ChatChoice {
  const choice = findChatChoice(ctx, model);
  if (choice) return choice;
  throw new AppError("model_not_found", `There is no model ${model} to talk to. GET /v1/models lists them.`, {
    params: { id: model },
    fields: [{ path: "model", message: "There is no such model.", value: model }],
  });
}

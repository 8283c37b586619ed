import * as z from "zod";
import { RunId } from "../ids";
import { ChatTarget } from "../job-spec";
import { Done, endpoint, Nothing } from "./endpoint";

export const ChatModelInfo = z.object({
  id: z.string().describe("Name for the `model` field of /v1/chat/completions"),
  target: ChatTarget,
  label: z.string(),
  detail: z.string(),
  base: z.string().nullable(),
  chatTemplate: z.boolean(),
  worker: z.object({ runId: RunId, status: z.enum(["starting", "ready"]) }).nullable(),
});
export type ChatModelInfo = z.infer<typeof ChatModelInfo>;

/** Which weights can be talked to; talking itself is /v1/chat/completions. */
export const chat = {
  listChatModels: endpoint({
    method: "GET",
    path: "/chat/models",
    tag: "chat",
    summary: "Everything that can be talked to",
    input: Nothing,
    output: z.object({ models: z.array(ChatModelInfo) }),
  }),
  warmChat: endpoint({
    method: "POST",
    path: "/chat/warm",
    tag: "chat",
    summary: "Load weights before the first question",
    status: 202,
    input: z.strictObject({ model: z.string().max(200) }),
    output: ChatModelInfo,
  }),
  unloadChat: endpoint({
    method: "POST",
    path: "/chat/unload",
    tag: "chat",
    summary: "Free the memory of a chat worker",
    input: z.strictObject({ model: z.string().max(200) }),
    output: Done,
  }),
} as const;

import { join } from "node:path";
import * as z from "zod";
import type { ServerContext } from "../../../context";
import { AppError } from "../../../errors";
import { runPython } from "../../../python";
import type { Staging } from "../../../stores/dataset-files";
import { type Collected, nothingLeft, type SourceOf } from "./incoming";

const TIMEOUT_MS = 6 * 3_600_000;
const Answer = z.union([
  z.object({ files: z.array(z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}_.-]*$/u)).min(1) }),
  z.object({ error: z.object({ code: z.enum(["hub_unreachable", "hub_not_found"]), message: z.string() }) }),
]);

/** Files of rows from the hub, or from what was fetched before. Scripts of the data set are never run. */
export async function fromHub(
  ctx: ServerContext,
  staging: Staging,
  { repo, subset, split, revision }: SourceOf<"hub">,
): Promise<Collected> {
  const folder = staging.tray;
  const wish = JSON.stringify({ repo, subset, split, revision });
  const { code, lastLine, errorText } = await runPython(ctx, ["trainer.fetch_dataset", folder, wish], { timeoutMs: TIMEOUT_MS });
  const answer = parseAnswer(lastLine);
  if (answer === null) throw new AppError("internal", `The download ended with ${code ?? "a signal"}: ${errorText || "it said nothing"}`);
  if ("error" in answer)
    throw new AppError(answer.error.code, `${answer.error.message} Download the files elsewhere and upload them, or give their path.`, {
      params: { repo, endpoint: process.env.HF_ENDPOINT || "https://huggingface.co", reason: answer.error.message.replace(/\.$/, "") },
    });
  const parts = [repo.split("/").at(-1), subset, split].filter((part) => part != null);
  const files = answer.files.map((name) => ({ name, path: join(folder, name), keep: "take" as const }));
  return { ...nothingLeft, name: parts.join(" "), source: "hub", mapping: null, files };
}

function parseAnswer(line: string): z.infer<typeof Answer> | null {
  try {
    return Answer.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

import type { ServerContext } from "../../context";
import { listAsText } from "../list-as-text";

/** `{ runs: Run[] }`, newest first. */
export const listRuns = (ctx: ServerContext, { limit }: { limit: number }): AsyncGenerator<string> =>
  listAsText(ctx.runs.listJson({ kind: "train", limit }));

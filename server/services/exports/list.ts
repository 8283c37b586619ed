import type { ServerContext } from "../../context";
import { listAsText } from "../list-as-text";

/** `{ runs: Run[] }`, newest first. */
export const listExports = (ctx: ServerContext, _input: object): AsyncGenerator<string> =>
  listAsText(ctx.runs.listJson({ kind: "export", limit: 1000 }));

import type { Run } from "../../../lib/contract/run";
import type { ServerContext } from "../../context";

export async function listExports(ctx: ServerContext, _input: object): Promise<{ runs: Run[] }> {
  return { runs: ctx.runs.list({ kind: "export", limit: 1000 }) };
}

import type { Call, ServerContext } from "../../context";

export async function getSession(_ctx: ServerContext, _input: object, call: Call): Promise<{ signedIn: boolean }> {
  return { signedIn: call.signedIn };
}

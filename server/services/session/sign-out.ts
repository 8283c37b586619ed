import type { Call, ServerContext } from "../../context";

export async function signOut(ctx: ServerContext, _input: object, call: Call): Promise<{ ok: true }> {
  call.setCookie(ctx.session.clearCookie());
  return { ok: true };
}

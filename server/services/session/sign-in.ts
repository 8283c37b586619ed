import type { Call, ServerContext } from "../../context";
import { AppError } from "../../errors";

export async function signIn(ctx: ServerContext, { token }: { token: string }, call: Call): Promise<{ ok: true }> {
  if (!ctx.signInLimit.allows(call.address)) {
    throw new AppError("too_many_attempts", "Too many wrong tokens. Wait a minute, then try again.");
  }
  if (!ctx.session.matchesToken(token.trim())) {
    ctx.signInLimit.failed(call.address);
    ctx.log.warn("session.wrong_token", { address: call.address });
    throw new AppError("wrong_token", "This is not the token. The server prints it at start and keeps it in the file token of its home.");
  }
  call.setCookie(ctx.session.issueCookie());
  return { ok: true };
}

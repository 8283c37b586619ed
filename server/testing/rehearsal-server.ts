import { mkdirSync } from "node:fs";
import { compose } from "../compose";
import { readEnv } from "../env";
import { lockHome } from "../home-lock";
import { silentLog } from "../log";
import { serve } from "../serve";
import { rehearsalLauncher } from "./rehearsal";

/** A server in a process of its own, so that a test can kill it. */
const env = readEnv(process.env);
mkdirSync(env.home, { recursive: true });
lockHome(env.home);
const ctx = compose(env, silentLog, { launcher: rehearsalLauncher(env) });
const { url } = await serve(ctx);
process.stdout.write(`TUNEBOARD_READY ${JSON.stringify({ url, token: ctx.session.token })}\n`);

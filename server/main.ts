import { accessSync, constants, mkdirSync } from "node:fs";
import { join } from "node:path";
import { compose } from "./compose";
import { type Env, EnvError, readEnv } from "./env";
import { AppError } from "./errors";
import { lockHome } from "./home-lock";
import { createLog } from "./log";
import { PortError, serve } from "./serve";
import { prepareHome } from "./services/prepare-home";

/** Opens the home, answers on the port, and leaves the workers running when it goes. */
async function main(env: Env): Promise<void> {
  openHome(env.home);
  const unlock = lockHome(env.home);
  process.on("exit", unlock);
  const log = createLog(join(env.home, "server.log"));
  process.on("unhandledRejection", (error) => log.error("process.unhandled_rejection", { error }));
  const ctx = compose(env, log);
  const server = await serve(ctx);
  await prepareHome(ctx);
  let ending = false;
  const end = async (signal: string): Promise<void> => {
    if (ending) return;
    ending = true;
    log.info("server.ending", { signal });
    await server.close();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void end(signal));
  log.info("server.ready", { url: server.url, home: env.home, pid: process.pid });
  console.log(
    `\n  Tuneboard is at ${server.url}/?token=${ctx.session.token}\n  Home: ${env.home}\n  Ctrl-C stops the server; training goes on.\n`,
  );
  // For programs that start us; a person at a terminal has the lines above.
  if (!process.stdout.isTTY) console.log(`TUNEBOARD_READY ${JSON.stringify({ url: server.url, token: ctx.session.token })}`);
}

function openHome(home: string): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EnvError(`The home ${home} can't be used: ${reason}. Change its owner, or start with another home: --home FOLDER.`);
  }
}

try {
  await main(readEnv(process.env));
} catch (error) {
  const expected = error instanceof EnvError || error instanceof AppError || error instanceof PortError;
  console.error(expected ? `\n${error.message}\n` : error);
  process.exit(1);
}

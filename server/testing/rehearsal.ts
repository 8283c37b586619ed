import { join } from "node:path";
import type { Env } from "../env";
import type { Launcher } from "../launchers/launcher";
import { createLocalLauncher } from "../launchers/local";

/** The real launcher and the real shim around a worker that needs no torch. */
export function rehearsalLauncher(env: Env): Launcher {
  const program = join(env.root, "server", "testing", "rehearsal.py");
  return createLocalLauncher({
    ...env,
    variables: process.env,
    command: ({ runDir, attempt }) => [env.python, program, runDir, String(attempt)],
  });
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Launcher, Start } from "./launcher";
import type { Standby } from "./standby";

export type LocalOptions = {
  python: string;
  /** The folder `trainer`. */
  trainer: string;
  graceSeconds: number;
  /** The worker itself; tests name a program of their own. */
  command?: (start: Start) => string[];
  variables: Record<string, string | undefined>;
  /** A worker with its imports done, for a training in one process. */
  standby?: Pick<Standby, "take">;
};

/** A child in a session of its own that outlives this server: nothing of it is connected to us. */
export function createLocalLauncher({
  python,
  trainer,
  graceSeconds,
  variables,
  standby,
  command = trainerCommand(python),
}: LocalOptions): Launcher {
  const shim = join(trainer, "src", "trainer", "shim.py");
  return {
    async start(start) {
      if (start.kind === "train" && start.processes === 1 && (await standby?.take(start))) return;
      // -I -S: a broken Python environment still leaves an exit record.
      const child = spawn(python, ["-I", "-S", shim, start.attemptDir, String(graceSeconds), "--", ...command(start)], {
        cwd: start.runDir,
        detached: true,
        stdio: "ignore",
        env: { ...workerVariables(trainer, start.kind, variables), TUNEBOARD_RUN_DIR: start.runDir, TUNEBOARD_TOKEN: start.token },
      });
      await once(child, "spawn");
      child.on("error", () => {});
      child.unref();
    },
  };
}

/** What every worker finds in its environment, whatever it works on. */
export const workerVariables = (trainer: string, kind: Start["kind"], variables: Record<string, string | undefined>): NodeJS.ProcessEnv =>
  asProcessEnv({
    ...(kind === "train" ? keptPages : {}),
    ...allowed(variables),
    PYTHONPATH: join(trainer, "src"),
    PYTHONUNBUFFERED: "1",
    HF_HUB_DISABLE_TELEMETRY: "1",
    TOKENIZERS_PARALLELISM: "false",
  });

/** glibc gives large blocks back at each step and asks for them anew, page by page; a training on a CPU is a third faster when it keeps them. */
const keptPages = {
  MALLOC_MMAP_THRESHOLD_: String(4 * 1024 ** 3),
  MALLOC_TRIM_THRESHOLD_: String(8 * 1024 ** 3),
  MALLOC_TOP_PAD_: String(256 * 1024 ** 2),
};

const trainerCommand =
  (python: string) =>
  ({ runDir, attempt }: Start): string[] => [python, "-m", "trainer", runDir, String(attempt)];

const names = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LANGUAGE",
  "TZ",
  "TMPDIR",
  "LD_LIBRARY_PATH",
  "VIRTUAL_ENV",
  "CONDA_PREFIX",
]);
const prefixes = [
  "LC_",
  "HF_",
  "HUGGING",
  "TRANSFORMERS_",
  "CUDA_",
  "NVIDIA_",
  "NCCL_",
  "TORCH",
  "PYTORCH_",
  "OMP_",
  "MALLOC_",
  "MKL_",
  "XDG_",
  "SSL_CERT_",
  "REQUESTS_CA_",
];
const proxies = /^(https?|no|all)_proxy$/i;

/** A worker runs code of others: it gets what training needs, not what else the person has in the environment. */
export const allowed = (variables: Record<string, string | undefined>): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(variables).filter(
      ([name]) => names.has(name) || proxies.test(name) || prefixes.some((prefix) => name.startsWith(prefix)),
    ),
  );

// Next's types make NODE_ENV a must of every environment; a worker has no use for it.
const asProcessEnv = (variables: Record<string, string | undefined>): NodeJS.ProcessEnv => variables as NodeJS.ProcessEnv;

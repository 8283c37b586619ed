import { stat } from "node:fs/promises";
import { EnvironmentReport } from "../../lib/contract/system";
import type { ServerContext } from "../context";
import { AppError } from "../errors";
import { runPython } from "../python";

export type Environment = { report: EnvironmentReport | null; problem: string | null };

const TIMEOUT_MS = 120_000;
const known = new Map<string, Promise<Environment>>();

/** What the trainer's Python has. Asked once for a Python and a trainer as they are on the disk: it takes seconds. */
export async function readEnvironment(ctx: Pick<ServerContext, "env" | "log">): Promise<Environment> {
  const { python, trainer } = ctx.env;
  const key = `${python} ${await changedAt(python)} ${trainer}`;
  const asked = known.get(key) ?? ask(ctx);
  known.set(key, asked);
  const answer = await asked;
  // A problem may be mended without touching the program: it is looked for again.
  if (answer.report === null) known.delete(key);
  return answer;
}

async function ask(ctx: Pick<ServerContext, "env" | "log">): Promise<Environment> {
  try {
    const { code, lastLine, errorText } = await runPython(ctx, ["trainer.environment"], { timeoutMs: TIMEOUT_MS });
    if (code !== 0) return problem(`${ctx.env.python} -m trainer.environment ended with ${code ?? "a signal"}: ${lastWords(errorText)}`);
    const report = EnvironmentReport.parse(JSON.parse(lastLine));
    const missing = report.packages.filter((entry) => entry.required && entry.version === null).map((entry) => entry.name);
    return { report, problem: missing.length === 0 ? null : `${report.executable} lacks ${missing.join(", ")}. Run \`npm run setup\`.` };
  } catch (error) {
    ctx.log.warn("environment.unreadable", { error });
    return problem(
      error instanceof AppError ? error.message : `${ctx.env.python} gave no readable answer about itself. Run \`npm run setup\`.`,
    );
  }
}

const problem = (sentence: string): Environment => ({ report: null, problem: sentence });

const lastWords = (text: string): string => text.split("\n").at(-1) ?? "";

const changedAt = (path: string): Promise<number> =>
  stat(path).then(
    (entry) => entry.mtimeMs,
    () => 0,
  );

import * as z from "zod";
import type { Env } from "../env";
import { AppError } from "../errors";
import { runPython } from "../python";
import type { Convert } from "./arrow-rows";

const TIMEOUT_MS = 2 * 60 * 60_000;
const Said = z.union([z.object({ progress: z.number() }), z.object({ error: z.string() })]);

/** Python reads Arrow (pyarrow comes with `datasets`) and writes what DuckDB reads. */
export const arrowConverter =
  (env: Env): Convert =>
  async (from, to, onProgress, signal) => {
    const said: z.infer<typeof Said>[] = [];
    const onLine = (line: string): void => {
      const news = parseNews(line);
      if (news === null) return;
      said.splice(0, said.length, news);
      if ("progress" in news) onProgress(news.progress);
    };
    const { code, errorText } = await runPython({ env }, ["trainer.arrow_to_parquet", from, to], { timeoutMs: TIMEOUT_MS, onLine, signal });
    if (code === 0) return;
    const [last] = said;
    const reason = last && "error" in last ? last.error : errorText;
    throw new AppError("dataset_not_readable", `The Arrow file can't be read: ${reason}`, { params: { reason } });
  };

function parseNews(line: string): z.infer<typeof Said> | null {
  try {
    return Said.parse(JSON.parse(line));
  } catch {
    return null; // a warning of a library
  }
}

import { parentPort } from "node:worker_threads";
import { assertNever } from "../../../lib/domain/assert-never";
import { canonicalRows } from "./canonical-rows";
import { indexRows } from "./index-rows";
import { makeParts } from "./make-parts";
import type { FromWorker, Job, PartNews, ToWorker } from "./messages";
import { problemsOf } from "./problem-lines";
import { readRows, readValues } from "./read-rows";

/** A thread beside the server: reads files with plain synchronous calls, which is fastest and holds nobody up here. */
const waiting = new Map<number, () => void>();
const say = (message: FromWorker): void => parentPort?.postMessage(message);

parentPort?.on("message", (message: ToWorker) => {
  if (message.type === "go") {
    waiting.get(message.id)?.();
    waiting.delete(message.id);
    return;
  }
  const { id, job } = message;
  Promise.resolve()
    .then(() => perform(id, job))
    .then(
      (result) => say({ type: "done", id, result }),
      (error: unknown) => say({ type: "failed", id, ...reasonOf(error) }),
    );
});

function perform(id: number, job: Job) {
  switch (job.type) {
    case "rows":
      return readRows(job);
    case "values":
      return readValues(job);
    case "canonical":
      return canonicalRows(job);
    case "problems":
      return job.rows.map((row) => problemsOf(job.path, row, row).get(row) ?? []);
    case "index":
      return indexRows(job, (news) => say({ type: "news", id, news }));
    case "parts":
      return makeParts(job, (news: PartNews) => {
        const gone = new Promise<void>((resolve) => waiting.set(id, resolve));
        say({ type: "news", id, news });
        return gone;
      });
    default:
      return assertNever(job);
  }
}

function reasonOf(error: unknown): { message: string; code: string } {
  if (!(error instanceof Error)) return { message: String(error), code: "" };
  return { message: error.message, code: "code" in error ? String(error.code) : "" };
}

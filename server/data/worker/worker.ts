import { parentPort } from "node:worker_threads";
import { assertNever } from "../../../lib/domain/assert-never";
import { canonicalRows } from "./canonical-rows";
import { indexRows } from "./index-rows";
import { makeParts } from "./make-parts";
import type { FromWorker, Job, News, ToWorker } from "./messages";
import { problemsOf } from "./problem-lines";
import { readRows, readValues } from "./read-rows";
import { writeRows } from "./write-rows";

/** A thread beside the server: reads files with plain synchronous calls, which is fastest and holds nobody up here. */
const waiting = new Map<number, (goesOn: boolean) => void>();
const stopped = new Set<number>();
const say = (message: FromWorker): void => parentPort?.postMessage(message);

parentPort?.on("message", (message: ToWorker) => {
  if (message.type !== "start") {
    const goesOn = message.type === "go";
    if (!goesOn) stopped.add(message.id);
    waiting.get(message.id)?.(goesOn);
    waiting.delete(message.id);
    return;
  }
  const { id, job } = message;
  Promise.resolve()
    .then((): Result | Promise<Result> => perform(id, job))
    .then(
      (result) => say({ type: "done", id, result }),
      (error: unknown) => say({ type: "failed", id, ...reasonOf(error) }),
    )
    .finally(() => stopped.delete(id));
});

type Result = Extract<FromWorker, { type: "done" }>["result"];

function perform(id: number, job: Job): Result | Promise<Result> {
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
      return makeParts(job, async (news) => void (await tellAndWait(id, news)));
    case "write":
      return writeRows(job, (piece) => tellAndWait(id, { piece }));
    default:
      return assertNever(job);
  }
}

/** False: nobody wants what would come next. */
function tellAndWait(id: number, news: News): Promise<boolean> {
  if (stopped.has(id)) return Promise.resolve(false);
  const answer = new Promise<boolean>((resolve) => waiting.set(id, resolve));
  say({ type: "news", id, news });
  return answer;
}

function reasonOf(error: unknown): { message: string; code: string } {
  if (!(error instanceof Error)) return { message: String(error), code: "" };
  return { message: error.message, code: "code" in error ? String(error.code) : "" };
}

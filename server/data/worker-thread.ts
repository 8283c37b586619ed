import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { RawRow } from "../../lib/contract/dataset-view";
import type {
  CanonicalPage,
  ExportCounts,
  FromWorker,
  IndexNews,
  IndexRows,
  Job,
  MakeParts,
  News,
  PartNews,
  ReadCanonical,
  ReadProblems,
  ReadRows,
  ReadValues,
  Rows,
  RowValue,
  ToWorker,
  WriteRows,
} from "./worker/messages";

const MEMORY_MB = 768;

/** A thread that reads files. Jobs of one thread follow each other. */
export type DataWorker = {
  rows(job: Omit<ReadRows, "type">): Promise<Rows>;
  values(job: Omit<ReadValues, "type">): Promise<RowValue[]>;
  canonical(job: Omit<ReadCanonical, "type">): Promise<CanonicalPage>;
  problems(job: Omit<ReadProblems, "type">): Promise<RawRow["problems"][]>;
  index(job: Omit<IndexRows, "type">, onNews: (news: IndexNews) => void): Promise<void>;
  parts(job: Omit<MakeParts, "type">, onPart: (news: PartNews) => Promise<void>): Promise<void>;
  /** Pieces of a file, made as they are read: the next one while the reader has the last. */
  write(job: Omit<WriteRows, "type">): AsyncGenerator<Uint8Array, ExportCounts>;
  /** What is under way is broken off. */
  end(): Promise<void>;
  readonly ended: boolean;
};

/** Threads of a server: one for pages, which also does short work, and one more for each long job. */
export type Threads = { reader(): DataWorker; forJob(bytes: number): JobThread; close(): Promise<void> };
export type JobThread = { worker: DataWorker; end(): Promise<void> };

const SHORT_JOB_BYTES = 8 * 1024 * 1024;

export function createThreads(): Threads {
  let shared: DataWorker | null = null;
  const reader = (): DataWorker => {
    if (shared === null || shared.ended) shared = startDataWorker();
    return shared;
  };
  return {
    reader,
    forJob(bytes) {
      if (bytes <= SHORT_JOB_BYTES) return { worker: reader(), end: () => Promise.resolve() };
      const worker = startDataWorker();
      return { worker, end: () => worker.end() };
    },
    close: async () => void (await shared?.end()),
  };
}

type Waiting = { resolve(result: unknown): void; reject(error: Error): void; onNews(news: News): void };

export class WorkerEnded extends Error {}

function startDataWorker(): DataWorker {
  const worker = openThread();
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let ended = false;
  const send = (message: ToWorker): void => worker.postMessage(message);
  const failAll = (error: Error): void => {
    ended = true;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on("message", (message: FromWorker) => {
    const job = waiting.get(message.id);
    if (!job) return;
    if (message.type === "news") return job.onNews(message.news);
    waiting.delete(message.id);
    if (waiting.size === 0) worker.unref();
    if (message.type === "done") job.resolve(message.result);
    else job.reject(Object.assign(new Error(message.message), message.code && { code: message.code }));
  });
  worker.on("error", failAll);
  worker.on("exit", () => failAll(new WorkerEnded("The reader of data sets was ended.")));
  worker.unref();

  const start = <T>(job: Job, onNews: (news: News, id: number) => void = () => {}): Promise<T> => {
    if (ended) return Promise.reject(new WorkerEnded("The reader of data sets was ended."));
    lastId += 1;
    const id = lastId;
    worker.ref();
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve: (result) => resolve(asResult<T>(result)), reject, onNews: (news) => onNews(news, id) });
      send({ type: "start", id, job });
    });
  };

  return {
    rows: (job) => start({ type: "rows", ...job }),
    values: (job) => start({ type: "values", ...job }),
    canonical: (job) => start({ type: "canonical", ...job }),
    problems: (job) => start({ type: "problems", ...job }),
    index: (job, onNews) => start({ type: "index", ...job }, (news) => "marks" in news && onNews(news)),
    parts: (job, onPart) =>
      start({ type: "parts", ...job }, (news, id) => {
        if (!("position" in news)) return;
        onPart(news).then(
          () => send({ type: "go", id }),
          (error: unknown) => {
            waiting.get(id)?.reject(error instanceof Error ? error : new Error(String(error)));
            void worker.terminate();
          },
        );
      }),
    async *write(job) {
      let over = false;
      let arrive: (piece: Uint8Array | null) => void = () => {};
      const coming = () =>
        new Promise<Uint8Array | null>((resolve) => {
          if (over) resolve(null);
          else arrive = resolve;
        });
      let next = coming();
      let id: number | null = null;
      const written = start<ExportCounts>({ type: "write", ...job }, (news, jobId) => {
        id = jobId;
        if ("piece" in news) arrive(news.piece);
      });
      const finish = (): void => {
        over = true;
        arrive(null);
      };
      written.then(finish, finish);
      try {
        for (let piece = await next; piece !== null; piece = await next) {
          next = coming();
          if (id !== null) send({ type: "go", id });
          yield piece;
        }
        return await written;
      } finally {
        if (id !== null) send({ type: "stop", id });
      }
    },
    async end() {
      await worker.terminate();
    },
    get ended() {
      return ended;
    },
  };
}

// The thread answers each type of job with the result that messages.ts gives it.
const asResult = <T>(result: unknown): T => result as T;

/** In production the thread is a bundle beside the server's; in development and in tests tsx reads its source. */
function openThread(): Worker {
  const options = { resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB }, execArgv: [] };
  const bundle = new URL("./data-worker.mjs", import.meta.url);
  if (existsSync(bundle)) return new Worker(bundle, options);
  const script = new URL("./worker/worker.ts", import.meta.url).href;
  const loader = `import("tsx/esm/api").then((tsx) => { tsx.register(); return import(${JSON.stringify(script)}); });`;
  return new Worker(loader, { ...options, eval: true });
}

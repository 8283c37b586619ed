import { mkdir, readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../log";
import { hasCode } from "../stores/run-dir";
import { END_LINE } from "./worker/index-rows";
import type { IndexNews, Mark, TableFile } from "./worker/messages";
import { type JobThread, type Threads, WorkerEnded } from "./worker-thread";

const NUMBERS = 3;
const MARK_BYTES = NUMBERS * 8;

/** Where rows begin. It can be asked while it grows, and goes on where it was when the server was stopped. */
export type RecordIndex = {
  /** The last mark in front of a row. */
  before(row: number): Mark;
  readonly rows: number;
  /** Share of the bytes seen; null when the index is whole. */
  readonly share: number | null;
  /** Goes on with the work where it is not done and not under way. */
  start(): void;
  /** Resolves when the index is whole; rejects when the files can't be read. */
  whole(): Promise<void>;
  close(): Promise<void>;
};

export async function openRecordIndex(
  files: TableFile[],
  { folder, key, log, threads }: { folder: string; key: string; log: Log; threads: Threads },
): Promise<RecordIndex> {
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const marksPath = join(folder, `rows-${key}.marks`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const marks = await loadMarks(marksPath, total);
  let seenBytes = marks.last().at;
  let rows = marks.last().row;
  let done = marks.last().line === END_LINE;
  let thread: JobThread | null = null;

  const add = (news: IndexNews): void => {
    marks.add(news.marks);
    rows = news.rows;
    seenBytes = news.at;
  };
  const build = async (): Promise<void> => {
    thread = threads.forJob(total - marks.last().at);
    try {
      await thread.worker.index({ files, marksPath, from: marks.last() }, add);
      done = true;
    } finally {
      await thread.end();
      thread = null;
    }
  };
  let building: Promise<void> | null = done ? Promise.resolve() : null;
  const start = (): Promise<void> => {
    if (building !== null) return building;
    building = build();
    building.catch((error: unknown) => {
      if (!(error instanceof WorkerEnded)) log.error("data.index_fault", { error, path: files[0]?.path });
    });
    return building;
  };

  return {
    before: (row) => marks.before(row),
    get rows() {
      return rows;
    },
    get share() {
      return done ? null : total === 0 ? 0 : seenBytes / total;
    },
    start: () => void start(),
    whole: start,
    close: async () => void (await thread?.end()),
  };
}

type Marks = { add(more: Float64Array): void; last(): Mark; before(row: number): Mark };

function openMarks(start: Float64Array): Marks {
  let numbers = start;
  let used = start.length;
  const at = (i: number): Mark => ({
    row: numbers[i * NUMBERS] ?? 0,
    at: numbers[i * NUMBERS + 1] ?? 0,
    line: numbers[i * NUMBERS + 2] ?? 1,
  });
  return {
    add(more) {
      if (used + more.length > numbers.length) {
        const larger = new Float64Array(Math.max(numbers.length * 2, used + more.length, 1024));
        larger.set(numbers.subarray(0, used));
        numbers = larger;
      }
      numbers.set(more, used);
      used += more.length;
    },
    last: () => (used === 0 ? { row: 0, at: 0, line: 1 } : at(used / NUMBERS - 1)),
    before(row) {
      let low = 0;
      let high = used / NUMBERS;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((numbers[middle * NUMBERS] ?? 0) <= row) low = middle + 1;
        else high = middle;
      }
      // The end of the index is no place to read from.
      while (low > 1 && at(low - 1).line === END_LINE) low -= 1;
      return low === 0 ? { row: 0, at: 0, line: 1 } : at(low - 1);
    },
  };
}

/** A file that a crash left with half a mark or with nonsense is used up to there. */
async function loadMarks(path: string, totalBytes: number): Promise<Marks> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return openMarks(new Float64Array(0));
    throw error;
  }
  const count = Math.floor(bytes.length / MARK_BYTES) * NUMBERS;
  const numbers = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + count * 8));
  let good = 0;
  for (let i = 0; i < count; i += NUMBERS) {
    const [row = -1, at = -1] = numbers.subarray(i, i + 2);
    const rises = i === 0 ? row === 0 && at === 0 : row >= (numbers[i - NUMBERS] ?? 0) && at >= (numbers[i - NUMBERS + 1] ?? 0);
    if (!rises || at > totalBytes || !Number.isInteger(row)) break;
    good = i + NUMBERS;
  }
  if (good * 8 < bytes.length) await truncate(path, good * 8);
  return openMarks(numbers.slice(0, good));
}

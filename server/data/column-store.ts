import { mkdir, readdir, readFile, rename, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { AppError } from "../errors";
import type { Log } from "../log";
import { type Duck, fileLiteral } from "./duck";
import type { ColumnType, Prepared, Relation } from "./relation";
import { startOfStore } from "./worker/make-parts";
import type { PartNews, TableFile, TypeCounts } from "./worker/messages";
import { type JobThread, type Threads, WorkerEnded } from "./worker-thread";

const Counts = z.object({ text: z.int(), number: z.int(), boolean: z.int(), list: z.int(), object: z.int() });
const Manifest = z.object({
  key: z.string(),
  parts: z.array(z.object({ file: z.string(), rows: z.int() })),
  position: z.object({
    next: z.object({ row: z.int(), at: z.number(), line: z.int() }),
    part: z.int(),
    columns: z.array(z.object({ name: z.string(), counts: Counts })),
  }),
});
type Manifest = z.infer<typeof Manifest>;

/** All rows as columns of text in Parquet, made once in the background, part by part; parts that are there outlive a restart. */
export type ColumnStore = {
  prepared(): Prepared;
  tellFailure(): void;
  /** Starts the work where it is not done and not under way. */
  start(): void;
  /** Ends the work; the parts that are whole are kept. */
  stop(): Promise<void>;
  whole(): Promise<void>;
  close(): Promise<void>;
};

type Parts = { folder: string; key: string; duck: Duck; log: Log; threads: Threads };

export async function openColumnStore(files: TableFile[], { folder: view, key, duck, log, threads }: Parts): Promise<ColumnStore> {
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const folder = join(view, `columns-${key}`);
  const isCsv = files.every(({ kind }) => kind === "csv" || kind === "tsv");
  const manifestPath = join(folder, "manifest.json");
  let manifest: Manifest = (await loadManifest(manifestPath, key)) ?? { key, parts: [], position: startOfStore };
  let building: Promise<void> | null = null;
  let failure: unknown = null;
  let thread: JobThread | null = null;
  let keeping: Promise<void> = Promise.resolve();
  const stopped = new AbortController();
  const isWhole = (): boolean => manifest.position.next.at >= total;

  const keep = async ({ file, rows, position }: PartNews): Promise<void> => {
    const parts = [...manifest.parts];
    if (rows > 0) {
      const parquet = file.replace(/\.jsonl$/, ".parquet");
      await duck.query(copyPart(file, parquet, position.columns.length), [], stopped.signal);
      parts.push({ file: parquet, rows });
    }
    await rm(file, { force: true });
    const next = { key, parts, position };
    await writeFile(`${manifestPath}.partial`, JSON.stringify(next), { mode: 0o600 });
    await rename(`${manifestPath}.partial`, manifestPath);
    manifest = next;
  };
  const build = async (): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeLeftovers(folder, manifest);
    await checkDisk(folder, total - manifest.position.next.at);
    thread = threads.forJob(total - manifest.position.next.at);
    try {
      await thread.worker.parts({ files, folder, from: manifest.position }, (news) => {
        keeping = keep(news);
        return keeping;
      });
    } finally {
      await thread.end();
      thread = null;
    }
  };

  const store: ColumnStore = {
    // A failure is told once, to who asks next; the question after it tries again.
    tellFailure() {
      const told = failure;
      failure = null;
      if (told !== null) throw told;
    },
    prepared() {
      const { parts, ...now } = manifest;
      const since = (part: number): Relation | null => relationOf({ ...now, parts: parts.slice(part) }, isCsv);
      const share = isWhole() ? null : manifest.position.next.at / total;
      return { relation: since(0), share, growing: { parts: parts.length, since } };
    },
    start() {
      if (building !== null || isWhole()) return;
      building = build();
      building.catch((error: unknown) => {
        building = null;
        if (error instanceof WorkerEnded || stopped.signal.aborted) return;
        failure = error;
        log.error("data.column_store_fault", { error, path: files[0]?.path });
      });
    },
    whole() {
      store.start();
      return building ?? Promise.resolve();
    },
    async stop() {
      await thread?.end();
      await keeping.catch(() => {});
    },
    async close() {
      stopped.abort();
      await store.stop();
    },
  };
  return store;
}

/** Lines were written by us: numbers of rows and texts. */
function copyPart(from: string, to: string, columns: number): string {
  const types = [`"row": 'BIGINT'`, ...Array.from({ length: columns }, (_, i) => `"c${i}": 'VARCHAR'`)].join(", ");
  const source = `read_json(${fileLiteral(from)}, format = 'newline_delimited', columns = {${types}})`;
  return `COPY (SELECT * FROM ${source}) TO ${fileLiteral(to)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 16384)`;
}

function relationOf({ parts, position }: Manifest, isCsv: boolean): Relation | null {
  if (parts.length === 0) return null;
  const columns = position.columns.map(({ name, counts }, i) => ({ name, ident: `c${i}`, type: typeOf(counts, isCsv) }));
  const names = ['"row"', ...columns.map(({ ident }) => ident)].join(", ");
  const list = parts.map(({ file }) => fileLiteral(file)).join(", ");
  return { sql: `SELECT ${names} FROM read_parquet([${list}], union_by_name = true)`, columns };
}

/** CSV holds text only: a column is of numbers where all its values can be read as such. */
function typeOf(counts: TypeCounts, isCsv: boolean): ColumnType {
  if (isCsv) return counts.number > 0 && counts.text === 0 ? "number" : "text";
  const kinds = (["text", "number", "boolean", "list", "object"] as const).filter((kind) => counts[kind] > 0);
  return kinds.length > 1 ? "mixed" : (kinds[0] ?? "text");
}

async function loadManifest(path: string, key: string): Promise<Manifest | null> {
  try {
    const manifest = Manifest.parse(JSON.parse(await readFile(path, "utf8")));
    return manifest.key === key ? manifest : null;
  } catch {
    return null; // not there yet, or torn by a crash: it is made again
  }
}

/** What a stop in the middle of a part left behind. */
async function removeLeftovers(folder: string, { parts }: Manifest): Promise<void> {
  const kept = new Set([...parts.map(({ file }) => file), join(folder, "manifest.json")]);
  const names = await readdir(folder);
  await Promise.all(
    names
      .map((name) => join(folder, name))
      .filter((path) => !kept.has(path))
      .map((path) => rm(path, { force: true })),
  );
}

/** As columns the rows need half of their bytes or less; a disk must not be filled for a view. */
async function checkDisk(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeBytes = bavail * bsize;
  const neededBytes = Math.ceil(bytes * 0.6) + 512 * 1024 * 1024;
  if (freeBytes >= neededBytes) return;
  const gigabytes = (value: number) => (value / 1e9).toFixed(1);
  throw new AppError(
    "disk_full",
    `Searching, filtering and sorting need ${gigabytes(neededBytes)} GB beside the data, and the disk of ${folder} has ${gigabytes(freeBytes)} GB left.`,
    { params: { path: folder, neededBytes, freeBytes } },
  );
}

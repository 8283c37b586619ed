import type { pack } from "tar-stream";
import { DatasetRow } from "../../../../lib/contract/dataset";
import type { RowForm } from "../../../../lib/contract/dataset-names";
import type { ReadyDataset } from "../../../../lib/domain/ready-dataset";
import { type RegistryForm, writeEntry } from "../../../../lib/formats/llama-factory";
import { leftReasons } from "../../../../lib/formats/write-rows";
import type { ServerContext } from "../../../context";
import { type ExportCounts, exportRows, noCounts } from "./export-rows";

/** So many rows are looked at together for one that trains. */
const LOOK = { limit: 50, bytes: 100_000 };

type Archive = ReturnType<typeof pack>;
type Part = { dataset: ReadyDataset; name: string; fileName: string; form: RegistryForm };

/** A folder for LLaMA-Factory: dataset_info.json, a file a set, and what was left out. Whoever reads sets the pace. */
export async function writeRegistry(ctx: ServerContext, datasets: readonly ReadyDataset[], archive: Archive): Promise<void> {
  const parts = await nameParts(ctx, datasets);
  const info = Object.fromEntries(parts.map(({ name, fileName, form }) => [name, writeEntry(fileName, form)]));
  await writeText(archive, "dataset_info.json", `${JSON.stringify(info, null, 2)}\n`);
  const notes: string[] = [];
  for (const part of parts) notes.push(noteOf(part, await writeRows(ctx, archive, part)));
  await writeText(archive, "README.md", `# Data sets of Tuneboard for LLaMA-Factory\n\n${notes.join("\n")}\n`);
  archive.finalize();
}

async function nameParts(ctx: ServerContext, datasets: readonly ReadyDataset[]): Promise<Part[]> {
  const taken = new Set<string>();
  const parts: Part[] = [];
  for (const dataset of datasets) {
    const name = freeName(dataset, taken);
    parts.push({ dataset, name, fileName: `${name}.jsonl`, form: await formOf(ctx, dataset) });
  }
  return parts;
}

/** LLaMA-Factory takes names with commas between them. */
function freeName({ name }: ReadyDataset, taken: Set<string>): string {
  const plain = name.replace(/[^\p{L}\p{N}_.-]+/gu, "_").replace(/^[.]+/, "") || "data";
  let free = plain;
  for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${plain}_${n}`;
  taken.add(free.toLowerCase());
  return free;
}

/** All rows of a set have one form: the first that trains tells it. */
async function formOf(ctx: ServerContext, { id, report }: ReadyDataset): Promise<RegistryForm> {
  for (let offset = 0; offset < report.rows; offset += LOOK.limit) {
    const { rows } = await ctx.tables.canonical(id, { ...LOOK, offset });
    const row = rows.map(({ json }) => DatasetRow.parse(JSON.parse(json))).find(({ problem }) => problem === null);
    if (row) return formOfRow(row);
  }
  return "sharegpt";
}

function formOfRow({ text, label, rejected, ranked }: DatasetRow): RegistryForm {
  if (text !== null) return "text";
  if (label !== null) return "kto";
  return rejected !== null || ranked !== null ? "preference" : "sharegpt";
}

/** A tar says the size before the bytes: the rows go by twice, and never lie on the disk. */
async function writeRows(ctx: ServerContext, archive: Archive, { dataset, fileName, form }: Part): Promise<ExportCounts> {
  const rows: RowForm = form === "preference" ? "alpaca" : "sharegpt";
  let size = 0;
  for await (const piece of exportRows(ctx, dataset.id, rows, noCounts())) size += piece.byteLength;
  const counts = noCounts();
  const entry = archive.entry({ name: fileName, size, mode: 0o644 });
  for await (const piece of exportRows(ctx, dataset.id, rows, counts)) {
    if (!entry.write(piece)) await drained(entry);
  }
  await end(entry);
  return counts;
}

/** Leaves no listener behind: an entry drains a hundred thousand times. */
function drained(entry: ReturnType<Archive["entry"]>): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      entry.off("drain", onDrain).off("close", onClose);
    };
    const onDrain = (): void => {
      settle();
      resolve();
    };
    const onClose = (): void => {
      settle();
      reject(new Error("The reader left."));
    };
    entry.on("drain", onDrain).on("close", onClose);
  });
}

function end(entry: ReturnType<Archive["entry"]>): Promise<void> {
  return new Promise((resolve, reject) => {
    entry.once("error", reject);
    entry.end(() => resolve());
  });
}

const writeText = (archive: Archive, name: string, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    archive.entry({ name, mode: 0o644 }, text, (error) => (error ? reject(error) : resolve()));
  });

function noteOf({ name, dataset }: Part, { written, left }: ExportCounts): string {
  const lost = Object.entries(leftReasons).flatMap(([reason, words]) => {
    const rows = Object.entries(left).find(([key]) => key === reason)?.[1];
    return rows === undefined ? [] : [`  - ${rows} rows left out: ${words}`];
  });
  return [`- \`${name}\`: ${written} rows of version ${dataset.version} of “${dataset.name}” (${dataset.id})`, ...lost].join("\n");
}

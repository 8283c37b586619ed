import { open } from "node:fs/promises";
import { basename, extname } from "node:path";
import { API_PREFIX } from "../../lib/contract/api";
import { AppError } from "../errors";
import { prepareDataset } from "../services/datasets/prepare";
import { piecesOf } from "./body";
import type { Mount } from "./router";

export const UPLOAD_LIMIT_BYTES = 2 * 1024 ** 3;
/** A sender that has gone without a word leaves nothing open for ever. */
const PAUSE_MS = 120_000;

/** `POST /api/datasets?name=…`: the file as the body. Nothing of it stays when it can't be used. */
export function mountUploads(limitBytes = UPLOAD_LIMIT_BYTES): Mount {
  return (app, ctx) => {
    app.post(`${API_PREFIX}/datasets`, async (c) => {
      const fileName = cleanFileName(c.req.query("name") ?? "");
      refuseTooLarge(Number(c.req.header("content-length") ?? 0), limitBytes);
      const { body, signal } = c.req.raw;
      if (body === null) throw new AppError("dataset_empty", `${fileName} is empty.`, { params: { fileName } });
      const dataset = await prepareDataset(ctx, {
        name: basename(fileName, extname(fileName)),
        fileName,
        source: "upload",
        write: (path) => writeBody(body, path, limitBytes),
        signal,
      });
      return c.json(dataset, 201);
    });
  };
}

/** The last part of whatever the browser calls the file, without characters that would confuse a page or a shell. */
export function cleanFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  const clean = last
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .trim()
    .slice(-120);
  if (clean.replace(/^\.+/, "") === "")
    throw new AppError("bad_request", "name: Give the name of the file, such as ?name=questions.jsonl.", {
      fields: [{ path: "name", message: "Give the name of the file.", value: name }],
    });
  if (![".json", ".jsonl"].includes(extname(clean).toLowerCase()))
    throw new AppError("dataset_not_readable", `${clean}: data sets are .json or .jsonl files. Convert it first.`, {
      params: { fileName: clean, reason: "data sets are .json or .jsonl files" },
      fields: [{ path: "name", message: "Data sets are .json or .jsonl files.", value: clean }],
    });
  return clean;
}

async function writeBody(body: ReadableStream<Uint8Array>, path: string, limitBytes: number): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    let bytes = 0;
    // One piece is on its way at a time: the sender waits for the disk.
    for await (const piece of piecesOf(body, { pauseMs: PAUSE_MS })) {
      bytes += piece.byteLength;
      refuseTooLarge(bytes, limitBytes);
      await file.writeFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

function refuseTooLarge(bytes: number, limitBytes: number): void {
  if (bytes <= limitBytes) return;
  throw new AppError("upload_too_large", `A data set has at most ${limitBytes} bytes. Split the file, or take a part of its rows.`, {
    params: { limitBytes },
  });
}

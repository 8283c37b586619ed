import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Context } from "hono";
import { pack } from "tar-stream";
import { API_PREFIX } from "../../lib/contract/api";
import { RunId } from "../../lib/contract/ids";
import type { Run } from "../../lib/contract/run";
import type { ServerContext } from "../context";
import { AppError } from "../errors";
import { realPathInside } from "../models/inside-roots";
import { fileSize } from "../stores/run-dir";
import { parseRange } from "./byte-range";
import { attachment } from "./content-disposition";
import type { Mount } from "./router";

/** Files of exports, one by one or as one archive, and the log of a run. Nothing is read into memory. */
export const mountDownloads: Mount = (app, ctx) => {
  app.get(`${API_PREFIX}/exports/:runId/files/*`, async (c) => {
    const run = findRun(ctx, c.req.param("runId"));
    const prefix = `${API_PREFIX}/exports/${run.id}/files/`;
    return sendFile(c, await locateFile(ctx, run, decodeName(c.req.path.slice(prefix.length))));
  });
  app.get(`${API_PREFIX}/exports/:runId/archive`, async (c) => sendArchive(c, ctx, findRun(ctx, c.req.param("runId"))));
  app.get(`${API_PREFIX}/runs/:runId/log/download`, (c) => sendLog(c, ctx, findRun(ctx, c.req.param("runId"))));
};

function findRun(ctx: ServerContext, id: string): Run {
  const runId = RunId.safeParse(id);
  if (!runId.success) throw new AppError("run_not_found", `There is no run ${id}.`, { params: { runId: id } });
  return ctx.runs.getOrThrow(runId.data);
}

function decodeName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch (cause) {
    throw new AppError("bad_request", `${name} is not a valid address of a file.`, { cause });
  }
}

/** Only files that the worker listed, and only where they really lie inside the export. */
async function locateFile(ctx: ServerContext, run: Run, name: string): Promise<string> {
  const folder = artifactFolder(ctx, run);
  if (!run.artifact?.files.some((file) => file.name === name)) throw noFile(run, name);
  const path = await realPathInside(join(folder, name), [folder]).catch((cause) => {
    throw noFile(run, name, cause);
  });
  if (path === null) throw noFile(run, name);
  return path;
}

function artifactFolder(ctx: ServerContext, run: Run): string {
  if (run.artifact === null)
    throw new AppError("file_not_found", `${run.name} has no files to download yet.`, { params: { name: run.name } });
  return join(ctx.runDirs.paths(run.id).dir, run.artifact.path);
}

const noFile = (run: Run, name: string, cause?: unknown): AppError =>
  new AppError("file_not_found", `${run.name} has no file ${name}.`, { params: { name }, cause });

async function sendFile(c: Context, path: string): Promise<Response> {
  const { size, mtimeMs } = await stat(path);
  const etag = `"${size.toString(16)}-${Math.floor(mtimeMs).toString(16)}"`;
  const ifRange = c.req.header("if-range");
  const range = ifRange === undefined || ifRange === etag ? parseRange(c.req.header("range"), size) : null;
  const headers = { "accept-ranges": "bytes", etag, "content-type": contentType(path), "content-disposition": attachment(basename(path)) };
  if (range === "unsatisfiable") return new Response(null, { status: 416, headers: { ...headers, "content-range": `bytes */${size}` } });
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const status = range === null ? 200 : 206;
  const own = {
    ...headers,
    "content-length": String(end - start + 1),
    ...(range !== null && { "content-range": `bytes ${start}-${end}/${size}` }),
  };
  if (c.req.method === "HEAD" || size === 0) return new Response(null, { status, headers: own });
  return new Response(toWeb(createReadStream(path, { start, end })), { status, headers: own });
}

async function sendArchive(c: Context, ctx: ServerContext, run: Run): Promise<Response> {
  const folder = artifactFolder(ctx, run);
  const name = basename(folder);
  const files = await Promise.all(
    (run.artifact?.files ?? []).map(async (file) => ({ name: file.name, path: await locateFile(ctx, run, file.name) })),
  );
  const headers = { "content-type": "application/x-tar", "content-disposition": attachment(`${name}.tar`) };
  if (c.req.method === "HEAD") return new Response(null, { headers });
  const archive = pack();
  // Whoever reads sets the pace; when the reader leaves, the archive is destroyed and the loop ends with it.
  writeArchive(archive, name, files).catch((error) => archive.destroy(error));
  return new Response(toWeb(Readable.from(archive)), { headers });
}

async function writeArchive(archive: ReturnType<typeof pack>, folder: string, files: { name: string; path: string }[]): Promise<void> {
  for (const { name, path } of files) {
    const { size, mtime } = await stat(path);
    await pipeline(createReadStream(path), archive.entry({ name: `${folder}/${name}`, size, mtime, mode: 0o644 }));
  }
  archive.finalize();
}

/** All attempts in order, the older half of each rotated log first, up to what was written when the download began. */
function sendLog(c: Context, ctx: ServerContext, run: Run): Response {
  const attempts = Array.from({ length: run.attempt }, (_, index) => ctx.runDirs.paths(run.id).attempt(index + 1).output);
  const parts = attempts
    .flatMap((path) => [`${path}.1`, path])
    .flatMap((path) => {
      const size = fileSize(path);
      return size === null || size === 0 ? [] : [{ path, size }];
    });
  const headers = { "content-type": "text/plain; charset=utf-8", "content-disposition": attachment(`${run.name}.log`) };
  if (c.req.method === "HEAD") return new Response(null, { headers });
  return new Response(toWeb(Readable.from(readParts(parts))), { headers });
}

async function* readParts(parts: { path: string; size: number }[]): AsyncGenerator<Buffer> {
  for (const { path, size } of parts) yield* createReadStream(path, { end: size - 1 });
}

const contentType = (path: string): string =>
  ({ ".json": "application/json", ".md": "text/plain; charset=utf-8", ".txt": "text/plain; charset=utf-8" })[extname(path)] ??
  "application/octet-stream";

// Node's stream and the browser's differ in their types only.
const toWeb = (stream: Readable): ReadableStream<Uint8Array> => Readable.toWeb(stream) as ReadableStream<Uint8Array>;

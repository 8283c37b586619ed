import { mkdirSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { FileStore } from "@tus/file-store";
import { EVENTS, Server } from "@tus/server";
import { API_PREFIX } from "../../lib/contract/api";
import type { ServerContext } from "../context";
import { AppError, statusOf, toWire } from "../errors";
import { cleanFileName } from "../services/datasets/bring/file-name";
import { isUploadId, sweepUploads, uploadsDir } from "../stores/upload-files";
import type { Mount } from "./router";

export const UPLOAD_LIMIT_BYTES = 64 * 1024 ** 3;
const LIFETIME_MS = 7 * 24 * 3_600_000;
/** What the rest of the server needs to go on: logs, rows, checkpoints under way. */
const RESERVE_BYTES = 256 * 1024 ** 2;
/** Hono asks the route of GET what HEAD answers. */
const methods = ["POST", "GET", "PATCH", "DELETE", "OPTIONS"];

type Limits = { limitBytes?: number; freeBytes?: (path: string) => Promise<number> };

/** `/api/uploads`: the tus protocol. A file grows in <home>/uploads, over broken connections and restarts, until a data set takes it. */
export function mountUploads({ limitBytes = UPLOAD_LIMIT_BYTES, freeBytes = freeOn }: Limits = {}): Mount {
  return (app, ctx) => {
    sweepUploads(ctx.env.home, ctx.clock.now() - LIFETIME_MS).catch((error: unknown) => ctx.log.warn("uploads.not_swept", { error }));
    let tus: Server | null = null;
    const path = `${API_PREFIX}/uploads`;
    app.on(methods, [path, `${path}/*`], async (c) => {
      if (c.req.method === "GET") return c.notFound();
      const { incoming, outgoing } = c.env;
      tus ??= createTus(ctx, limitBytes, freeBytes);
      await tus.handle(incoming, outgoing).catch((error: unknown) => {
        if (!outgoing.headersSent) throw error;
        // The sender left while we answered; what has arrived is kept.
        ctx.log.warn("upload.broken_off", { error });
      });
      return RESPONSE_ALREADY_SENT;
    });
  };
}

function createTus(ctx: ServerContext, limitBytes: number, freeBytes: NonNullable<Limits["freeBytes"]>): Server {
  const directory = uploadsDir(ctx.env.home);
  // Somebody may have tidied up the home while we run.
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const tus = new Server({
    path: `${API_PREFIX}/uploads`,
    datastore: new FileStore({ directory, expirationPeriodInMilliseconds: LIFETIME_MS }),
    maxSize: limitBytes,
    // The browser resolves it against its own address: right behind any proxy.
    generateUrl: (_, { id }) => `${ctx.env.basePath}${API_PREFIX}/uploads/${id}`,
    getFileIdFromRequest: (_, last) => (last !== undefined && isUploadId(last) ? last : undefined),
    allowedOrigins: () => false,
    async onUploadCreate(_, upload) {
      if (upload.size === undefined) throw new AppError("bad_request", "Say the size of the file first: Upload-Length.");
      const free = await freeBytes(directory);
      if (upload.size + RESERVE_BYTES > free) throw noRoom(directory, upload.size, free);
      return { metadata: { name: cleanFileName(upload.metadata?.name ?? upload.metadata?.filename ?? "") } };
    },
    async onResponseError(_, error) {
      const told = await tell(error);
      if (told.code === "internal") ctx.log.error("uploads.fault", { error });
      return { status_code: "status_code" in error ? error.status_code : statusOf(told.code), body: JSON.stringify(toWire(told)) };
    },
  });
  tus.on(EVENTS.POST_FINISH, (_, __, upload) => ctx.log.info("upload.finished", { id: upload.id, bytes: upload.size }));
  return tus;

  async function tell(error: Error | { status_code: number; body: string }): Promise<AppError> {
    if (error instanceof AppError) return error;
    const message = "body" in error ? error.body.trim() : error.message;
    switch ("status_code" in error ? error.status_code : 500) {
      case 404:
      case 410:
        return new AppError("file_not_found", "There is no such upload; it may have expired after 7 days. Begin again.");
      case 413:
        return new AppError("upload_too_large", `A file has at most ${limitBytes} bytes, and no more than were announced.`, {
          params: { limitBytes },
        });
      case 500:
        return (await freeBytes(directory)) < RESERVE_BYTES / 16
          ? new AppError("disk_full", `The disk of ${directory} is full. Delete runs, exports or data sets that you no longer need.`, {
              params: { path: directory },
            })
          : new AppError("internal", message);
      default:
        return new AppError("bad_request", message);
    }
  }
}

const freeOn = async (path: string): Promise<number> => {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
};

const noRoom = (path: string, bytes: number, free: number): AppError =>
  new AppError("disk_full", `${bytes} bytes do not fit: ${path} has ${free} bytes free. Delete what you no longer need, or send less.`, {
    params: { path, bytes, free },
  });

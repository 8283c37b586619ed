import { expect } from "vitest";
import type { Dataset } from "../../lib/contract/dataset";
import type { DatasetId } from "../../lib/contract/ids";
import type { TestServer } from "./make-server";

type Server = Pick<TestServer, "fetch">;
const tus = { "tus-resumable": "1.0.0" };
const base64 = (text: string): string => Buffer.from(text).toString("base64");

export const beginUpload = (server: Server, { name, bytes, headers }: { name: string; bytes: number; headers?: Record<string, string> }) =>
  server.fetch("/api/uploads", {
    method: "POST",
    headers: { ...tus, "upload-length": String(bytes), "upload-metadata": `name ${base64(name)}`, ...headers },
  });

export const sendPiece = (server: Server, id: string, offset: number, body: Uint8Array<ArrayBuffer>): Promise<Response> =>
  server.fetch(`/api/uploads/${id}`, {
    method: "PATCH",
    headers: { ...tus, "upload-offset": String(offset), "content-type": "application/offset+octet-stream" },
    body,
  });

export async function askOffset(server: Server, id: string): Promise<number> {
  const response = await server.fetch(`/api/uploads/${id}`, { method: "HEAD", headers: tus });
  expect(response.status).toBe(200);
  return Number(response.headers.get("upload-offset"));
}

/** Sends a whole file; gives the id of the upload. */
export async function uploadFile(server: Server, name: string, content: string | Uint8Array): Promise<string> {
  const body = Uint8Array.from(typeof content === "string" ? Buffer.from(content) : content);
  const begun = await beginUpload(server, { name, bytes: body.length });
  expect(begun.status).toBe(201);
  const id = begun.headers.get("location")?.split("/").at(-1) ?? "";
  if (body.length > 0) expect((await sendPiece(server, id, 0, body)).status).toBe(204);
  return id;
}

type Created = { status: number; body: Dataset & { error?: { code: string; message: string } } };

export async function createFrom(server: Server, input: object): Promise<Created> {
  const response = await server.fetch("/api/datasets", { json: input });
  return { status: response.status, body: asBody(await response.json()) };
}

/** The data set once its check has ended. */
export async function untilSettled({ ctx }: Pick<TestServer, "ctx">, id: DatasetId): Promise<Dataset> {
  const now = ctx.datasets.getOrThrow(id);
  if (now.status !== "checking") return now;
  return new Promise((resolve) => {
    const off = ctx.bus.on("dataset", ({ dataset }) => {
      if (dataset.id !== id || dataset.status === "checking") return;
      off();
      resolve(dataset);
    });
  });
}

// A test says by its expectations what it was answered.
const asBody = (body: unknown): Created["body"] => body as Created["body"];

import type { Upload } from "tus-js-client";
import type { Dataset } from "../contract/dataset";
import { withBase } from "./base-path";
import { ApiError, api, call, isWireError } from "./request";

export type UploadProgress = {
  sentBytes: number;
  totalBytes: number /** All is sent; the server looks at the files. */;
  checking: boolean;
};
export type UploadFile = { file: Blob; name: string };
type Wish = { files: readonly UploadFile[]; name?: string; onProgress: (progress: UploadProgress) => void; signal: AbortSignal };

/** Waits between tries while the server is away; after these the person is told, and may go on later. */
const RETRY_MS = [500, 1000, 2000, 4000, 8000, 8000];
const PIECE_BYTES = 64 * 1024 ** 2;

/**
 * Sends files and makes them one data set. What has arrived stays on the server: the same file chosen again, also after a reload or
 * days later, goes on where it broke off.
 */
export async function uploadDataset({ files, name, onProgress, signal }: Wish): Promise<Dataset> {
  const totalBytes = files.reduce((sum, { file }) => sum + file.size, 0);
  const uploadIds: string[] = [];
  let before = 0;
  for (const part of files) {
    const tell = (sent: number): void => onProgress({ sentBytes: before + sent, totalBytes, checking: false });
    uploadIds.push(await sendFile(part, tell, signal));
    before += part.file.size;
  }
  onProgress({ sentBytes: totalBytes, totalBytes, checking: true });
  const dataset = await call(api.createDataset, { ...(name && { name }), source: { type: "upload", uploadIds } }, signal);
  for (const { file } of files) await forget(file);
  return dataset;
}

/** One file over tus; gives the upload's id. The library is fetched when it is first needed. */
export async function sendFile({ file, name }: UploadFile, onSent: (bytes: number) => void, signal: AbortSignal): Promise<string> {
  const { Upload } = await import("tus-js-client");
  signal.throwIfAborted();
  const upload = new Upload(file, {
    endpoint: endpoint(),
    metadata: { name },
    chunkSize: PIECE_BYTES,
    retryDelays: RETRY_MS,
    // Text without a name and a date is never taken for something sent before.
    storeFingerprintForResuming: file instanceof File,
    onProgress: onSent,
    onShouldRetry: (error) => !isRefusal(error.originalResponse?.getStatus()),
  });
  const [known] = file instanceof File ? await upload.findPreviousUploads() : [];
  if (known) upload.resumeFromPreviousUpload(known);
  await run(upload, signal);
  return upload.url?.split("/").at(-1) ?? "";
}

/** Its upload has become a data set: chosen again, the file is sent again. */
async function forget(file: Blob): Promise<void> {
  if (!(file instanceof File)) return;
  const { Upload, defaultOptions } = await import("tus-js-client");
  for (const { urlStorageKey } of await new Upload(file, { endpoint: endpoint() }).findPreviousUploads())
    await defaultOptions.urlStorage.removeUpload(urlStorageKey);
}

const endpoint = (): string => withBase("/api/uploads");

function run(upload: Upload, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => {
      // What has arrived is kept: the same file goes on from there.
      void upload.abort();
      reject(new DOMException("The upload was cancelled.", "AbortError"));
    };
    upload.options.onSuccess = () => resolve();
    upload.options.onError = (error) => reject(readError(error));
    signal.addEventListener("abort", cancel, { once: true });
    upload.start();
  });
}

/** A wrong offset or a lock is asked for again; a refusal stays one. */
const isRefusal = (status = 0): boolean => status >= 400 && status < 500 && status !== 409 && status !== 423;

function readError(error: Error): ApiError {
  const response = "originalResponse" in error ? asResponse(error.originalResponse) : null;
  if (response === null) return new ApiError(0, { code: "unreachable", message: "The server does not answer." }, error);
  const body = parse(response.getBody());
  if (isWireError(body)) return new ApiError(response.getStatus(), body.error, error);
  return new ApiError(response.getStatus(), { code: "internal", message: `The server answered ${response.getStatus()}.` }, error);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// tus-js-client's DetailedError carries its own response type, or null where nothing answered.
const asResponse = (response: unknown): { getBody(): string; getStatus(): number } | null =>
  response as { getBody(): string; getStatus(): number } | null;

import type { WireError } from "../contract/errors";
import type { ReadyDataset as Dataset } from "../domain/ready-dataset";
import { withBase } from "./base-path";
import { ApiError } from "./request";

export type UploadProgress = { sentBytes: number; totalBytes: number /** All is sent; the server reads the rows. */; checking: boolean };
type Upload = { file: Blob; name: string; onProgress: (progress: UploadProgress) => void; signal: AbortSignal };

/** Sends one file as a data set. XMLHttpRequest, because fetch does not tell how much has been sent. */
export function uploadDataset({ file, name, onProgress, signal }: Upload): Promise<Dataset> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const cancel = () => request.abort();
    request.open("POST", withBase(`/api/datasets?name=${encodeURIComponent(name)}`));
    request.responseType = "json";
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.onprogress = (event) => onProgress({ sentBytes: event.loaded, totalBytes: file.size, checking: false });
    request.upload.onload = () => onProgress({ sentBytes: file.size, totalBytes: file.size, checking: true });
    request.onload = () => (request.status < 300 ? resolve(asDataset(request.response)) : reject(readError(request)));
    request.onerror = () => reject(new ApiError(0, { code: "unreachable", message: "The server does not answer." }));
    request.onabort = () => reject(new DOMException("The upload was cancelled.", "AbortError"));
    request.onloadend = () => signal.removeEventListener("abort", cancel);
    signal.addEventListener("abort", cancel);
    request.send(file);
  });
}

function readError(request: XMLHttpRequest): ApiError {
  const body: unknown = request.response;
  if (isWireError(body)) return new ApiError(request.status, body.error);
  return new ApiError(request.status, { code: "internal", message: `The server answered ${request.status} ${request.statusText}.` });
}

const isWireError = (body: unknown): body is WireError =>
  typeof body === "object" &&
  body !== null &&
  "error" in body &&
  typeof body.error === "object" &&
  body.error !== null &&
  "code" in body.error;

/** The server has made this answer by its own schema. */
const asDataset = (body: unknown): Dataset => body as Dataset;

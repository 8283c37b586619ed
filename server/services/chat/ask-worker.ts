import { type IncomingMessage, request } from "node:http";

type Question = { socketPath: string; body: object; signal: AbortSignal };

/** One request over the worker's socket. The answer's body is a stream that nobody has read yet; the signal ends both. */
export function askWorker({ socketPath, body, signal }: Question): Promise<IncomingMessage> {
  const text = Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const call = request({
      socketPath,
      path: "/v1/chat/completions",
      method: "POST",
      headers: { host: "worker", "content-type": "application/json", "content-length": text.length },
      agent: false,
      signal,
    });
    call.on("response", resolve);
    call.on("error", reject);
    call.end(text);
  });
}

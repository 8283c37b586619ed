import { AppError } from "../errors";

const LIMIT_BYTES = 2_000_000;
const TIMEOUT_MS = 30_000;

type Body = ReadableStream<Uint8Array> | null;
type Limits = { limitBytes?: number; timeoutMs?: number };

/** The text of a request. Neither one without end nor one that trickles in byte by byte holds anything for long. */
export async function readText(body: Body, { limitBytes = LIMIT_BYTES, timeoutMs = TIMEOUT_MS }: Limits = {}): Promise<string> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  for await (const part of piecesOf(body, { wholeMs: timeoutMs })) {
    bytes += part.byteLength;
    if (bytes > limitBytes) {
      throw new AppError("upload_too_large", `A request has at most ${limitBytes} bytes.`, { params: { limitBytes } });
    }
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

/** Pieces as they come; `wholeMs` is the time for all of them, `pauseMs` the time between two. */
export async function* piecesOf(body: Body, limit: { wholeMs: number } | { pauseMs: number }): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  const began = performance.now();
  try {
    for (;;) {
      const leftMs = "pauseMs" in limit ? limit.pauseMs : began + limit.wholeMs - performance.now();
      const { done, value } = await within(reader.read(), leftMs);
      if (done) return;
      yield value;
    }
  } finally {
    // A body that was read to its end has nothing to be called off.
    await reader.cancel().catch(() => undefined);
  }
}

async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new AppError("bad_request", "The body did not arrive in time. Send it again.")),
      Math.max(0, timeoutMs),
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

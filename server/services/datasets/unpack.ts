import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { SourceFile } from "../../../lib/contract/dataset";
import type { ServerContext } from "../../context";
import { AppError } from "../../errors";
import { runPython } from "../../python";
import { freeBytes, refuseNoRoom } from "./room";

const LIMIT_BYTES = 64 * 1024 ** 3;
const TIMEOUT_MS = 6 * 3_600_000;

type Unpack = { name: string; from: string; to: string; compression: NonNullable<SourceFile["compression"]> };

/** Gives back where the plain file is. The disk is the limit of what may come out, so that a bomb ends early. */
export async function unpackFile(ctx: ServerContext, { name, from, to, compression }: Unpack): Promise<string> {
  const limit = Math.min(LIMIT_BYTES, await freeBytes(ctx.env.home));
  const { code, lastLine, errorText } = await runPython(ctx, ["trainer.unpack", compression, from, to, String(limit)], {
    timeoutMs: TIMEOUT_MS,
  });
  if (code === 0) return to;
  const reason = reasonOf(lastLine);
  if (reason === null) throw new AppError("internal", `The unpacker ended with ${code ?? "a signal"}: ${errorText || "it said nothing"}`);
  throw new AppError("dataset_not_readable", `${name}: ${reason}`, { params: { fileName: name, reason } });
}

/** Text of another encoding as UTF-8. */
export async function recodeFile(
  ctx: ServerContext,
  { from, to, encoding }: { from: string; to: string; encoding: string },
): Promise<string> {
  // A letter takes at most three bytes where it had one.
  await refuseNoRoom(ctx.env.home, 3 * (await stat(from)).size);
  const decoder = new TextDecoder(encoding);
  const toUtf8 = new Transform({
    transform: (piece: Buffer, _, done) => done(null, Buffer.from(decoder.decode(piece, { stream: true }))),
    flush: (done) => done(null, Buffer.from(decoder.decode())),
  });
  await pipeline(createReadStream(from), toUtf8, createWriteStream(to, { flags: "wx", mode: 0o600 }));
  return to;
}

function reasonOf(line: string): string | null {
  try {
    const answer: unknown = JSON.parse(line);
    if (typeof answer === "object" && answer !== null && "error" in answer) return String(answer.error);
  } catch {
    // Not the unpacker's own word: its error text is told.
  }
  return null;
}

import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ServerContext } from "../../../context";
import { refuseNoRoom } from "./room";

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

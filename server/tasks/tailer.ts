import { type FSWatcher, watch } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { cutLines, MAX_LINE_BYTES } from "../stores/event-line";
import { hasCode } from "../stores/run-dir";

/** About 3 ms of parsing, so that nobody waits for a long log. */
const SLICE_BYTES = 64 * 1024;

type TailOptions = {
  path: string;
  /** End of the last line taken. */
  offset: number;
  /** Whole lines, and where they end. What it does is committed when it returns. */
  onLines(lines: string[], end: number): void;
  /** A line that is too long begins here; it is passed over. */
  onTooLong?(offset: number): void;
};

export type Tail = {
  /** Takes everything that is in the file now. Calls that come meanwhile share one more pass. */
  drain(): Promise<void>;
  /** Ends with a last pass. */
  close(): Promise<void>;
};

/** Follows a growing file by line. Half a line at the end stays for the next look, which reads it anew: its writer may take it back. */
export function createTail({ path, offset: start, onLines, onTooLong }: TailOptions): Tail {
  let offset = start;
  let skipping = false;
  let file: FileHandle | null = null;
  let last = Promise.resolve();
  let waiting: Promise<void> | null = null;
  let closing: Promise<void> | null = null;

  const readAll = async (): Promise<void> => {
    // Open as long as it is followed: a new line is one read away.
    file ??= await open(path, "r").catch(missing);
    if (file === null) return;
    let sliceBytes = SLICE_BYTES;
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(sliceBytes), 0, sliceBytes, offset);
      if (bytesRead === 0) return rewindIfShorter(file);
      const piece = cutLines(buffer.subarray(0, bytesRead), skipping);
      if (piece.skipping && !skipping) onTooLong?.(offset);
      // What can't be taken now (a full disk) is read again.
      if (piece.lines.length > 0) onLines(piece.lines, offset + piece.taken);
      skipping = piece.skipping;
      offset += piece.taken;
      if (bytesRead < sliceBytes) return;
      // One line longer than the slice.
      sliceBytes = piece.taken === 0 ? Math.min(sliceBytes * 2, MAX_LINE_BYTES) : SLICE_BYTES;
    }
  };

  /** Shorter than what was read: replaced by another. Events carry numbers, so reading twice is harmless. */
  const rewindIfShorter = async (at: FileHandle): Promise<void> => {
    if ((await at.stat()).size >= offset) return;
    offset = 0;
    skipping = false;
    await readAll();
  };

  /** One pass behind the other: two at once would each count what both have read. */
  const drain = (): Promise<void> => {
    if (closing !== null) return Promise.resolve();
    waiting ??= last
      .catch(() => {})
      .then(() => {
        waiting = null;
        return readAll();
      });
    last = waiting;
    return waiting;
  };

  return {
    drain,
    close() {
      closing ??= drain().finally(() => file?.close());
      return closing;
    },
  };
}

const missing = (error: unknown): null => {
  if (hasCode(error, "ENOENT")) return null;
  throw error;
};

/** Calls `onHint` when a named file of the folder changes. Only a hint: it can be lost, and is silent on network file systems. */
export function watchFile(path: string, onHint: () => void): () => void {
  const name = basename(path);
  let watcher: FSWatcher | null = null;
  try {
    watcher = watch(dirname(path), (_event, changed) => {
      if (changed === null || changed === name) onHint();
    });
    watcher.on("error", () => watcher?.close());
  } catch (error) {
    // Out of inotify watches, or no folder yet: the look at every second finds it all the same.
    if (!(error instanceof Error)) throw error;
  }
  return () => watcher?.close();
}

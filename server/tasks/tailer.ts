import { type FSWatcher, watch } from "node:fs";
import { open } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { hasCode } from "../stores/run-dir";

const SLICE_BYTES = 256 * 1024;

type TailOptions = {
  path: string;
  /** End of the last line taken. */
  offset: number;
  /** Whole lines, and where they end. What it does is committed when it returns. */
  onLines(lines: string[], end: number): void;
};

export type Tail = {
  /** Takes everything that is in the file now. Calls that come meanwhile share one more pass. */
  drain(): Promise<void>;
};

/** Follows a growing file by line. Half a line at the end stays for the next look. */
export function createTail({ path, offset: start, onLines }: TailOptions): Tail {
  let offset = start;
  let current: Promise<void> | null = null;
  let following: Promise<void> | null = null;

  const readAll = async (): Promise<void> => {
    const file = await open(path, "r").catch((error: unknown) => {
      if (hasCode(error, "ENOENT")) return null;
      throw error;
    });
    if (file === null) return;
    try {
      // Shorter than what was read: replaced by another. Events carry numbers, so reading twice is harmless.
      if ((await file.stat()).size < offset) offset = 0;
      let sliceBytes = SLICE_BYTES;
      for (;;) {
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(sliceBytes), 0, sliceBytes, offset);
        const end = buffer.subarray(0, bytesRead).lastIndexOf(10) + 1;
        if (end > 0) {
          const lines = buffer.toString("utf8", 0, end - 1).split("\n");
          offset += end;
          onLines(lines, offset);
        }
        if (bytesRead < sliceBytes) return;
        // One line longer than the slice.
        sliceBytes = end === 0 ? sliceBytes * 2 : SLICE_BYTES;
      }
    } finally {
      await file.close();
    }
  };

  const begin = (): Promise<void> => {
    current = readAll().finally(() => {
      current = null;
    });
    return current;
  };

  return {
    drain() {
      if (current === null) return begin();
      following ??= current
        .catch(() => {})
        .then(() => {
          following = null;
          return begin();
        });
      return following;
    },
  };
}

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

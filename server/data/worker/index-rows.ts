import { appendFileSync } from "node:fs";
import type { IndexNews, IndexRows, Mark } from "./messages";
import { scanFiles } from "./scanner";

/** Marks lie at least this far apart, and there are never more than so many: reading on from one takes a millisecond. */
const MARK_BYTES = 64 * 1024;
const MAX_MARKS = 256 * 1024;
const NEWS_MS = 100;

/** Line of the last mark of a finished index; it stands behind the last record. */
export const END_LINE = -1;

/** Notes where records begin, to the file and to the server, from the mark on that was found last. */
export function indexRows({ files, marksPath, from }: IndexRows, tell: (news: IndexNews) => void): null {
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const distance = Math.max(MARK_BYTES, total / MAX_MARKS);
  let fresh: number[] = [];
  let nextAt = from.at + distance;
  let rows = from.row;
  let told = performance.now();

  const add = ({ row, at, line }: Mark): void => {
    fresh.push(row, at, line);
    nextAt = at + distance;
  };
  const flush = (at: number): void => {
    const marks = Float64Array.from(fresh);
    fresh = [];
    appendFileSync(marksPath, new Uint8Array(marks.buffer), { mode: 0o600 });
    tell({ marks, rows, at });
    told = performance.now();
  };

  rows = scanFiles(
    files,
    from,
    {
      // A file is entered through a mark at its first byte, in front of its header.
      file: ({ base }, row) => {
        if (base > from.at || from.at === 0) add({ row, at: base, line: 1 });
      },
      record(_file, mark) {
        rows = mark.row + 1;
        if (mark.at >= nextAt) add(mark);
      },
      goOn(at) {
        if (performance.now() - told > NEWS_MS) flush(at);
        return true;
      },
    },
    1024 * 1024,
  );
  add({ row: rows, at: total, line: END_LINE });
  flush(total);
  return null;
}

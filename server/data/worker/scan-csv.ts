import type { Emit, Scanner } from "./scanner";

const QUOTE = 34;
const LINE_FEED = 10;
const RETURN = 13;

const FIELD_START = 0;
const PLAIN = 1;
const QUOTED = 2;
const BEHIND_QUOTE = 3;

/**
 * Records as Python's csv module reads them: a quote counts only where a field begins, two of them are one, line breaks
 * inside of quotes belong to the field. Empty lines are no records. A record that is too long ends with its line, so that a
 * quote that nobody closed does not take all rows behind it.
 */
export function scanCsv(
  emit: Emit,
  { at: start, line: startLine, separator, limitBytes }: { at: number; line: number; separator: number; limitBytes: number },
): Scanner {
  let from = start;
  let line = startLine;
  let recordLine = startLine;
  let state = FIELD_START;
  let afterReturn = false;

  return {
    feed(chunk, at) {
      const length = chunk.length;
      let i = 0;
      if (afterReturn && length > 0) {
        afterReturn = false;
        if (chunk[0] === LINE_FEED && from === at) {
          from += 1;
          i = 1;
        }
      }
      while (i < length) {
        if (state === QUOTED) {
          let byte = 0;
          while (i < length) {
            byte = chunk[i] ?? 0;
            if (byte === QUOTE || (byte === LINE_FEED && at + i - from >= limitBytes)) break;
            if (byte === LINE_FEED) line += 1;
            i += 1;
          }
          if (i === length) break;
          if (byte === QUOTE) {
            state = BEHIND_QUOTE;
            i += 1;
            continue;
          }
        }
        const byte = chunk[i] ?? 0;
        if (byte === QUOTE && state !== PLAIN) state = QUOTED;
        else if (byte === separator) state = FIELD_START;
        else if (byte === LINE_FEED || byte === RETURN) {
          if (from < at + i) emit(from, at + i, recordLine);
          if (byte === RETURN) {
            if (i + 1 < length) {
              if (chunk[i + 1] === LINE_FEED) i += 1;
            } else afterReturn = true;
          }
          line += 1;
          recordLine = line;
          from = at + i + 1;
          state = FIELD_START;
        } else state = PLAIN;
        i += 1;
      }
    },
    finish(at) {
      if (from < at) emit(from, at, recordLine);
    },
  };
}

import type { Emit, Scanner } from "./scanner";

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const LINE_FEED = 10;
const SPACE = 32;

/**
 * Elements of one list, or values that stand one behind the other; brackets and commas inside of strings do not count.
 * What stands behind the list is left out, and a list that is not closed ends with a row that says so, as in data/read_json.py.
 */
export function scanJson(emit: Emit, start: { at: number; line: number; isList: boolean; fresh: boolean }): Scanner {
  let inList = start.isList && !start.fresh;
  let listOpened = !start.fresh;
  let listClosed = false;
  let from = -1;
  let line = start.line;
  let recordLine = start.line;
  let depth = 0;
  let inString = false;
  let escaped = false;

  const begin = (at: number): void => {
    if (from !== -1) return;
    from = at;
    recordLine = line;
  };
  const end = (at: number): void => {
    if (from !== -1) emit(from, at, recordLine);
    from = -1;
  };

  return {
    feed(chunk, at) {
      const length = listClosed ? 0 : chunk.length;
      for (let i = 0; i < length; i += 1) {
        let byte = chunk[i] ?? 0;
        if (inString) {
          if (escaped) {
            escaped = false;
            continue;
          }
          while (byte !== QUOTE && byte !== BACKSLASH && i + 1 < length) {
            i += 1;
            byte = chunk[i] ?? 0;
          }
          if (byte === BACKSLASH) escaped = true;
          else if (byte === QUOTE) {
            inString = false;
            if (depth === 0) end(at + i + 1);
          }
          continue;
        }
        switch (byte) {
          case QUOTE:
            begin(at + i);
            inString = true;
            break;
          case OPEN_LIST:
            if (start.isList && !listOpened) {
              listOpened = true;
              inList = true;
              break;
            }
            begin(at + i);
            depth += 1;
            break;
          case OPEN_OBJECT:
            begin(at + i);
            depth += 1;
            break;
          case CLOSE_LIST:
          case CLOSE_OBJECT:
            if (depth > 0) {
              depth -= 1;
              if (depth === 0) end(at + i + 1);
            } else if (inList && byte === CLOSE_LIST) {
              end(at + i);
              listClosed = true;
              return;
            } else begin(at + i);
            break;
          case COMMA:
            if (depth === 0) end(at + i);
            break;
          case LINE_FEED:
            line += 1;
            if (depth === 0) end(at + i);
            break;
          default:
            if (byte > SPACE) begin(at + i);
            else if (depth === 0) end(at + i);
        }
      }
    },
    finish(at) {
      if (inList && !listClosed) begin(at);
      end(at);
    },
  };
}

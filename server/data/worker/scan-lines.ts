import type { Emit, Scanner } from "./scanner";

const LINE_FEED = 10;
const SPACE = 32;

/** Lines; those of blanks only are no records. */
export function scanLines(emit: Emit, start: { at: number; line: number }): Scanner {
  let { at: from, line } = start;
  let blank = BLANK;
  return {
    feed(chunk, at) {
      let position = 0;
      for (;;) {
        const end = chunk.indexOf(LINE_FEED, position);
        if (blank !== NO_BLANK) blank = skipBlank(chunk, position, end === -1 ? chunk.length : end, blank);
        if (end === -1) return;
        if (blank !== BLANK) emit(from, at + end, line);
        from = at + end + 1;
        position = end + 1;
        line += 1;
        blank = BLANK;
      }
    },
    finish(at) {
      if (blank !== BLANK) emit(from, at, line);
    },
  };
}

/** Bytes of a line that hold nothing but what Python calls space, also where a chunk ends inside of a character. */
const NO_BLANK = -1;
const BLANK = 0;

function skipBlank(chunk: Buffer, from: number, to: number, state: number): number {
  for (let i = from; i < to; i += 1) {
    state = nextState(state, chunk[i] ?? 0);
    if (state === NO_BLANK) return NO_BLANK;
  }
  return state;
}

/** The state is the bytes of a character that has begun. */
function nextState(state: number, byte: number): number {
  switch (state) {
    case BLANK:
      if (byte === SPACE || (byte >= 9 && byte <= 13) || (byte >= 28 && byte <= 31)) return BLANK;
      return byte === 0xc2 || byte === 0xe1 || byte === 0xe2 || byte === 0xe3 ? byte : NO_BLANK;
    case 0xc2:
      return byte === 0x85 || byte === 0xa0 ? BLANK : NO_BLANK;
    case 0xe1:
      return byte === 0x9a ? 0xe19a : NO_BLANK;
    case 0xe2:
      return byte === 0x80 || byte === 0x81 ? (state << 8) | byte : NO_BLANK;
    case 0xe3:
      return byte === 0x80 ? 0xe380 : NO_BLANK;
    case 0xe280:
      return byte <= 0x8a || byte === 0xa8 || byte === 0xa9 || byte === 0xaf ? BLANK : NO_BLANK;
    case 0xe281:
      return byte === 0x9f ? BLANK : NO_BLANK;
    default:
      return byte === 0x80 ? BLANK : NO_BLANK;
  }
}

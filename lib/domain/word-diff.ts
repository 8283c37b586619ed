import type { TextPart } from "../contract/dataset-view";

/** Chinese is told apart by character: it writes no spaces between words. */
const token = /\p{Script=Han}|[\p{L}\p{M}\p{N}_]+|\s+|[^\p{L}\p{M}\p{N}_\s]/gu;
/** More differences than this are no longer looked for: the whole middle is then another text. */
const MOST_EDITS = 400;

/** What was taken out and what was put in, by words (Myers' shortest edit). */
export function diffWords(before: string, after: string): TextPart[] {
  const [old, now] = [before.match(token) ?? [], after.match(token) ?? []];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const middle = edit(old.slice(start, old.length - end), now.slice(start, now.length - end));
  const same = (words: string[]): TextPart => ({ text: words.join(""), is: "same" });
  return joined([same(old.slice(0, start)), ...middle, same(old.slice(old.length - end))]);
}

function edit(old: string[], now: string[]): TextPart[] {
  const trace: Int32Array[] = [];
  const reach = Math.min(MOST_EDITS, old.length + now.length);
  const far = new Int32Array(2 * reach + 3);
  for (let edits = 0; edits <= reach; edits++) {
    trace.push(far.slice());
    for (let line = -edits; line <= edits; line += 2) {
      const at = line + reach + 1;
      const down = line === -edits || (line !== edits && get(far, at - 1) < get(far, at + 1));
      let x = down ? get(far, at + 1) : get(far, at - 1) + 1;
      while (x < old.length && x - line < now.length && old[x] === now[x - line]) x++;
      far[at] = x;
      if (x >= old.length && x - line >= now.length) return walkBack(old, now, trace, reach);
    }
  }
  return [
    { text: old.join(""), is: "removed" },
    { text: now.join(""), is: "added" },
  ];
}

function walkBack(old: string[], now: string[], trace: Int32Array[], reach: number): TextPart[] {
  const parts: TextPart[] = [];
  let [x, y] = [old.length, now.length];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const far = trace[edits] ?? new Int32Array();
    const line = x - y;
    const at = line + reach + 1;
    const down = line === -edits || (line !== edits && get(far, at - 1) < get(far, at + 1));
    const fromX = edits === 0 ? 0 : down ? get(far, at + 1) : get(far, at - 1);
    const fromY = edits === 0 ? 0 : fromX - (down ? line + 1 : line - 1);
    const afterEdit = edits === 0 ? 0 : down ? fromX : fromX + 1;
    if (x > afterEdit) parts.push({ text: old.slice(afterEdit, x).join(""), is: "same" });
    if (edits > 0 && down) parts.push({ text: now[fromY] ?? "", is: "added" });
    if (edits > 0 && !down) parts.push({ text: old[fromX] ?? "", is: "removed" });
    [x, y] = [fromX, fromY];
  }
  return parts.reverse();
}

const get = (list: Int32Array, at: number): number => list[at] ?? 0;

/** Neighbours of one kind become one; between two texts that stay, all that goes stands before all that comes. */
function joined(parts: TextPart[]): TextPart[] {
  const done: TextPart[] = [];
  let gone = "";
  let come = "";
  const flush = (): void => {
    if (gone !== "") done.push({ text: gone, is: "removed" });
    if (come !== "") done.push({ text: come, is: "added" });
    gone = come = "";
  };
  for (const { text, is } of parts) {
    if (text === "") continue;
    if (is === "removed") gone += text;
    else if (is === "added") come += text;
    // A single space between two words that changed reads better as part of the change.
    else if (/^\s+$/.test(text) && (gone !== "" || come !== "")) {
      gone += text;
      come += text;
    } else {
      flush();
      const last = done.at(-1);
      if (last?.is === "same") last.text += text;
      else done.push({ text, is });
    }
  }
  flush();
  return done;
}

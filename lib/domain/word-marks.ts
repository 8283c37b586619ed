export type Piece = { text: string; same: boolean };

const wordPattern = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}_]+|\s+|./gu;
/** Larger middles are marked whole: the table of the comparison grows with both lengths. */
const MAX_CELLS = 1_000_000;

/** Both texts in pieces: the words that they share in one order, and those that differ. Joined, the pieces are the texts. */
export function markWords(one: string, other: string): [Piece[], Piece[]] {
  const [left, right] = [one.match(wordPattern) ?? [], other.match(wordPattern) ?? []];
  let start = 0;
  while (start < Math.min(left.length, right.length) && left[start] === right[start]) start++;
  let end = 0;
  while (end < Math.min(left.length, right.length) - start && left.at(-1 - end) === right.at(-1 - end)) end++;
  const middle = sharedWords(left.slice(start, left.length - end), right.slice(start, right.length - end));
  const flags = (words: readonly string[], inside: readonly boolean[]) =>
    words.map((_, at) => at < start || at >= words.length - end || inside[at - start] === true);
  return [join(left, flags(left, middle[0])), join(right, flags(right, middle[1]))];
}

/** Which words belong to the longest common sequence. */
function sharedWords(left: readonly string[], right: readonly string[]): [boolean[], boolean[]] {
  const found: [boolean[], boolean[]] = [left.map(() => false), right.map(() => false)];
  if (left.length * right.length > MAX_CELLS) return found;
  const width = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row--)
    for (let column = right.length - 1; column >= 0; column--)
      lengths[row * width + column] =
        left[row] === right[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
  let [row, column] = [0, 0];
  while (row < left.length && column < right.length) {
    if (left[row] === right[column]) {
      found[0][row++] = true;
      found[1][column++] = true;
    } else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return found;
}

function join(words: readonly string[], same: readonly boolean[]): Piece[] {
  const pieces: Piece[] = [];
  for (const [at, text] of words.entries()) {
    const last = pieces.at(-1);
    if (last && last.same === same[at]) last.text += text;
    else pieces.push({ text, same: same[at] === true });
  }
  return pieces;
}

const BLOCK_BITS = 13;
const BLOCK = 2 ** BLOCK_BITS;
const WITHIN = BLOCK - 1;

/**
 * Numbers one behind another, in blocks: an array of a million copies itself when it grows, and a run's columns, which are as long as each
 * other, would all do it in the same moment.
 */
export type Column = { length: number; blocks: number[][] };

export const emptyColumn = (): Column => ({ length: 0, blocks: [] });

export function push(column: Column, value: number): void {
  const block = column.blocks[column.length >> BLOCK_BITS];
  if (block === undefined) column.blocks.push([value]);
  else block.push(value);
  column.length += 1;
}

/** Of a place that the column has. */
export const at = (column: Column, index: number): number => column.blocks[index >> BLOCK_BITS]?.[index & WITHIN] ?? Number.NaN;

export function cut(column: Column, length: number): void {
  if (length >= column.length) return;
  column.length = length;
  column.blocks.length = Math.ceil(length / BLOCK);
  const last = column.blocks.at(-1);
  if (last !== undefined) last.length = length - (column.blocks.length - 1) * BLOCK;
}

export const valuesFrom = (column: Column, start: number): number[] => {
  const first = start >> BLOCK_BITS;
  return column.blocks.slice(first).flatMap((block, i) => (i === 0 ? block.slice(start & WITHIN) : block));
};

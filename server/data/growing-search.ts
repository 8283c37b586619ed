import type { RowQuery } from "../../lib/contract/dataset-view";
import type { GrowingStore, Relation } from "./relation";

/** Numbers of the rows that match, in the order of the question. */
export type FindRows = (query: RowQuery, relation: Relation) => Promise<number[]>;

/** `numbers` are all matches in the first `parts`; `more` are the next ones behind them. So many were `asked` for. */
type Known = { parts: number; numbers: number[]; more: number[]; asked: number };

const KEPT_QUESTIONS = 20;
const KEPT_ROWS = 10_000;
/** What is sorted must be asked of all parts again: not before so much has come. */
const GROWN = 1.25;

/**
 * Answers to questions that are asked again and again while the store grows: parts that were searched are not searched again, and a
 * page that is full needs no search at all.
 */
export function createGrowingSearch(): (query: RowQuery, store: GrowingStore, find: FindRows) => Promise<number[]> {
  const answers = new Map<string, Known>();
  return async (query, store, find) => {
    const { offset, limit, search, filters, reason, sort } = query;
    const end = offset + limit;
    const whole = store.since(0);
    if (whole === null) return [];
    // Faults are found while the store grows, also in parts that were searched before.
    if (reason !== null || end > KEPT_ROWS) return find(query, whole);
    const key = JSON.stringify([search, filters, sort]);
    const known = answers.get(key) ?? { parts: 0, numbers: [], more: [], asked: 0 };
    const first = { ...query, offset: 0, limit: end };
    const answer = sort === null ? await searchNew(known, first, store, find) : await sortAnew(known, first, store, whole, find);
    answers.delete(key);
    answers.set(key, answer);
    if (answers.size > KEPT_QUESTIONS) answers.delete(answers.keys().next().value ?? key);
    return [...answer.numbers, ...answer.more].slice(offset, end);
  };
}

async function searchNew(known: Known, query: RowQuery, store: GrowingStore, find: FindRows): Promise<Known> {
  const limit = query.limit - known.numbers.length;
  const fresh = store.since(known.parts);
  if (known.more.length >= limit || fresh === null) return known;
  const found = await find({ ...query, limit }, fresh);
  if (found.length === limit) return { ...known, more: found };
  return { ...known, parts: store.parts, numbers: [...known.numbers, ...found], more: [] };
}

async function sortAnew(known: Known, query: RowQuery, store: GrowingStore, all: Relation, find: FindRows): Promise<Known> {
  if (known.asked >= query.limit && store.parts < known.parts * GROWN) return known;
  return { parts: store.parts, numbers: await find(query, all), more: [], asked: query.limit };
}

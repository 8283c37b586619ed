import type { ColumnStats } from "../../lib/contract/dataset-view";
import type { Duck, DuckRow } from "./duck";
import { isEmpty } from "./query-sql";
import type { Relation, RelationColumn } from "./relation";

const BINS = 20;
const TOP = 10;
const EXACT_DISTINCT = 10_000;
const MAX_COLUMNS = 100;
const SHOWN_CHARACTERS = 120;

/** Statistics of every column: one pass for all of them, then one each for histogram and frequent values. */
export async function columnStats(duck: Duck, relation: Relation, signal?: AbortSignal): Promise<ColumnStats[]> {
  const columns = relation.columns.slice(0, MAX_COLUMNS);
  if (columns.length === 0) return [];
  const [totals] = await duck.query(`SELECT ${columns.map(aggregates).join(", ")} FROM (${relation.sql})`, [], signal);
  const stats: ColumnStats[] = [];
  for (const column of columns) stats.push(await statsOf(column, totals ?? {}, { duck, relation, signal }));
  return stats;
}

type From = { duck: Duck; relation: Relation; signal: AbortSignal | undefined };

async function statsOf(column: RelationColumn, totals: DuckRow, from: From): Promise<ColumnStats> {
  const { name, ident, type } = column;
  const number = (what: string): number | null => asNumber(totals[`${ident}_${what}`]);
  const filled = number("filled") ?? 0;
  const approximately = Math.min(number("distinct") ?? 0, filled);
  const distinct = approximately <= EXACT_DISTINCT * 1.1 ? await exactDistinct(ident, from) : approximately;
  const isNumber = type === "number";
  const range = { low: number(isNumber ? "low" : "shortest"), high: number(isNumber ? "high" : "longest") };
  return {
    name,
    type,
    empty: number("empty") ?? 0,
    distinct,
    min: isNumber ? asText(range.low) : asText(totals[`${ident}_min`]),
    max: isNumber ? asText(range.high) : asText(totals[`${ident}_max`]),
    meanLength: isNumber ? null : number("mean"),
    maxLength: isNumber ? null : number("longest"),
    histogram: await histogram(column, range, from),
    // Where nearly every value is its own, none is frequent.
    top: distinct > filled * 0.9 && filled > 100 ? [] : await topValues(ident, from),
  };
}

function aggregates({ ident, type }: RelationColumn): string {
  const value = isEmpty(ident);
  const length = `length(${ident})`;
  const common = [
    `count_if(${value})::DOUBLE AS ${ident}_empty`,
    `count(${ident})::DOUBLE AS ${ident}_filled`,
    `approx_count_distinct(${ident})::DOUBLE AS ${ident}_distinct`,
  ];
  const double = `TRY_CAST(${ident} AS DOUBLE)`;
  const own =
    type === "number"
      ? [`min(${double}) FILTER (isfinite(${double})) AS ${ident}_low`, `max(${double}) FILTER (isfinite(${double})) AS ${ident}_high`]
      : [
          `min(left(${ident}, ${SHOWN_CHARACTERS})) AS ${ident}_min`,
          `max(left(${ident}, ${SHOWN_CHARACTERS})) AS ${ident}_max`,
          `avg(${length})::DOUBLE AS ${ident}_mean`,
          `min(${length})::DOUBLE AS ${ident}_shortest`,
          `max(${length})::DOUBLE AS ${ident}_longest`,
        ];
  return [...common, ...own].join(", ");
}

async function exactDistinct(ident: string, { duck, relation, signal }: From): Promise<number> {
  const [found] = await duck.query(`SELECT count(DISTINCT ${ident})::DOUBLE AS n FROM (${relation.sql})`, [], signal);
  return asNumber(found?.n) ?? 0;
}

async function histogram(
  { ident, type }: RelationColumn,
  { low, high }: { low: number | null; high: number | null },
  { duck, relation, signal }: From,
): Promise<ColumnStats["histogram"]> {
  if (low === null || high === null) return [];
  const value = type === "number" ? `TRY_CAST(${ident} AS DOUBLE)` : `length(${ident})::DOUBLE`;
  const whole = type !== "number";
  const width = high > low ? (whole ? Math.max(1, Math.ceil((high - low + 1) / BINS)) : (high - low) / BINS) : 1;
  const bins = high > low ? (whole ? Math.ceil((high - low + 1) / width) : BINS) : 1;
  const found = await duck.query(
    `SELECT least(floor((v - ?) / ?), ?)::DOUBLE AS bin, count(*)::DOUBLE AS "rows" FROM (SELECT ${value} AS v FROM (${relation.sql})) WHERE isfinite(v) GROUP BY 1`,
    [low, width, bins - 1],
    signal,
  );
  const rows = new Map(found.map((row) => [asNumber(row.bin) ?? 0, asNumber(row.rows) ?? 0]));
  return Array.from({ length: bins }, (_, i) => ({ from: low + i * width, to: low + (i + 1) * width, rows: rows.get(i) ?? 0 }));
}

/** Candidates are found approximately and counted exactly; of long values the beginning is what counts. */
async function topValues(ident: string, { duck, relation, signal }: From): Promise<ColumnStats["top"]> {
  const short = `left(${ident}, ${SHOWN_CHARACTERS})`;
  const found = await duck.query(
    `WITH v AS (SELECT ${short} AS value FROM (${relation.sql}) WHERE ${ident} IS NOT NULL),
          t AS (SELECT unnest(approx_top_k(value, ${TOP})) AS value FROM v)
     SELECT value, count(*)::DOUBLE AS "rows" FROM v WHERE value IN (SELECT value FROM t) GROUP BY value ORDER BY "rows" DESC, value LIMIT ${TOP}`,
    [],
    signal,
  );
  return found.map((row) => ({ value: String(row.value), rows: asNumber(row.rows) ?? 0 }));
}

const asNumber = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null);
const asText = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));

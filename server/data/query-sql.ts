import type { RowFilter, RowQuery } from "../../lib/contract/dataset-view";
import { assertNever } from "../../lib/domain/assert-never";
import { invalidFields } from "../errors";
import { type DuckParam, fileLiteral } from "./duck";
import type { Relation, RelationColumn } from "./relation";

export type Asked = Pick<RowQuery, "search" | "filters" | "reason" | "sort">;
type Statement = { sql: string; params: DuckParam[] };

export const isPlain = ({ search, filters, reason, sort }: Asked): boolean =>
  search === "" && filters.length === 0 && reason === null && sort === null;

/** What can be said of a question before anything is read. */
export function checkFilters({ filters }: Asked): void {
  filters.forEach(({ is, value }, i) => {
    if (is === "greater" || is === "less" || is === "longer" || is === "shorter") numberOf(value, i);
  });
}

/** Numbers of the rows that match, in order. Values are bound, never written into the statement. */
export function matchingRows(
  asked: Asked,
  relation: Relation,
  { problemsPath, limit, offset }: { problemsPath: string; limit: number; offset: number },
): Statement {
  const { sql, params } = conditions(asked, relation, problemsPath);
  return {
    sql: `SELECT "row" FROM (${relation.sql}) ${sql} ORDER BY ${order(asked, relation)} LIMIT ? OFFSET ?`,
    params: [...params, limit, offset],
  };
}

export function countMatching(asked: Asked, relation: Relation, problemsPath: string): Statement {
  const { sql, params } = conditions(asked, relation, problemsPath);
  return { sql: `SELECT count(*)::DOUBLE AS total FROM (${relation.sql}) ${sql}`, params };
}

/** Rows with any fault: a question for one reason alone needs no column store. */
export const faultyRows = (problemsPath: string): Relation => ({
  sql: `SELECT DISTINCT "row" FROM (${faults(problemsPath)})`,
  columns: [],
});

const faults = (problemsPath: string): string =>
  `SELECT "row", "reason" FROM read_json(${fileLiteral(problemsPath)}, format = 'newline_delimited', ignore_errors = true, columns = {"row": 'BIGINT', "reason": 'VARCHAR'})`;

function conditions(asked: Asked, relation: Relation, problemsPath: string): Statement {
  const parts: Statement[] = asked.filters.map((filter, i) => filterSql(filter, i, relation));
  if (asked.search !== "") parts.push(anyOf(relation.columns, ({ ident }) => contains(ident, asked.search)));
  if (asked.reason !== null) {
    parts.push({ sql: `"row" IN (SELECT "row" FROM (${faults(problemsPath)}) WHERE "reason" = ?)`, params: [asked.reason] });
  }
  if (parts.length === 0) return { sql: "", params: [] };
  return { sql: `WHERE ${parts.map(({ sql }) => sql).join(" AND ")}`, params: parts.flatMap(({ params }) => params) };
}

function filterSql(filter: RowFilter, i: number, relation: Relation): Statement {
  const columns = filter.column === null ? relation.columns : relation.columns.filter(({ name }) => name === filter.column);
  if (columns.length === 0 && filter.column !== null) throw unknownColumn(`filters.${i}.column`, filter.column, relation);
  return anyOf(columns, ({ ident }) => compare(filter, i, ident));
}

function compare({ is, value }: RowFilter, i: number, ident: string): Statement {
  switch (is) {
    case "contains":
      return contains(ident, value);
    case "equals":
      return equals(ident, value);
    case "not_equals": {
      const { sql, params } = equals(ident, value);
      return { sql: `NOT coalesce(${sql}, false)`, params };
    }
    case "empty":
      return { sql: isEmpty(ident), params: [] };
    case "not_empty":
      return { sql: `NOT ${isEmpty(ident)}`, params: [] };
    case "greater":
      return { sql: `TRY_CAST(${ident} AS DOUBLE) > ?`, params: [numberOf(value, i)] };
    case "less":
      return { sql: `TRY_CAST(${ident} AS DOUBLE) < ?`, params: [numberOf(value, i)] };
    case "longer":
      return { sql: `length(${ident}) > ?`, params: [numberOf(value, i)] };
    case "shorter":
      return { sql: `coalesce(length(${ident}), 0) < ?`, params: [numberOf(value, i)] };
    default:
      return assertNever(is);
  }
}

const contains = (ident: string, value: string): Statement => ({ sql: `contains(lower(${ident}), lower(?))`, params: [value] });

/** As it is shown, or the same number written in another way. */
function equals(ident: string, value: string): Statement {
  const number = Number(value);
  if (value.trim() === "" || !Number.isFinite(number)) return { sql: `${ident} = ?`, params: [value] };
  return { sql: `(${ident} = ? OR TRY_CAST(${ident} AS DOUBLE) = ?)`, params: [value, number] };
}

export const isEmpty = (ident: string): string => `(coalesce(trim(${ident}), '') IN ('', '[]', '{}'))`;

function anyOf(columns: readonly RelationColumn[], sqlOf: (column: RelationColumn) => Statement): Statement {
  if (columns.length === 0) return { sql: "false", params: [] };
  const parts = columns.map(sqlOf);
  return { sql: `(${parts.map(({ sql }) => sql).join(" OR ")})`, params: parts.flatMap(({ params }) => params) };
}

function order({ sort }: Asked, relation: Relation): string {
  if (sort === null) return `"row"`;
  const column = relation.columns.find(({ name }) => name === sort.column);
  if (!column) throw unknownColumn("sort.column", sort.column, relation);
  const value = column.type === "number" ? `TRY_CAST(${column.ident} AS DOUBLE)` : column.ident;
  return `${value} ${sort.descending ? "DESC" : "ASC"} NULLS LAST, "row"`;
}

function numberOf(value: string, i: number): number {
  const number = Number(value);
  if (value.trim() !== "" && Number.isFinite(number)) return number;
  throw invalidFields([{ path: `filters.${i}.value`, message: "This comparison needs a number, such as 200.", value }]);
}

const unknownColumn = (path: string, name: string, { columns }: Relation) =>
  invalidFields([
    {
      path,
      message: `There is no column “${name}”. There are: ${columns
        .slice(0, 20)
        .map((column) => column.name)
        .join(", ")}.`,
      value: name,
    },
  ]);

import type { RawRow } from "../../lib/contract/dataset-view";
import { AppError } from "../errors";
import { type Duck, type DuckRow, fileLiteral, quoted } from "./duck";
import type { ColumnType, Relation } from "./relation";
import type { ColumnFile } from "./table-files";
import { cellCharacters, cutText, MAX_COLUMNS } from "./worker/cells";
import { MAX_VALUE_CHARACTERS } from "./worker/read-rows";

type Part = { file: ColumnFile; first: number; rows: number; types: Map<string, string> };

/** Parquet is a column store already: DuckDB reads it where it lies. */
export type ParquetTable = {
  readonly rows: number;
  readonly relation: Relation;
  page(rows: readonly number[], signal?: AbortSignal): Promise<Omit<RawRow, "problems">[]>;
  /** Whole rows as JSON text; what is longer than can be shown is cut. */
  values(rows: readonly number[], signal?: AbortSignal): Promise<{ row: number; text: string }[]>;
};

export async function openParquetTable(files: readonly ColumnFile[], duck: Duck): Promise<ParquetTable> {
  const parts: Part[] = [];
  let rows = 0;
  for (const file of files) {
    const [count] = await duck.query(`SELECT sum(num_rows)::DOUBLE AS "rows" FROM parquet_file_metadata(${fileLiteral(file.path)})`);
    const described = await duck.query(`DESCRIBE SELECT * FROM read_parquet(${fileLiteral(file.path)})`);
    const types = new Map(described.slice(0, MAX_COLUMNS).map((row) => [String(row.column_name), String(row.column_type)]));
    refuseNames(file, [...types.keys()]);
    const fileRows = Number(count?.rows ?? 0);
    parts.push({ file, first: rows, rows: fileRows, types });
    rows += fileRows;
  }
  const names = [...new Set(parts.flatMap(({ types }) => [...types.keys()]))].slice(0, MAX_COLUMNS);

  return {
    rows,
    relation: {
      sql: parts.map((part) => textSelect(part, names)).join(" UNION ALL "),
      columns: names.map((name, i) => ({ name, ident: `c${i}`, type: typeOver(parts, name) })),
    },
    page: async (wanted, signal) => (await overParts(wanted, (part, inside) => readPart(part, inside, duck, signal))).flat(),
    values: async (wanted, signal) => (await overParts(wanted, (part, inside) => readValues(part, inside, duck, signal))).flat(),
  };

  async function overParts<T>(wanted: readonly number[], read: (part: Part, inside: number[]) => Promise<T>): Promise<T[]> {
    const found: T[] = [];
    for (const part of parts) {
      const inside = wanted.filter((row) => row >= part.first && row < part.first + part.rows).map((row) => row - part.first);
      if (inside.length > 0) found.push(await read(part, inside));
    }
    return found;
  }
}

/** DuckDB's number of the row has the first name, and a statement ends at a NUL. */
function refuseNames({ name: fileName }: ColumnFile, names: readonly string[]): void {
  const wrong = names.find((name) => name.toLowerCase() === "file_row_number" || name.includes("\0"));
  if (wrong === undefined) return;
  const reason = `its column ${JSON.stringify(wrong)} has a name that can't be read here. Rename the column, and add the file again.`;
  throw new AppError("dataset_not_readable", `${fileName}: ${reason}`, { params: { fileName, reason } });
}

async function readPart(part: Part, rows: readonly number[], duck: Duck, signal?: AbortSignal): Promise<Omit<RawRow, "problems">[]> {
  const names = [...part.types.keys()];
  const limit = cellCharacters(names.length);
  const cells = names.map((name, i) => `left(${asText(part, name)}, ${limit + 1}) AS c${i}`);
  const found = await duck.query(selectRows(part, rows, cells.join(", ")), [], signal);
  return found.map((row) => toRawRow(row, part, names)).sort((a, b) => a.row - b.row);
}

async function readValues(part: Part, rows: readonly number[], duck: Duck, signal?: AbortSignal): Promise<{ row: number; text: string }[]> {
  const fields = [...part.types].map(([name, type]) => `${quoted(name)} := ${isBlob(type) ? blobText(name) : quoted(name)}`);
  const found = await duck.query(
    selectRows(part, rows, `left(to_json(struct_pack(${fields.join(", ")}))::VARCHAR, ${MAX_VALUE_CHARACTERS + 1}) AS "json"`),
    [],
    signal,
  );
  return found.map(({ row, json }) => ({ row: Number(row) + part.first, text: String(json) })).sort((a, b) => a.row - b.row);
}

/** All are there, so the limit ends the search; an order would read row groups to their end. Row groups are skipped by a range of plain numbers, which a parameter would hide; the list picks the rows inside of it. */
function selectRows(part: Part, rows: readonly number[], columns: string): string {
  const first = Math.min(...rows);
  const last = Math.max(...rows);
  const picked = last - first + 1 === rows.length ? "" : ` AND file_row_number IN (${rows.join(", ")})`;
  return `SELECT file_row_number::DOUBLE AS "row", ${columns} FROM ${source(part)} WHERE file_row_number BETWEEN ${first} AND ${last}${picked} LIMIT ${rows.length}`;
}

function toRawRow(found: DuckRow, part: Part, names: readonly string[]): Omit<RawRow, "problems"> {
  const cells: RawRow["cells"] = {};
  const cut: string[] = [];
  const limit = cellCharacters(names.length);
  names.forEach((name, i) => {
    const text = found[`c${i}`];
    if (typeof text !== "string") cells[name] = null;
    else if (text.length > limit) {
      cells[name] = cutText(text, limit);
      cut.push(name);
    } else cells[name] = asCell(text, columnType(part.types.get(name) ?? ""));
  });
  return { row: Number(found.row) + part.first, cells, cut, bad: null };
}

/** Numbers stay numbers as long as the browser counts as far. */
function asCell(text: string, type: ColumnType): string | number | boolean {
  if (type === "boolean") return text === "true";
  if (type !== "number") return text;
  const number = Number(text);
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number)) ? number : text;
}

function textSelect(part: Part, names: readonly string[]): string {
  const columns = names.map((name, i) => `${part.types.has(name) ? asText(part, name) : "NULL::VARCHAR"} AS c${i}`);
  return `SELECT file_row_number + ${part.first} AS "row", ${columns.join(", ")} FROM ${source(part)}`;
}

const source = ({ file }: Part): string => `read_parquet(${fileLiteral(file.path)}, file_row_number = true)`;

function asText({ types }: Part, name: string): string {
  const type = types.get(name) ?? "";
  if (isBlob(type)) return blobText(name);
  const nested = columnType(type) === "list" || columnType(type) === "object";
  return nested ? `to_json(${quoted(name)})::VARCHAR` : `${quoted(name)}::VARCHAR`;
}

const isBlob = (type: string): boolean => type === "BLOB" || type === "BIT";
const blobText = (name: string): string => `('[' || octet_length(${quoted(name)}) || ' bytes]')`;

function typeOver(parts: readonly Part[], name: string): ColumnType {
  const types = new Set(parts.flatMap(({ types }) => (types.has(name) ? [columnType(types.get(name) ?? "")] : [])));
  const [only = "text"] = types;
  return types.size > 1 ? "mixed" : only;
}

export function columnType(duckType: string): ColumnType {
  if (duckType.endsWith("]")) return "list";
  if (/^(STRUCT|MAP|UNION)/.test(duckType)) return "object";
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL)/.test(duckType)) return "number";
  return duckType === "BOOLEAN" ? "boolean" : "text";
}

/** Something that DuckDB can ask: `row` and the columns as text, c0, c1, … in order of their first appearance. */
export type Relation = { sql: string; columns: RelationColumn[] };
export type RelationColumn = { name: string; ident: string; type: ColumnType };
export type ColumnType = "text" | "number" | "boolean" | "list" | "object" | "mixed";

/** Null share: all rows are in. Null relation: none is yet. */
export type Prepared = { relation: Relation | null; share: number | null; growing?: GrowingStore };

/** Rows that come part by part, in the order of the files; a part that is there never changes. */
export type GrowingStore = {
  parts: number;
  /** The rows from a part on; null where there are none yet. */
  since(part: number): Relation | null;
};

import type { ErrorCode } from "../../lib/contract/errors";
import { AppError } from "../errors";
import type { Db, SqlRow } from "./db";

/** Rows that are one JSON document each: models and data sets. */
export type RecordStore<T extends { id: string; createdAt: number }> = {
  insert(record: T): void;
  update(record: T): void;
  remove(id: T["id"]): boolean;
  find(id: T["id"]): T | null;
  getOrThrow(id: T["id"]): T;
  /** Newest first. */
  list(): T[];
};

export function createRecordStore<T extends { id: string; createdAt: number }>(
  db: Db,
  { table, notFound }: { table: "model" | "dataset"; notFound: ErrorCode },
): RecordStore<T> {
  const find = (id: T["id"]): T | null => {
    const row = db.get(`SELECT json FROM ${table} WHERE id = ?`, id);
    return row === null ? null : fromRow<T>(row);
  };
  return {
    insert: (record) =>
      void db.run(`INSERT INTO ${table} (id, created_at, json) VALUES (?, ?, ?)`, record.id, record.createdAt, JSON.stringify(record)),
    update: (record) => void db.run(`UPDATE ${table} SET json = ? WHERE id = ?`, JSON.stringify(record), record.id),
    remove: (id) => db.run(`DELETE FROM ${table} WHERE id = ?`, id) === 1,
    find,
    getOrThrow(id) {
      const record = find(id);
      if (record === null) throw new AppError(notFound, `There is no ${table} ${id}.`, { params: { id } });
      return record;
    },
    list: () => db.all(`SELECT json FROM ${table} ORDER BY created_at DESC, id`).map((row) => fromRow<T>(row)),
  };
}

// Only `insert` and `update` above write this column, and they write a T.
const fromRow = <T>(row: SqlRow): T => JSON.parse(String(row.json)) as T;

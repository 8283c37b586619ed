import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeHome } from "../testing/make-server";
import { openDb } from "./db";
import { asDiskError } from "./disk-error";

test("a full disk inside a transaction is told as such, and the next transaction works", () => {
  const home = makeHome();
  const db = openDb(join(home, "full.db"));
  const insert = (text: string) =>
    db.transact(() => db.run("INSERT INTO model (id, created_at, json) VALUES (?, 0, ?)", `m${text.length}`, text));
  const pages = Number(db.get("PRAGMA page_count")?.page_count);
  db.get(`PRAGMA max_page_count = ${pages + 2}`);
  try {
    insert("x".repeat(1_000_000));
    expect.unreachable();
  } catch (error) {
    expect(asDiskError(error, home)).toMatchObject({ code: "disk_full" });
  }
  db.get("PRAGMA max_page_count = 100000");
  expect(insert("small")).toBe(1);
  db.close();
  rmSync(home, { recursive: true });
});

import { readFileSync, rmSync, statSync } from "node:fs";
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

test("many commits do not let the side file grow: it is moved into the database meanwhile, and begins anew", async () => {
  const home = makeHome();
  const path = join(home, "many.db");
  const db = openDb(path);
  db.run("INSERT INTO model (id, created_at, json) VALUES ('m', 0, '')");
  let commits = 0;
  const beginningsAfterBurst = () => {
    for (let at = 0; at < 300; at++)
      db.transactLater(() => db.run("UPDATE model SET json = ? WHERE id = 'm'", `${++commits} `.repeat(3000)));
    // https://www.sqlite.org/fileformat2.html#walformat: the header counts how often the file began anew.
    return readFileSync(`${path}-wal`).readUInt32BE(12);
  };
  const before = beginningsAfterBurst();
  await expect.poll(beginningsAfterBurst, { timeout: 20_000 }).toBeGreaterThanOrEqual(before + 3);
  expect(statSync(`${path}-wal`).size).toBeLessThan(commits * 12_000);
  expect(db.get("SELECT json FROM model WHERE id = 'm'")?.json).toBe(`${commits} `.repeat(3000));
  db.close();
  rmSync(home, { recursive: true });
});

import { rmSync, statSync } from "node:fs";
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

test("many commits do not let the side file grow: it is moved into the database meanwhile", async () => {
  const home = makeHome();
  const path = join(home, "many.db");
  const db = openDb(path);
  db.run("INSERT INTO model (id, created_at, json) VALUES ('m', 0, '')");
  const write = (round: number) => db.transactLater(() => db.run("UPDATE model SET json = ? WHERE id = 'm'", `${round}`.repeat(4000)));
  for (let burst = 0; burst < 10; burst++) {
    const before = statSync(path).mtimeMs;
    for (let round = 0; round < 300; round++) write(round);
    await expect.poll(() => statSync(path).mtimeMs).toBeGreaterThan(before);
  }
  expect(statSync(`${path}-wal`).size).toBeLessThan((10 * 300 * 12_000) / 2);
  expect(db.get("SELECT json FROM model WHERE id = 'm'")?.json).toBe("299".repeat(4000));
  db.close();
  rmSync(home, { recursive: true });
});

import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Dataset, FileKind, SourceFile } from "../../lib/contract/dataset";
import { RowQuery } from "../../lib/contract/dataset-view";
import { firstVersion } from "../../lib/domain/first-version";
import { arrowConverter } from "../data/convert-arrow";
import { createTables, type Tables } from "../data/tables";
import { newDatasetId } from "../ids";
import { silentLog } from "../log";
import { testEnv } from "./make-server";

export type TableBench = {
  home: string;
  tables: Tables;
  /** A data set over files outside of the home, as a path import makes it. */
  dataset(files: Record<string, string | Buffer>, kind: FileKind): Dataset;
  /** As after a restart of the server: nothing is left but the files. */
  restart(): Promise<void>;
  remove(): Promise<void>;
};

/** One that has the packages of the trainer. */
export const testPython = process.env.TUNEBOARD_PYTHON ?? join(import.meta.dirname, "..", "..", ".venv", "bin", "python");

export function makeTables(): TableBench {
  const home = mkdtempSync(join(tmpdir(), "tb-"));
  const env = testEnv(home, { python: testPython });
  const open = (): Tables => createTables({ home, roots: [home], log: silentLog, convertArrow: arrowConverter(env) });
  const bench: TableBench = {
    home,
    tables: open(),
    dataset(files, kind) {
      const id = newDatasetId();
      return makeDataset(
        id,
        Object.entries(files).map(([name, content]) => {
          const path = join(home, "outside", id, name);
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, content);
          return sourceFile(name, path, kind);
        }),
      );
    },
    async restart() {
      await bench.tables.close();
      bench.tables = open();
    },
    async remove() {
      await bench.tables.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
  return bench;
}

export function sourceFile(name: string, path: string, kind: FileKind): SourceFile {
  const { size: bytes, mtimeMs: modifiedAt } = statSync(path);
  return { name, path, managed: false, kind, compression: null, encoding: "utf-8", bytes, modifiedAt };
}

export const makeDataset = (id: Dataset["id"], files: SourceFile[]): Dataset =>
  firstVersion({ id, name: "made by hand", source: "path", files, createdAt: 0 });

export const query = (asked: Partial<RowQuery> = {}): RowQuery => RowQuery.parse(asked);

import { relative, resolve } from "node:path";
import type { Dataset } from "../../lib/contract/dataset";
import type { Db } from "./db";
import { createRecordStore, type RecordStore } from "./record-store";

/** Rows of data sets. Managed files are kept as named from the home, so that a home can be moved; everybody else sees full paths. */
export function createDatasetStore(db: Db, home: string): RecordStore<Dataset> {
  const rows = createRecordStore<Dataset>(db, { table: "dataset", notFound: "dataset_not_found" });
  const full = (dataset: Dataset): Dataset => mapPaths(dataset, (path) => resolve(home, path));
  const kept = (dataset: Dataset): Dataset => mapPaths(dataset, (path) => relative(home, path));
  return {
    insert: (dataset) => rows.insert(kept(dataset)),
    update: (dataset) => rows.update(kept(dataset)),
    remove: rows.remove,
    find(id) {
      const found = rows.find(id);
      return found && full(found);
    },
    getOrThrow: (id) => full(rows.getOrThrow(id)),
    list: () => rows.list().map(full),
  };
}

const mapPaths = (dataset: Dataset, change: (path: string) => string): Dataset => ({
  ...dataset,
  files: dataset.files.map((file) => (file.managed ? { ...file, path: change(file.path) } : file)),
});

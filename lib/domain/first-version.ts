import type { Dataset } from "../contract/dataset";

type Given = Pick<Dataset, "id" | "name" | "source" | "files" | "createdAt">;

/** A data set as it is brought in, before anybody has read its rows. */
export const firstVersion = (given: Given): Dataset => ({
  ...given,
  fileName: given.files[0]?.name ?? given.name,
  familyId: given.id,
  version: 1,
  parentId: null,
  change: { type: "import" },
  status: "new",
  guesses: [],
  mapping: null,
  taskId: null,
  report: null,
  usedByRuns: 0,
});

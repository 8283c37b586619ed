import type { Db } from "./db";

type Known = Record<string, unknown>;

/** Data sets of the time before versions: one file each, read at once when it came. They stay ready and keep their rows. */
export function widenDatasets(db: Db): void {
  for (const row of db.all("SELECT id, json FROM dataset"))
    db.run("UPDATE dataset SET json = ? WHERE id = ?", JSON.stringify(widen(String(row.id), JSON.parse(String(row.json)))), row.id ?? "");
}

function widen(id: string, old: Known): Known {
  const report = asObject(old.report);
  const fileName = String(old.fileName);
  const kind = fileName.endsWith(".json") ? "json" : "jsonl";
  const file = {
    name: fileName,
    path: `datasets/${id}/original.${kind}`,
    managed: true,
    kind: report.fileType ?? kind,
    compression: null,
    encoding: "utf-8",
    bytes: report.bytes ?? 0,
    modifiedAt: old.createdAt,
  };
  return {
    familyId: id,
    version: 1,
    parentId: null,
    change: { type: "import" },
    status: "ready",
    files: [file],
    guesses: [],
    mapping: null,
    taskId: null,
    ...old,
    report: widenReport(report),
  };
}

function widenReport(report: Known): Known {
  const problems: Known[] = (Array.isArray(report.problems) ? report.problems : []).map((problem) => ({
    severity: "drop",
    ...asObject(problem),
  }));
  const reasons = Object.entries(asObject(report.problemCounts)).map(([reason, rows]) => ({
    reason,
    severity: "drop",
    rows,
    action: "drop",
    fixable: false,
    firstRow: problems.find((problem) => problem.reason === reason)?.row ?? 0,
  }));
  return { reasons, systemRows: 0, toolRows: 0, ...report, problems };
}

// Whatever stood in the database before was written by us as JSON.
const asObject = (value: unknown): Known => (typeof value === "object" && value !== null ? (value as Known) : {});

"use client";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge";
import { Td, Tr } from "@/components/ui/table";
import { useFormat } from "@/lib/client/use-format";
import type { Dataset, ReplaceChange } from "@/lib/contract/dataset";
import type { Run } from "@/lib/contract/run";
import { useReasonText } from "../use-reason-text";

type VersionRowProps = { version: Dataset; parent: Dataset | null; shown: boolean; runs: readonly Run[] };

export function VersionRow({ version, parent, shown, runs }: VersionRowProps) {
  const t = useTranslations("dataset.versions");
  const status = useTranslations("dataset.status");
  const format = useFormat();
  const changeText = useChangeText();
  const { report, change } = version;
  const more = report !== null && parent?.report ? report.usableRows - parent.report.usableRows : null;
  return (
    <Tr aria-selected={shown} className="align-top">
      <Td className="py-2">
        <Link href={`/data/${version.id}?tab=versions`} className="font-medium text-strong hover:underline">
          v{version.version}
        </Link>{" "}
        {shown && <Badge tone="iris">{t("shown")}</Badge>}
      </Td>
      <Td className="min-w-60 whitespace-normal py-2">
        {changeText(version, parent)}
        {change.type === "replace" && <Pairs pairs={change.pairs} counts={report?.replaced?.counts ?? []} />}
        {parent && <span className="block text-muted text-xs">{t("from", { version: parent.version })}</span>}
      </Td>
      <Td numeric className="py-2">
        {report === null ? (
          status(version.status)
        ) : (
          <>
            {format.count(report.usableRows)}
            {more !== null && more !== 0 && (
              <span className={`ml-2 text-xs ${more > 0 ? "text-succeeded" : "text-muted"}`}>
                {more > 0 ? "+" : "−"}
                {format.count(Math.abs(more))}
              </span>
            )}
          </>
        )}
      </Td>
      <Td className="py-2 font-mono text-muted text-xs" title={report?.sha256}>
        {report?.sha256.slice(0, 12) ?? "–"}
      </Td>
      <Td className="py-2">{format.date(version.createdAt)}</Td>
      <Td className="min-w-32 whitespace-normal py-2">
        <Users count={version.usedByRuns} runs={runs} />
      </Td>
    </Tr>
  );
}

const PAIRS_SHOWN = 5;

/** What was looked for, what stands there now, and how often in the whole set. */
function Pairs({ pairs, counts }: { pairs: ReplaceChange["pairs"]; counts: readonly number[] }) {
  const t = useTranslations("versions");
  const format = useFormat();
  return (
    <ul className="mt-1 grid gap-0.5 text-xs">
      {pairs.slice(0, PAIRS_SHOWN).map(({ find, replace }, at) => (
        <li key={find} className="flex min-w-0 max-w-md gap-1.5">
          <del className="min-w-0 truncate text-failed">{find}</del>
          <span aria-hidden className="text-muted">
            →
          </span>
          <ins className="min-w-0 truncate text-succeeded no-underline">{replace === "" ? t("replace.nothing") : replace}</ins>
          {counts[at] !== undefined && <span className="shrink-0 text-muted tabular-nums">{format.count(counts[at])}×</span>}
        </li>
      ))}
      {pairs.length > PAIRS_SHOWN && <li className="text-muted">{t("morePairs", { count: pairs.length - PAIRS_SHOWN })}</li>}
    </ul>
  );
}

const RUNS_SHOWN = 3;

function Users({ count, runs }: { count: number; runs: readonly Run[] }) {
  const data = useTranslations("data");
  if (runs.length === 0) return data("usedBy", { count });
  const more = Math.max(count, runs.length) - RUNS_SHOWN;
  return (
    <ul className="grid gap-0.5">
      {runs.slice(0, RUNS_SHOWN).map(({ id, name }) => (
        <li key={id} className="max-w-52 truncate">
          <Link href={`/runs/${id}`} className="text-link hover:underline">
            {name}
          </Link>
        </li>
      ))}
      {more > 0 && <li className="text-muted text-xs">+ {data("usedBy", { count: more })}</li>}
    </ul>
  );
}

function useChangeText(): (version: Dataset, parent: Dataset | null) => string {
  const t = useTranslations("dataset.versions.did");
  const action = useTranslations("dataset.health.do");
  const format = useFormat();
  const reasonText = useReasonText();
  return ({ change, report }, parent) => {
    switch (change.type) {
      case "import":
      case "remap":
        return t(change.type);
      case "fix":
        return Object.entries(change.actions)
          .filter(([reason, done]) => done !== parent?.report?.reasons.find((one) => one.reason === reason)?.action)
          .map(([reason, done]) => `${reasonText(reason)}: ${action(done)}`)
          .join(" · ");
      case "replace":
        return report?.replaced ? t("replace", { count: report.replaced.rows }) : t("replacing");
      case "sample":
        return t("sample", { count: change.rows, seed: format.count(change.seed) });
      case "leave_out":
        return t("leave_out");
    }
  };
}

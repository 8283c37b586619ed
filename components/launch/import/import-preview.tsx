"use client";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import type { Import, Line } from "@/lib/domain/import/types";
import type { Change } from "./fill";
import { useLineText } from "./use-line-text";
import { useLabel, useShownValue } from "./use-shown-value";

export type ImportPreviewProps = { read: Import; changes: readonly Change[]; onAdd: (what: "model" | "data") => void };

/** What will change, what needs a look, and the rest folded away: every setting of the text stands in one of the lists. */
export function ImportPreview({ read, changes, onAdd }: ImportPreviewProps) {
  const t = useTranslations("import");
  const changed = new Set<string>(changes.map(({ path }) => path));
  const open = read.lines.filter(needsLook);
  const idle = read.lines.filter(({ verdict }) => verdict.kind === "idle");
  const same = read.lines.filter(
    ({ verdict }) =>
      verdict.kind === "taken" && verdict.note === undefined && !verdict.assumed && !verdict.paths.some((path) => changed.has(path)),
  );
  return (
    <>
      <p role="status" className="mt-3 mb-1 flex flex-wrap items-center gap-2">
        <Badge tone="succeeded">{t(`form.${read.form}`)}</Badge>
        <span className="text-strong">{t("summary", { changes: changes.length, open: open.length, idle: idle.length })}</span>
      </p>
      {open.length > 0 && (
        <Part title={t("toLookAt")}>
          <Lines lines={open} read={read} onAdd={onAdd} />
        </Part>
      )}
      <Part title={t("changes")}>
        {changes.length === 0 ? <p className="text-muted">{t("noChanges")}</p> : <Changes read={read} changes={changes} />}
      </Part>
      <Folded title={t("idle")} lines={idle} read={read} />
      <Folded title={t("same")} lines={same} read={read} />
    </>
  );
}

const needsLook = ({ verdict }: Line): boolean =>
  verdict.kind === "taken" ? verdict.note !== undefined && !verdict.assumed : verdict.kind !== "idle";

function Part({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <section className="mt-4">
      <h3 className="mb-1.5 font-semibold text-strong">{title}</h3>
      {children}
    </section>
  );
}

function Folded({ title, lines, read }: { title: string; lines: readonly Line[]; read: Import }) {
  if (lines.length === 0) return null;
  return (
    <details className="mt-4">
      <summary className="cursor-pointer font-medium text-link text-sm">
        {title} ({lines.length})
      </summary>
      <div className="mt-1.5">
        <Lines lines={lines} read={read} />
      </div>
    </details>
  );
}

function Lines({ lines, read, onAdd }: { lines: readonly Line[]; read: Import; onAdd?: ImportPreviewProps["onAdd"] }) {
  const t = useTranslations("import");
  const textOf = useLineText(read.form);
  return (
    <ul className="divide-y divide-line border-line border-y">
      {lines.map((line, at) => {
        const { verdict } = line;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a name may come twice, and the list never changes its order
          <li key={at} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 py-1.5">
            <code className="max-w-full break-all font-mono text-strong text-xs">
              {line.name}
              {line.shown !== "" && <span className="text-muted">: {line.shown}</span>}
            </code>
            <span className="min-w-48 flex-1 text-normal text-sm">{textOf(line)}</span>
            {verdict.kind === "absent" && onAdd && (
              <Button size="sm" onClick={() => onAdd(verdict.what)}>
                {t(verdict.what === "model" ? "addModel" : "addData")}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Changes({ read, changes }: { read: Import; changes: readonly Change[] }) {
  const t = useTranslations("import");
  const label = useLabel();
  const shown = useShownValue();
  const by = (path: string) => read.lines.findLast(({ verdict }) => verdict.kind === "taken" && verdict.paths.includes(path));
  return (
    <Table>
      <THead className="static">
        <Tr>
          <Th>{t("field")}</Th>
          <Th>{t("from")}</Th>
          <Th>{t("to")}</Th>
          <Th className="hidden sm:table-cell">{t("setting")}</Th>
        </Tr>
      </THead>
      <TBody>
        {changes.map(({ path, from, to }) => {
          const line = by(path);
          const assumed = line?.verdict.kind === "taken" && line.verdict.assumed;
          return (
            <Tr key={path}>
              <Td className="whitespace-normal text-strong">{label(path)}</Td>
              <Td className="whitespace-normal break-words py-1.5 text-muted">{shown(path, from)}</Td>
              <Td className="whitespace-normal break-words py-1.5 font-medium text-strong">{shown(path, to)}</Td>
              <Td className="hidden text-muted text-xs sm:table-cell">
                {line &&
                  (assumed ? t("assumed", { tool: t(`form.${read.form}`) }) : <code className="break-all font-mono">{line.name}</code>)}
              </Td>
            </Tr>
          );
        })}
      </TBody>
    </Table>
  );
}

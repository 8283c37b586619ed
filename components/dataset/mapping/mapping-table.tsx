"use client";
import { useTranslations } from "use-intl";
import { Select } from "@/components/ui/select";
import { Table, TBody, Td, THead, Th, Tr } from "@/components/ui/table";
import type { DatasetMapping } from "@/lib/contract/dataset";
import type { RawRow } from "@/lib/contract/dataset-view";
import { type ColumnRole, roleOf, rolesOf, withRole } from "./mapping-draft";

type MappingTableProps = {
  columns: readonly string[];
  rows: readonly RawRow[];
  mapping: DatasetMapping;
  onMapping: (mapping: DatasetMapping) => void;
};
const NONE = "none";

/** The first rows as they stand, each column with the role that it plays. */
export function MappingTable({ columns, rows, mapping, onMapping }: MappingTableProps) {
  const t = useTranslations("dataset.mapping");
  const { needed, optional } = rolesOf[mapping.format];
  const roles: readonly ColumnRole[] = [...needed, ...optional];
  const choose = (column: string, value: string) => onMapping(withRole(mapping, column, roles.find((role) => role === value) ?? null));
  return (
    <Table>
      <THead>
        <Tr>
          {columns.map((column) => (
            <Th key={column} className="h-auto min-w-48 py-2 align-top">
              <span className="mb-1.5 block font-mono text-strong">{column}</span>
              {roles.length > 0 && (
                <Select
                  value={roleOf(mapping, column) ?? NONE}
                  onValueChange={(value) => choose(column, value)}
                  options={[
                    { value: NONE, label: t("role.none") },
                    ...roles.map((role) => ({
                      value: role,
                      label: t(`role.${role}`),
                      detail: needed.includes(role) ? t("needed") : undefined,
                    })),
                  ]}
                  aria-label={t("roleOf", { column })}
                />
              )}
            </Th>
          ))}
        </Tr>
      </THead>
      <TBody>
        {rows.map((row) => (
          <Tr key={row.row} className="align-top">
            {row.bad === null ? (
              columns.map((column) => (
                <Td key={column} className="max-w-80 py-2">
                  <span className="line-clamp-3 whitespace-pre-wrap break-words text-sm">{text(row.cells[column])}</span>
                </Td>
              ))
            ) : (
              <Td colSpan={Math.max(1, columns.length)} className="py-2 text-failed text-xs">
                {row.bad}
              </Td>
            )}
          </Tr>
        ))}
      </TBody>
    </Table>
  );
}

const text = (value: RawRow["cells"][string] | undefined): string => (value === undefined || value === null ? "–" : String(value));

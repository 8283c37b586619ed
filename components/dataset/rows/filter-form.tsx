"use client";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { RowFilter } from "@/lib/contract/dataset-view";

const operators = [
  "contains",
  "equals",
  "not_equals",
  "empty",
  "not_empty",
  "greater",
  "less",
  "longer",
  "shorter",
] as const satisfies readonly RowFilter["is"][];
const ANY = "\u0000any";

export function FilterForm({ columns, onAdd }: { columns: readonly string[]; onAdd: (filter: RowFilter) => void }) {
  const t = useTranslations("dataset.table");
  const [column, setColumn] = useState(columns[0] ?? ANY);
  const [is, setIs] = useState<RowFilter["is"]>("contains");
  const [value, setValue] = useState("");
  const takesValue = is !== "empty" && is !== "not_empty";
  return (
    <form
      className="mb-3 flex flex-wrap items-center gap-2 rounded-md border border-line bg-panel p-2"
      onSubmit={(event) => {
        event.preventDefault();
        onAdd({ column: column === ANY ? null : column, is, value: takesValue ? value : "" });
      }}
    >
      <Select
        value={column}
        onValueChange={setColumn}
        options={[
          { value: ANY, label: t("anyColumn") },
          ...columns.filter((name) => name !== "").map((name) => ({ value: name, label: name })),
        ]}
        aria-label={t("column")}
        className="w-auto min-w-36"
      />
      <Select
        value={is}
        onValueChange={(next) => setIs(operators.find((one) => one === next) ?? is)}
        options={operators.map((one) => ({ value: one, label: t(`is.${one}`) }))}
        aria-label={t("condition")}
        className="w-auto min-w-36"
      />
      {takesValue && (
        <Input value={value} onChange={(event) => setValue(event.target.value)} aria-label={t("value")} className="w-56" autoFocus />
      )}
      <Button type="submit" variant="primary" disabled={takesValue && value === ""}>
        {t("addFilter")}
      </Button>
    </form>
  );
}

"use client";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";
import { runQueries } from "@/lib/client/queries/runs";
import { useErrorText } from "@/lib/client/use-error-text";
import type { Run } from "@/lib/contract/run";
import { datasetIdsOf } from "@/lib/domain/train-data";

export type RemoveDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  confirmLabel: string;
  /** What is freed or stays, and what depends on it. */
  children: ReactNode;
  typeToConfirm?: string;
  /** Answers with the sentence that says it is done; why it can't be is shown in the dialog, which then stays. */
  remove: () => Promise<string>;
};

export function RemoveDialog({ children, remove, ...rest }: RemoveDialogProps) {
  const errorText = useErrorText();
  const [error, setError] = useState<unknown>(null);
  const confirm = async () => {
    setError(null);
    try {
      toast.success(await remove());
    } catch (reason) {
      setError(reason);
      throw reason;
    }
  };
  return (
    <ConfirmDialog
      {...rest}
      danger
      onConfirm={confirm}
      body={
        <div className="space-y-2">
          {children}
          {error !== null && (
            <p role="alert" className="break-words text-failed">
              {errorText(error)}
            </p>
          )}
        </div>
      }
    />
  );
}

/** Trainings that name this model or data set; asked for while the dialog is open. */
export function useRunsNaming(field: "modelId" | "datasetId", id: string, open: boolean): Run[] {
  const runs = useQuery({ ...runQueries.list(), enabled: open }).data ?? [];
  return runs.filter(
    ({ spec }) =>
      spec.kind === "train" && (field === "modelId" ? spec.modelId === id : datasetIdsOf(spec.data).some((known) => known === id)),
  );
}

const MOST_NAMED = 6;
export const nameSome = (things: readonly { name: string }[]): string =>
  things
    .slice(0, MOST_NAMED)
    .map(({ name }) => name)
    .join(", ") + (things.length > MOST_NAMED ? ", …" : "");

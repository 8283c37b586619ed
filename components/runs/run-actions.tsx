"use client";
import dynamic from "next/dynamic";
import type { Run } from "@/lib/contract/run";
import { assertNever } from "@/lib/domain/assert-never";

export type RunDialog = { kind: "stop" | "resume" | "rename" | "delete"; run: Run };
export type RunDialogProps = { run: Run; onClose: () => void };

const StopDialog = dynamic(() => import("./stop-dialog").then((module) => module.StopDialog), { ssr: false });
const ResumeDialog = dynamic(() => import("@/components/layout/resume-dialog").then((module) => module.ResumeDialog), { ssr: false });
const RenameDialog = dynamic(() => import("./rename-dialog").then((module) => module.RenameDialog), { ssr: false });
const DeleteDialog = dynamic(() => import("./delete-dialog").then((module) => module.DeleteDialog), { ssr: false });

/** One dialog for the whole list, loaded when it is first asked for. */
export function RunActions({ dialog, onClose }: { dialog: RunDialog | null; onClose: () => void }) {
  if (dialog === null) return null;
  const props = { run: dialog.run, onClose };
  switch (dialog.kind) {
    case "stop":
      return <StopDialog {...props} />;
    case "resume":
      return <ResumeDialog {...props} />;
    case "rename":
      return <RenameDialog {...props} />;
    case "delete":
      return <DeleteDialog runs={[dialog.run]} onClose={onClose} />;
    default:
      return assertNever(dialog.kind);
  }
}

"use client";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { useCreateRun } from "@/lib/client/queries/runs";
import { ApiError } from "@/lib/client/request";
import { type CheckResult, fromServerFields, type ServerProblem } from "./check";
import type { Candidate } from "./draft";
import { forgetDraft } from "./use-draft";

/** Launching: once, however often it is pressed; what the server refuses comes back to its field. */
export function useSubmit(candidate: Candidate, jump: (path: string) => void) {
  const router = useRouter();
  const create = useCreateRun();
  const [refused, setRefused] = useState<ServerProblem[]>([]);
  const request = useRef<{ spec: string; id: string } | null>(null);
  const submit = (check: CheckResult) => {
    if (create.isPending || create.isSuccess) return;
    const [first] = check.problems;
    if (first) return jump(first.path);
    if (check.spec === null) return;
    const text = JSON.stringify(check.spec);
    // A second try after a lost answer carries the same id, so that it can't become a second run.
    if (request.current?.spec !== text) request.current = { spec: text, id: randomId() };
    create.mutate(
      { spec: check.spec, requestId: request.current.id },
      {
        onSuccess: (run) => {
          forgetDraft();
          router.push(`/runs/${run.id}`);
        },
        onError: (error) => {
          if (!(error instanceof ApiError)) return;
          const problems = fromServerFields(error.fields, candidate);
          setRefused(problems);
          if (problems[0]) jump(problems[0].path);
        },
      },
    );
  };
  return { submit, refused, error: create.error, busy: create.isPending || create.isSuccess };
}

/** Ctrl+Enter or ⌘Enter from anywhere in the form. */
export function useLaunchKey(launch: () => void) {
  const latest = useRef(launch);
  useEffect(() => {
    latest.current = launch;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
      // A dialog that stands over the form is about something else.
      if (event.target instanceof Element && event.target.closest("[role=dialog]")) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

/** crypto.randomUUID is missing on plain http from another machine. */
const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { NamedFile } from "@/components/ui/dropped-files";
import { api } from "@/lib/client/api";
import { datasetQueries } from "@/lib/client/queries/datasets";
import { call } from "@/lib/client/request";
import { untilChecked } from "@/lib/client/until-checked";
import { uploadDataset } from "@/lib/client/upload-dataset";
import type { Dataset } from "@/lib/contract/dataset";
import type { ReadyDataset } from "@/lib/domain/ready-dataset";
import type { AddInput } from "./sources/source-form";

export type AddState =
  | { status: "idle" }
  /** `sent` is null once all is there and the server works on it. */
  | { status: "busy"; name: string; sent: { sentBytes: number; totalBytes: number } | null }
  | { status: "failed"; name: string; error: unknown }
  | { status: "cancelled" }
  /** A folder was chosen that holds no file of a known ending. */
  | { status: "nothing" };

type Wishes = { onMade: ((dataset: Dataset) => void) | undefined; onReady: (dataset: ReadyDataset) => void };

/** One at a time; what was sent of a file stays on the server, and the same file chosen again goes on where it was. */
export function useAddData({ onMade, onReady }: Wishes) {
  const client = useQueryClient();
  const [state, setState] = useState<AddState>({ status: "idle" });
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => controller.current?.abort(), []);

  const work = async (name: string, make: (signal: AbortSignal) => Promise<Dataset>) => {
    controller.current?.abort();
    const current = new AbortController();
    controller.current = current;
    const { signal } = current;
    setState({ status: "busy", name, sent: null });
    try {
      const made = await make(signal);
      remember(made);
      if (onMade) {
        onMade(made);
      } else {
        const ready = await untilChecked(made, signal);
        remember(ready);
        onReady(ready);
      }
      setState({ status: "idle" });
    } catch (error) {
      setState(signal.aborted ? { status: "cancelled" } : { status: "failed", name, error });
    }
  };
  // The list must know the new one before a form chooses it.
  const remember = (dataset: Dataset) => {
    client.setQueryData(datasetQueries.every().queryKey, (known) => known && [dataset, ...known.filter(({ id }) => id !== dataset.id)]);
    client.setQueryData(datasetQueries.detail(dataset.id).queryKey, dataset);
  };

  return {
    state,
    send: (files: readonly NamedFile[]) => {
      const [first] = files;
      if (first === undefined) {
        setState({ status: "nothing" });
        return;
      }
      // A folder gives the set its name.
      const folder = first.name.includes("/") ? first.name.split("/")[0] : undefined;
      const name = folder ?? (files.length === 1 ? first.name : `${first.name} +${files.length - 1}`);
      void work(name, (signal) =>
        uploadDataset({
          files,
          ...(folder && { name: folder }),
          signal,
          onProgress: ({ checking, ...sent }) => setState({ status: "busy", name, sent: checking ? null : sent }),
        }),
      );
    },
    add: (input: AddInput) => void work(input.name ?? "", (signal) => call(api.createDataset, input, signal)),
    cancel: () => controller.current?.abort(),
    leave: () => {
      controller.current?.abort();
      setState({ status: "idle" });
    },
  };
}

"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { datasetQueries } from "@/lib/client/queries/datasets";
import { untilChecked } from "@/lib/client/until-checked";
import { type UploadProgress, uploadDataset } from "@/lib/client/upload-dataset";
import type { ReadyDataset as Dataset } from "@/lib/domain/ready-dataset";

export type UploadState =
  | { status: "idle" }
  | { status: "sending"; name: string; progress: UploadProgress }
  | { status: "failed"; name: string; error: unknown }
  | { status: "cancelled"; name: string };

/** One upload at a time; leaving the page cancels it, and the same file chosen again goes on where it was. */
export function useUpload(onAdded: (dataset: Dataset) => void) {
  const client = useQueryClient();
  const [state, setState] = useState<UploadState>({ status: "idle" });
  const controller = useRef<AbortController | null>(null);
  useEffect(() => () => controller.current?.abort(), []);
  const start = async (file: Blob, name: string) => {
    controller.current?.abort();
    const current = new AbortController();
    controller.current = current;
    setState({ status: "sending", name, progress: { sentBytes: 0, totalBytes: file.size, checking: false } });
    try {
      const onProgress = (progress: UploadProgress) => setState({ status: "sending", name, progress });
      const sent = await uploadDataset({ files: [{ file, name }], onProgress, signal: current.signal });
      const dataset = await untilChecked(sent, current.signal);
      // The list must know the new one before a form chooses it.
      client.setQueryData(datasetQueries.list().queryKey, (known) => known && [dataset, ...known.filter(({ id }) => id !== dataset.id)]);
      await client.invalidateQueries({ queryKey: datasetQueries.all() });
      setState({ status: "idle" });
      onAdded(dataset);
    } catch (error) {
      setState(current.signal.aborted ? { status: "cancelled", name } : { status: "failed", name, error });
    }
  };
  return {
    state,
    start,
    cancel: () => controller.current?.abort(),
    clear: () => setState({ status: "idle" }),
  };
}

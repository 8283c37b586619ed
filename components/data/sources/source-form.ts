import type { ApiInput } from "@/lib/client/api";

export type AddInput = ApiInput<"createDataset">;
export type SourceFormProps = { add: (input: AddInput) => void; busy: boolean; error: unknown };

import { randomBytes } from "node:crypto";
import { DatasetId, ModelId, RunId } from "../lib/contract/ids";

export const newRunId = (): RunId => RunId.parse(newId("run"));
export const newModelId = (): ModelId => ModelId.parse(newId("mod"));
export const newDatasetId = (): DatasetId => DatasetId.parse(newId("ds"));
export const newToken = (): string => randomBytes(24).toString("base64url");

// 32 characters without i, l, o and u: each random byte gives one of them without bias.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const newId = (prefix: string): string => `${prefix}_${Array.from(randomBytes(12), (byte) => alphabet[byte % 32]).join("")}`;

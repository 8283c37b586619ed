/** Beside the schemas and without zod, for the browser. A leak is told by the first kind that fits it. */
export const leakKinds = [
  "conversation_same",
  "conversation_normalised",
  "conversation_near",
  "prompt_same",
  "prompt_normalised",
  "prompt_near",
] as const;
export const overlapKinds = [...leakKinds, "contradiction"] as const;

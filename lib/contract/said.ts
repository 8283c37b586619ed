import * as z from "zod";

/** A sentence of the trainer by code and figures: the page says it in the reader's language (`said.<code>` of the message files). */
export const Said = z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) });
export type Said = z.infer<typeof Said>;

/** Stands beside the English words, in the order of their sentences; absent in what an older trainer wrote. */
export const saidOf = z.array(Said).optional().describe("The same by code and figures, sentence by sentence");

const colors = ["bg-s1", "bg-s2", "bg-s3", "bg-s4", "bg-s5", "bg-s6", "bg-s7", "bg-s8"] as const;

/** A set has one colour in the form and in the plan; its name always stands beside it. */
export const setColor = (at: number): string => colors[at % colors.length] ?? colors[0];

import * as z from "zod";
import { Done, endpoint, Nothing } from "./endpoint";

/** Who is signed in. */
export const session = {
  getSession: endpoint({
    method: "GET",
    path: "/session",
    tag: "session",
    summary: "Whether this browser is signed in",
    open: true,
    input: Nothing,
    output: z.object({ signedIn: z.boolean() }),
  }),
  signIn: endpoint({
    method: "POST",
    path: "/session",
    tag: "session",
    summary: "Exchange the token for a cookie",
    open: true,
    input: z.strictObject({ token: z.string().min(1, "Paste the token that the server printed.").max(200) }),
    output: Done,
  }),
  signOut: endpoint({ method: "DELETE", path: "/session", tag: "session", summary: "Forget this browser", input: Nothing, output: Done }),
} as const;

"use client";
import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { jumpTo } from "./launch-context";

/** Leads to a field: from the plan, after a refused launch, or named by the address (`field`, from the palette). */
export function useFieldJump() {
  const query = useSearchParams();
  const asked = query.get("field");
  const [sought, setSought] = useState<{ path: string } | null>(null);
  useEffect(() => {
    if (asked === null) return;
    setSought({ path: asked });
    // Taken out of the address, so that choosing the same field again leads there again.
    const rest = new URLSearchParams(window.location.search);
    rest.delete("field");
    window.history.replaceState(null, "", rest.size > 0 ? `?${rest}` : window.location.pathname);
  }, [asked]);
  useEffect(() => {
    if (sought === null) return;
    // Two frames: a sheet or a palette that closes gives the focus back first.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => jumpTo(sought.path));
    });
    return () => cancelAnimationFrame(frame);
  }, [sought]);
  return { sought: sought?.path ?? null, jump: (path: string) => setSought({ path }) };
}

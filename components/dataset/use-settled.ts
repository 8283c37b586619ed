"use client";
import { useEffect, useState } from "react";

const REST_MS = 250;

/** A value once it has rested: what is typed is asked about when the hand stops. Equal content is the same value. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  const key = JSON.stringify(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the value
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), REST_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return settled;
}

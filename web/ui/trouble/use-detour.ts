import { useEffect, useState } from "preact/hooks";
import { isDetour, pathOf } from "../statistics/path.ts";
import type { Session } from "../session.ts";

/** A connection has found its way after so long, in milliseconds. */
const SETTLES = 4000;

/** Do sound and pictures go another way than by UDP, once the connection stands. */
export function useDetour(session: Session): boolean {
  const [detour, setDetour] = useState(false);
  const isIn = session.state.value === "in";
  useEffect(() => {
    if (!isIn) return;
    const look = async () => {
      const report = await session.stats().catch(() => undefined); // it was closed meanwhile
      if (report) setDetour(isDetour(pathOf(report)));
    };
    const timer = setTimeout(() => void look(), SETTLES);
    return () => clearTimeout(timer);
  }, [session, isIn]);
  return detour;
}

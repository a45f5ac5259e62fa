// When the connection is made ready in the lobby, and when it is let go.

import { useEffect, useState } from "preact/hooks";
import { usePage } from "../page.ts";
import type { Session } from "../session.ts";

/** A lobby that nobody has touched for so long, in milliseconds, is an open tab and no more. */
const patience = 3 * 60_000;

/** Keeps the way into the room ready while somebody is about to join by this name, and nothing that joining needs is missing. Returns whether it is so. */
export function useWarmth(session: Session, name: string, nothingElseMissing: boolean): boolean {
  const { language } = usePage();
  const attended = useAttended();
  const warm = nothingElseMissing && attended && name.trim() !== "" && !session.joining.value;
  useEffect(() => {
    if (!warm) return;
    session.warm(name.trim(), language); // what more is written of the name is said on entering
    return () => session.cool();
  }, [session, warm]);
  return warm;
}

/** Is somebody before the page: false after a while without any sign of it. */
function useAttended(): boolean {
  const [attended, setAttended] = useState(true);
  useEffect(() => {
    let timer = 0;
    const look = () => {
      if (document.hidden) return;
      setAttended(true);
      clearTimeout(timer);
      timer = window.setTimeout(() => setAttended(false), patience);
    };
    look();
    const signs = ["pointermove", "pointerdown", "keydown", "focus", "visibilitychange"];
    for (const sign of signs) addEventListener(sign, look);
    return () => {
      clearTimeout(timer);
      for (const sign of signs) removeEventListener(sign, look);
    };
  }, []);
  return attended;
}

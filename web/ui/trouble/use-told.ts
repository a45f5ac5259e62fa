import { useEffect } from "preact/hooks";
import type { Session } from "../session.ts";

/** Has a sentence said, once it stands there, to those who listen instead of looking. */
export function useTold(session: Session, text: string | undefined): void {
  useEffect(() => {
    if (text !== undefined) session.tell({ what: "said", text, matters: true });
  }, [session, text]);
}

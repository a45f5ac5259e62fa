// The network check while one gets ready, as one quiet line.

import { useEffect, useState } from "preact/hooks";
import { CheckLink } from "../check/check-link.tsx";
import { Icon } from "../parts/icons.tsx";
import { useWords } from "../page.ts";
import type { Session } from "../session.ts";
import { judge, type Network } from "./network.ts";

/** How often the connection is looked at, in milliseconds, until more is known and after. */
const often = 400;
const seldom = 5000;

const icons = { checking: "dots", good: "check", slow: "bars", detour: "bars", blocked: "close" } as const;

/** `warm`: there is a connection to look at, or will be. */
export function NetworkCheck({ session, warm }: { session: Session; warm: boolean }) {
  const words = useWords();
  const network = useNetwork(session, warm);
  return (
    <div class={`readiness ${network ?? ""}`}>
      {network && <Icon name={icons[network]} />}
      {/* Only what was found is read out. */}
      {network === "checking" && <p>{words.ready.network.checking}</p>}
      <p role="status">{network && network !== "checking" && words.ready.network[network]}</p>
      {network === "blocked" && <CheckLink apart />}
    </div>
  );
}

function useNetwork(session: Session, warm: boolean): Network | undefined {
  const [network, setNetwork] = useState<Network>();
  useEffect(() => {
    if (!warm) return;
    const began = Date.now();
    let timer = 0;
    let over = false;
    const look = async () => {
      const report = await session.stats().catch(() => undefined); // it was closed meanwhile
      if (over) return;
      const judged = judge(report, Date.now() - began);
      setNetwork(judged);
      timer = window.setTimeout(() => void look(), judged === "checking" ? often : seldom);
    };
    void look();
    return () => {
      over = true;
      clearTimeout(timer);
      setNetwork(undefined);
    };
  }, [session, warm]);
  return network;
}

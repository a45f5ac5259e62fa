// After the room: why one is out, and the ways on.

import { CheckLink, isOfTheWay } from "../check/check-link.tsx";
import { usePage } from "../page.ts";
import { useArrival } from "../parts/hooks.ts";
import { Yard } from "./home.tsx";
import type { Session } from "../session.ts";
import { sayRefusal } from "../parts/trouble.tsx";

export function Gone({ session, again }: { session: Session; again: () => void }) {
  const { words, go } = usePage();
  const heading = useArrival<HTMLHeadingElement>();
  const byChoice = session.leftByChoice.value;
  const refusal = session.refusal.value;
  return (
    <main class="home gone">
      <section class="home-card" role="alert">
        <Yard />
        <h1 ref={heading} tabIndex={-1}>{byChoice ? words.youLeft : refusal === "room_gone" ? words.ended : words.removed}</h1>
        {!byChoice && <p class="quiet">{sayRefusal(words, refusal ?? "closed")}</p>}
        <div class="row">
          <button type="button" class="button primary" onClick={again}>{words.rejoin}</button>
          <button type="button" class="button" onClick={() => go("/")}>{words.backToStart}</button>
        </div>
        {isOfTheWay(refusal) && <CheckLink />}
      </section>
    </main>
  );
}

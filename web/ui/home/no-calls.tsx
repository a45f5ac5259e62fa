// For a browser that cannot make calls: which ones can, and the way there.

import { Yard } from "./home.tsx";
import { CopyLink } from "../parts/copy-link.tsx";
import { useWords } from "../page.ts";
import { inviteLink } from "../route.ts";

/** Can this browser make calls at all. What else it lacks is said where it is missed. */
export const canCall = "RTCPeerConnection" in globalThis;

export function NoCalls({ room }: { room: string }) {
  const { care } = useWords();
  return (
    <main class="home gone">
      <section class="home-card">
        <Yard />
        <h1>{care.noCalls}</h1>
        <p class="quiet">{care.noCallsText}</p>
        <p>{care.takeLink}</p>
        <CopyLink link={inviteLink(room)} />
      </section>
    </main>
  );
}

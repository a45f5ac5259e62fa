// Sound without pictures: offered where the connection is bad for a while, and said
// as long as it is so.

import { useEffect, useMemo, useState } from "preact/hooks";
import { usePage } from "../page.ts";
import type { Session } from "../session.ts";
import { type Offer, SoundOffer } from "./sound-offer.ts";
import { useTold } from "./use-told.ts";

export function SoundOnlyNotice({ session }: { session: Session }) {
  const { words: { care } } = usePage();
  const { offer, decline } = useOffer(session);
  const on = session.soundOnly.value;
  const text = on ? (offer === "pictures" ? care.offerVideos : care.soundOnlyNow) : offer === "sound" ? care.offerSoundOnly : undefined;
  useTold(session, text);
  if (text === undefined) return null;
  return (
    <div class="notice">
      <p>{text}</p>
      <button type="button" class={`button small ${offer ? "primary" : ""}`} onClick={() => void session.hearOnly(!on)}>
        {on ? care.showVideos : care.soundOnly}
      </button>
      {offer && <button type="button" class="button small" onClick={decline}>{on ? care.keepSoundOnly : care.keepVideos}</button>}
    </div>
  );
}

const EVERY = 1000; // milliseconds

function useOffer(session: Session): { offer: Offer; decline: () => void } {
  const [offer, setOffer] = useState<Offer>();
  const offers = useMemo(() => new SoundOffer(), [session]);
  useEffect(() => {
    const look = () => {
      const { down } = session.quality.peek().get(session.me) ?? { down: 0 };
      const soundOnly = session.soundOnly.peek();
      const pictures = session.tiles.peek().some(({ member }) => member !== undefined); // else there is nothing to save
      setOffer(offers.look(soundOnly || pictures ? down : 0, soundOnly, performance.now()));
    };
    const timer = setInterval(look, EVERY);
    const off = session.soundOnly.subscribe(look);
    return () => {
      clearInterval(timer);
      off();
    };
  }, [session, offers]);
  const decline = () => {
    offers.decline(performance.now());
    setOffer(undefined);
  };
  return { offer, decline };
}

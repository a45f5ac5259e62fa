// One seat: a name, how its member is, and initials where there is no picture.

import { useEffect } from "preact/hooks";
import type { Member, Why } from "../../sdk/index.ts";
import { Avatar, useHue } from "../parts/avatar.tsx";
import type { Placed } from "./arrange.ts";
import { Floats, HandMark } from "../room/expression.tsx";
import { Icon } from "../parts/icons.tsx";
import type { Messages } from "../../i18n/index.ts";
import { useWords } from "../page.ts";
import { QualityMark } from "./quality-mark.tsx";
import type { Session } from "../session.ts";
import { Tools, type Tool } from "./tools.tsx";
import { useBox } from "../parts/use-box.ts";

export interface SeatProps {
  session: Session;
  placed: Placed;
  member: Member;
  /** What the picture is called. */
  name: string;
  hasPicture: boolean;
  why: Why | undefined;
  tools: readonly Tool[];
}

export function SeatView({ session, placed: { seat, box, place }, member, name, hasPicture, why, tools }: SeatProps) {
  const words = useWords();
  const isScreen = seat.source === "screen";
  const element = useBox<HTMLDivElement>(box);
  useHue(element, member.name);
  useSpeaking(session, element, isScreen ? undefined : member.id);
  const silent = !isScreen && member.sources.mic !== "live";
  const trouble = member.state === "reconnecting" ? words.reconnecting : hasPicture ? undefined
    : isScreen && session.soundOnly.value ? words.care.screenHidden : sayWhy(words, why);
  return (
    <div
      class={`seat ${place} ${seat.source} ${hasPicture ? "with-picture" : "hued"} ${member.state}`} ref={element}
      role="group" aria-label={name} data-member={member.id}
    >
      {!hasPicture && !isScreen && <Avatar name={member.name} />}
      {trouble && (
        <p class="seat-trouble">
          {!hasPicture && why === "bandwidth" && <Icon name="paused" />}
          <span>{trouble}</span>
        </p>
      )}
      {!isScreen && <HandMark session={session} member={member} />}
      <div class="tools"><Tools tools={tools} /></div>
      {!isScreen && <QualityMark session={session} member={member} />}
      <p class="name">
        <span class="name-text">{name}</span>
        {silent && <span class="mark" role="img" aria-label={words.muted}><Icon name="micOff" /></span>}
      </p>
      {!isScreen && <Floats session={session} id={member.id} name={name} />}
    </div>
  );
}

/** Says why there is no picture, where that is not the member's own wish. */
function sayWhy(words: Messages, why: Why | undefined): string | undefined {
  if (why === "bandwidth") return words.pausedForBandwidth;
  if (why === "codec") return words.codecUnsupported;
  return undefined;
}

/** Draws the ring around who speaks, past Preact: levels come five times a second for everybody. */
function useSpeaking(session: Session, element: { current: HTMLElement | null }, member: string | undefined): void {
  useEffect(() => {
    if (!member) return;
    return session.speakers.subscribe((speakers) => {
      const target = element.current;
      if (!target) return;
      const speaker = speakers.find((one) => one.member === member);
      target.toggleAttribute("data-speaking", speaker !== undefined);
      if (speaker) target.style.setProperty("--level", speaker.level.toFixed(2));
    });
  }, [session, member]);
}

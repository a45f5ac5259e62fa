// What happens in a room, as news for those who listen: each watch here follows a
// few signals of the session, and tells what changed.

import type { Messages } from "../../i18n/index.ts";
import type { MemberId, Off } from "../../sdk/index.ts";
import type { Session } from "../session.ts";
import type { News } from "./announce.ts";

type Tell = (news: News) => void;

/** Tells what happens from now on. `words`: those of the page's language, whichever it is then. */
export function watchNews(session: Session, words: () => Messages, tell: Tell): Off {
  const said = (text: string) => tell({ what: "said", text, matters: true });
  const offs = [
    session.onNews(tell),
    watchConnection(session, words, said),
    watchConduct(session, words, said),
    watchScreens(session, tell),
    watchChat(session, tell),
  ];
  return () => offs.forEach((off) => off());
}

/** What is over sooner, in milliseconds, nobody needs to know. */
const BLIP = 1000;

/** That we look for a way back, and that we found it. */
function watchConnection({ state }: Session, words: () => Messages, said: (text: string) => void): Off {
  let timer = 0;
  let told = false;
  const off = state.subscribe((now) => {
    clearTimeout(timer);
    if (now === "in" && told) said(words().connectedAgain);
    if (now === "in") told = false;
    else if (!told) timer = window.setTimeout(() => {
      told = true;
      said(now === "waiting" ? words().waiting : words().reconnecting);
    }, BLIP);
  });
  return () => {
    clearTimeout(timer);
    off();
  };
}

/** What others did to us, and who is at the door. What asks for an answer is an alert of its own. */
function watchConduct(session: Session, words: () => Messages, said: (text: string) => void): Off {
  const { muted, newRole, expiring, standing } = session.conduct;
  const nameOf = (id: MemberId | undefined) => session.members.peek().find((member) => member.id === id)?.name ?? words().conduct.someone;
  let waiting = 0;
  const offs = [
    muted.subscribe((now) => {
      if (!now) return;
      const { mutedBy, heldToo } = words().conduct;
      said(mutedBy[now.source](nameOf(now.by)) + (now.hold && now.source === "mic" ? ` ${heldToo}` : ""));
    }),
    newRole.subscribe((role) => role && said(words().conduct.nowRole[role])),
    expiring.subscribe((ends) => ends && said(words().conduct.accessEnds)),
    standing.subscribe(({ waiting: now }) => {
      if (now.length > waiting) said(words().conduct.waitToComeIn(now.at(-1)!.name, now.length - 1));
      waiting = now.length;
    }),
  ];
  return () => offs.forEach((off) => off());
}

function watchScreens({ members }: Session, tell: Tell): Off {
  let before: ReadonlyMap<MemberId, string> | undefined; // of those who are here, and share
  return members.subscribe((all) => {
    const sharing = new Map(all.filter(({ me, sources }) => !me && sources.screen === "live").map(({ id, name }) => [id, name]));
    if (before) {
      for (const [id, name] of sharing) if (!before.has(id)) tell({ what: "shares", name });
      for (const [id, name] of before) if (!sharing.has(id) && all.some((member) => member.id === id)) tell({ what: "sharesNoMore", name });
    }
    before = sharing;
  });
}

/** Lines that come while the chat is closed; open, it reads them itself. */
function watchChat({ unread, messages }: Session, tell: Tell): Off {
  let before = 0;
  return unread.subscribe((now) => {
    const lines = now > before ? messages.peek().filter(({ mine }) => !mine).slice(before - now) : [];
    before = now;
    for (const { name, text, to } of lines) tell({ what: "wrote", name, text, privately: to !== undefined });
  });
}

// A small window above all others: who speaks, and what one needs to take part.
// Its code comes when it may be asked for.

import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Avatar, useHue } from "../parts/avatar.tsx";
import { BarButton, CameraButton, MicButton } from "../parts/bar-button.tsx";
import { keyOf, type Seat } from "./arrange.ts";
import { mainsOf } from "./mains.ts";
import { type Page, PageContext, useWords } from "../page.ts";
import { useStop } from "../room/bar.tsx";
import { seatsOf } from "./seats.ts";
import type { Session } from "../session.ts";
import type { Tile } from "../../sdk/index.ts";

/** Opens it, in a click; where the browser has no such windows its own for one picture. Nothing happens where it is refused. */
export async function openPip(session: Session, page: Page): Promise<void> {
  const windows = window.documentPictureInPicture;
  try {
    if (windows) show(await windows.requestWindow({ width: 400, height: 300 }), session, page);
    else await pictureOf(watched(session))?.requestPictureInPicture();
  } catch {
    // It needs a click just now, and some never allow it.
  }
}

function show(pip: Window, session: Session, page: Page): void {
  const { document: its } = pip;
  its.documentElement.lang = page.language;
  its.title = page.words.pip;
  for (const sheet of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) {
    its.head.append(Object.assign(its.createElement("link"), { rel: "stylesheet", href: sheet.href }));
  }
  render(<PageContext.Provider value={page}><Pip session={session} close={() => pip.close()} /></PageContext.Provider>, its.body);
  pip.addEventListener("pagehide", () => render(null, its.body));
}

/** Whom to show: what stands large on the stage, else whose turn it is, else anybody. */
function watched({ members, stage, conduct }: Session): Seat | undefined {
  const seats = seatsOf(members.value).filter((seat) => !seat.me);
  const { spotlight } = conduct.standing.value;
  const [main] = mainsOf(seats, { layout: "grid", pinned: stage.pinned.value, spotlight: spotlight && keyOf(spotlight) });
  return seats.find((seat) => keyOf(seat) === main) ?? seats.find((seat) => seat.member === stage.turn.value) ?? seats[0];
}

/** The picture on the page that shows a seat. */
function pictureOf(seat: Seat | undefined): HTMLVideoElement | undefined {
  return [...document.querySelectorAll<HTMLVideoElement>("video.picture")]
    .find(({ dataset }) => seat && dataset["member"] === seat.member && dataset["source"] === seat.source);
}

function Pip({ session, close }: { session: Session; close: () => void }) {
  const words = useWords();
  const seat = watched(session);
  const member = session.members.value.find(({ id }) => id === seat?.member);
  const tile = session.tiles.value.find((tile) => seat && !tile.why && tile.member === seat.member && tile.source === seat.source);
  const left = session.state.value === "left";
  useEffect(() => {
    if (left) close();
  }, [left]);
  const name = member && (seat?.source === "screen" ? words.screenOf(member.name) : member.name);
  return (
    <main class="pip">
      {tile ? <PipPicture key={tile.key} tile={tile} /> : <Nobody name={member?.name ?? session.roomName} />}
      {name && <p class="name"><span class="name-text">{name}</span></p>}
      <div class="bar" role="toolbar" aria-label={words.controls}>
        <MicButton devices={session.devices} stopped={useStop(session, "mic")} />
        <CameraButton devices={session.devices} stopped={useStop(session, "camera")} />
        <BarButton icon="shrink" label={words.backToRoom} hint={words.backToRoom} onClick={close} />
        <BarButton icon="leave" label={words.leave} hint={words.leaveHint} tone="danger" onClick={() => session.leave()} />
      </div>
    </main>
  );
}

function PipPicture({ tile }: { tile: Tile }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => tile.attach(video.current!), [tile.attach]);
  return <video class={tile.source} ref={video} muted playsInline autoPlay />;
}

function Nobody({ name }: { name: string }) {
  const element = useRef<HTMLDivElement>(null);
  useHue(element, name);
  return <div class="pip-nobody hued" ref={element}><Avatar name={name} /></div>;
}

// Visits of a room: the lobby, the room, and the way out; then perhaps the lobby again.

import { useComputed } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import { invitationFor } from "./invitation.ts";
import { Gone } from "./home/gone.tsx";
import { canCall, NoCalls } from "./home/no-calls.tsx";
import { Lobby } from "./lobby/lobby.tsx";
import { Later } from "./parts/later.tsx";
import { usePage } from "./page.ts";
import { Session } from "./session.ts";
import { withRoom } from "./storage.ts";

export function Visit({ room }: { room: string }) {
  const [times, setTimes] = useState(0);
  return <OneVisit key={times} room={room} again={() => setTimes(times + 1)} />;
}

function OneVisit({ room, again }: { room: string; again: () => void }) {
  const { backend, language, recall, remember } = usePage();
  const session = useMemo(() => new Session(backend, room, invitationFor(room)), [backend, room]);
  useEffect(() => {
    const returning = session.returning.value;
    if (returning) {
      session.devices.begin({ ...returning, chosen: recall().devices });
      void session.comeBack(returning, language);
    }
    return () => session.close();
  }, [session]);

  const where = useComputed(() => {
    switch (session.state.value) {
      case "in":
      case "reconnecting":
        return "room";
      case "waiting": // once more, where a server began anew
        return session.members.peek().length > 0 ? "room" : "lobby";
      case "left":
        return "gone";
      default:
        return session.returning.value ? "room" : "lobby";
    }
  });
  useEffect(() => {
    if (where.value === "room") remember({ rooms: withRoom(recall().rooms, room) });
  }, [where.value]);
  useTitle(session, room);

  return (
    <>
      {where.value === "lobby" && (canCall ? <Lobby session={session} /> : <NoCalls room={room} />)}
      {where.value === "gone" && <Gone session={session} again={again} />}
      {/* Fetched in the lobby: it is there when Join is clicked. */}
      <Later load={() => import("./room/room.tsx")} when={where.value === "room"}>{({ RoomView }) => <RoomView session={session} />}</Later>
    </>
  );
}

/** Names the tab after the room, with how many lines are unread. */
function useTitle(session: Session, room: string): void {
  const unread = session.unread.value;
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${room} · Madang`;
  }, [unread, room]);
  useEffect(() => () => {
    document.title = "Madang";
  }, []);
}

// The keys of a room around all that is on its page, and the sheet that says what
// they do.

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useModule } from "../parts/hooks.ts";
import { usePage } from "../page.ts";
import type { Session } from "../session.ts";
import type { Command } from "./catalogue.ts";
import { Keyboard } from "./keyboard.ts";
import { useListener } from "./listener.ts";
import { KeyboardContext } from "./use-keyboard.ts";

export function RoomKeys({ session, children }: { session: Session; children: ComponentChildren }) {
  const { recall } = usePage();
  const [shown, show] = useState<readonly Command[]>();
  const room = useMemo(() => {
    const keyboard = new Keyboard(() => recall().shortcuts);
    return {
      keyboard,
      say: (text: string) => session.tell({ what: "said", text, matters: true }),
      help: () => show(keyboard.available()),
    };
  }, [recall, session]);
  useListener(room.keyboard);
  useEffect(() => room.keyboard.on("help", { press: room.help }), [room]);
  return (
    <KeyboardContext.Provider value={room}>
      {children}
      {shown && <Help available={shown} onClose={() => show(undefined)} />}
    </KeyboardContext.Provider>
  );
}

function Help(props: { available: readonly Command[]; onClose: () => void }) {
  const module = useModule(() => import("./help-sheet.tsx"), props.onClose);
  return module ? <module.HelpSheet {...props} /> : null;
}

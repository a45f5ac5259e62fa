// How others come in: the room's link, or an invitation that says what they are
// here; copied, shown as a picture, or shared by what the device has for that.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { ConductMessages } from "../../i18n/index.ts";
import type { Role } from "../../sdk/index.ts";
import { useModule } from "../parts/hooks.ts";
import { Icon } from "../parts/icons.tsx";
import { linkWith } from "../invitation.ts";
import { inviteLink } from "../route.ts";
import { usePage } from "../page.ts";
import { rolesToInvite } from "./people.ts";
import type { Session } from "../session.ts";

/** How many people one invitation is for, to choose from. */
const USES = [1, 10, 100, 1000];

interface InviteProps {
  session: Session;
  words: ConductMessages;
}

export function InviteSection({ session, words }: InviteProps) {
  const [role, setRole] = useState<Role | "">("");
  const [seconds, setSeconds] = useState(86400);
  const [uses, setUses] = useState(10);
  const { roomName, moderation } = session;
  const make = async () => {
    const plain = inviteLink(roomName);
    return role ? linkWith(plain, (await moderation!.invite(role, seconds, uses)).token) : plain;
  };
  return (
    <section class="invite-section">
      {/* By its key it forgets what was made by another choice. */}
      <Ways key={`${role} ${seconds} ${uses}`} room={roomName} words={words} make={make} />
      {session.conduct.may("moderate") && (
        <details>
          <summary>{words.invite}</summary>
          <div class="choices">
            <Choice label={words.inviteAs} value={role} change={(value) => setRole(value as Role | "")}>
              <option value="">{words.anyone}</option>
              {rolesToInvite(session.conduct.standing.value.role).map((given) => <option key={given} value={given}>{words.role[given]}</option>)}
            </Choice>
            {role && (
              <>
                <Choice label={words.goodFor} value={seconds} change={(value) => setSeconds(Number(value))}>
                  {Object.entries(words.spans).map(([span, said]) => <option key={span} value={span}>{said}</option>)}
                </Choice>
                <Choice label={words.uses} value={uses} change={(value) => setUses(Number(value))}>
                  {USES.map((n) => <option key={n} value={n}>{words.people(n)}</option>)}
                </Choice>
              </>
            )}
          </div>
        </details>
      )}
    </section>
  );
}

interface WaysProps {
  room: string;
  words: ConductMessages;
  /** Makes a link, by an invitation where a role was chosen. */
  make: () => Promise<string>;
}

/** How a link gets to others. */
function Ways({ room, words, make }: WaysProps) {
  const { copy } = usePage();
  const [said, say] = useState<"copied" | "failed">();
  const [byHand, offer] = useState<string>();
  const [shown, show] = useState<string>();
  const run = async (act: (link: string) => Promise<void>) => {
    say(undefined);
    await make().then(act).catch(() => say("failed"));
  };
  const share = (link: string) => navigator.share({ title: room, url: link }).catch(() => {}); // they thought better of it
  return (
    <>
      <div class="ways">
        <button
          type="button" class="button" onClick={() => void run(async (link) => ((await copy(link)) ? say("copied") : offer(link)))}
        ><Icon name="link" />{words.copyLink}</button>
        <button
          type="button" class="round" aria-label={words.qrCode} aria-expanded={shown !== undefined}
          onClick={() => (shown === undefined ? void run(async (link) => show(link)) : show(undefined))}
        ><Icon name="qr" /></button>
        {"share" in navigator && <button type="button" class="round" aria-label={words.share} onClick={() => void run(share)}><Icon name="share" /></button>}
      </div>
      {shown !== undefined && <Code link={shown} words={words} failed={() => (show(undefined), say("failed"))} />}
      {byHand !== undefined && (
        <label class="field"><span>{words.copyByHand}</span><input readOnly value={byHand} onFocus={(event) => event.currentTarget.select()} /></label>
      )}
      <p class="quiet small-text" role="status">{said === "copied" ? words.copied : said === "failed" && words.failed}</p>
    </>
  );
}

/** The link as a picture, whose code comes when it is first asked for. */
function Code({ link, words, failed }: { link: string; words: ConductMessages; failed: () => void }) {
  const module = useModule(() => import("./qr-code.tsx"), failed);
  return (
    <figure class="qr-card">
      {module && <module.QrCode link={link} label={words.qrOf} />}
      <figcaption class="quiet small-text">{words.qrHint}</figcaption>
    </figure>
  );
}

interface ChoiceProps {
  label: string;
  value: string | number;
  change: (value: string) => void;
  children: ComponentChildren;
}

function Choice({ label, value, change, children }: ChoiceProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <select class="choice wide" value={value} onChange={(event) => change(event.currentTarget.value)}>{children}</select>
    </label>
  );
}

// How others come in: the room's link, or an invitation that says what they are here.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { ConductMessages } from "../../i18n/index.ts";
import type { Role } from "../../sdk/index.ts";
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
  const { link, said, make } = useLink(session);
  const moderates = session.conduct.may("moderate");
  return (
    <section class="invite-section">
      {moderates && (
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
      <button type="button" class="button wide" onClick={() => void make(role, seconds, uses)}><Icon name="link" />{words.copyLink}</button>
      {said === "byHand" && (
        <label class="field"><span>{words.copyByHand}</span><input readOnly value={link} onFocus={(event) => event.currentTarget.select()} /></label>
      )}
      <p class="quiet small-text" role="status">{said === "copied" ? words.copied : said === "failed" && words.failed}</p>
    </section>
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

/** Makes a link, by an invitation where a role was chosen, and copies it. */
function useLink({ roomName, moderation }: Session) {
  const { copy } = usePage();
  const [link, setLink] = useState("");
  const [said, setSaid] = useState<"copied" | "byHand" | "failed">();
  async function make(role: Role | "", seconds: number, uses: number): Promise<void> {
    setSaid(undefined);
    try {
      const plain = inviteLink(roomName);
      const made = role ? linkWith(plain, (await moderation!.invite(role, seconds, uses)).token) : plain;
      setLink(made);
      setSaid((await copy(made)) ? "copied" : "byHand");
    } catch {
      setSaid("failed");
    }
  }
  return { link, said, make };
}

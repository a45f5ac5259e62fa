import { useState } from "preact/hooks";
import { inviteLink } from "../route.ts";
import { Icon } from "../parts/icons.tsx";
import { usePage } from "../page.ts";

/** Shown to the first in the room: how others come. */
export function Alone({ room }: { room: string }) {
  const { words, copy } = usePage();
  const [copied, setCopied] = useState(false);
  const link = inviteLink(room);
  return (
    <div class="alone card">
      <p><b>{words.alone}</b> {words.aloneText}</p>
      <button
        type="button" class="link-button"
        onClick={() => void copy(link).then(setCopied)}
      >
        <span>{link}</span>
        <Icon name={copied ? "check" : "link"} />
      </button>
      <span class="heard-only" role="status">{copied && words.copied}</span>
    </div>
  );
}

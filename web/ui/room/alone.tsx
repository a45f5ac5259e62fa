import { CopyLink } from "../parts/copy-link.tsx";
import { inviteLink } from "../route.ts";
import { useWords } from "../page.ts";

/** Shown to the first in the room: how others come. */
export function Alone({ room }: { room: string }) {
  const words = useWords();
  return (
    <div class="alone card">
      <p><b>{words.alone}</b> {words.aloneText}</p>
      <CopyLink link={inviteLink(room)} />
    </div>
  );
}

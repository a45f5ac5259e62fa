import type { Member } from "../../sdk/index.ts";
import { useWords } from "../page.ts";
import { barsOf, sayWeak } from "./quality.ts";
import type { Session } from "../session.ts";

/** Marks a weak connection by how many bars are left, and says on hover, focus or touch what is wrong. */
export function QualityMark({ session, member }: { session: Session; member: Member }) {
  const words = useWords();
  const quality = session.quality.value.get(member.id);
  const bars = barsOf(quality);
  if (!quality || bars === undefined) return null;
  const said = sayWeak(words, quality, member.me ? undefined : member.name);
  return (
    <div class="quality">
      <button type="button" class="seat-button quality-mark" aria-label={said}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          {[0, 1, 2, 3].map((i) => (
            <rect key={i} class={i < bars ? "" : "missing"} x={4 + 4.5 * i} y={15 - 3.5 * i} width="2.5" height={4 + 3.5 * i} rx="1" />
          ))}
        </svg>
      </button>
      <span class="tip" aria-hidden="true">{said}</span>
    </div>
  );
}

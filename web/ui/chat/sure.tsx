// Asks once more before a command does what hurts.

import { useWords } from "../page.ts";
import { useArrival } from "../parts/hooks.ts";
import type { Doing } from "../people/doing.ts";
import type { Question } from "./obey.ts";

export interface SureProps {
  question: Question;
  doing: Doing;
  /** It is answered, in either way. */
  done: () => void;
}

export function Sure({ question: { question, yes, act }, doing, done }: SureProps) {
  const words = useWords();
  const element = useArrival<HTMLDivElement>();
  return (
    <div
      class="sure" ref={element} tabIndex={-1} role="group" aria-label={question}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation(); // which would close the panel
        done();
      }}
    >
      <p><bdi>{question}</bdi></p>
      <div class="row">
        <button
          type="button" class="button small danger"
          onClick={() => {
            void doing.run(act());
            done();
          }}
        >{yes}</button>
        <button type="button" class="button small" onClick={done}>{words.cancel}</button>
      </div>
    </div>
  );
}

import type { ComponentChildren } from "preact";
import { useArrival } from "../parts/hooks.ts";

interface QuestionProps {
  question: string;
  /** What follows from a yes, if that must be said. */
  more?: string;
  children: ComponentChildren;
}

/** Asks once more before what hurts, in the place of the button that asked for it. */
export function Question({ question, more, children }: QuestionProps) {
  const element = useArrival<HTMLDivElement>();
  return (
    <div class="sure" ref={element} tabIndex={-1} role="group" aria-label={question}>
      <p><bdi>{question}</bdi></p>
      {more !== undefined && <p class="quiet small-text">{more}</p>}
      {children}
    </div>
  );
}

// Small hooks that several components share.

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/**
 * Draws a level (0 to 1) as the variable --level of an element, at each frame
 * while active, without rendering anything.
 */
export function useLevel<E extends HTMLElement>(level: () => number, active: boolean): RefObject<E | null> {
  const element = useRef<E>(null);
  useEffect(() => {
    const target = element.current;
    if (!target || !active) return;
    let drawn = 0;
    let frame = 0;
    const draw = () => {
      // Rises at once and falls softly, as meters do.
      const next = Math.max(level(), drawn * 0.85);
      if (Math.abs(next - drawn) > 0.01) {
        drawn = next;
        target.style.setProperty("--level", next.toFixed(2));
      }
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => {
      cancelAnimationFrame(frame);
      target.style.removeProperty("--level");
    };
  }, [active]);
  return element;
}

/** Shows a track of our own in a video element. */
export function useTrack(track: MediaStreamTrack | undefined): RefObject<HTMLVideoElement | null> {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const target = video.current;
    if (!target) return;
    target.srcObject = track ? new MediaStream([track]) : null;
    // Refused only where a newer picture took its place.
    if (track) target.play().catch(() => {});
    return () => {
      target.srcObject = null;
    };
  }, [track]);
  return video;
}

/** The size of an element, as it changes; zero until it is on the page. */
export function useSize<E extends HTMLElement>(): [RefObject<E | null>, { width: number; height: number }] {
  const element = useRef<E>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = target;
      setSize((before) => (before.width === width && before.height === height ? before : { width, height }));
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  return [element, size];
}

/** True once something has been so for so many milliseconds. */
export function useLasting(so: boolean, ms: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!so) return;
    const timer = setTimeout(() => setLasting(true), ms);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [so, ms]);
  return so && lasting;
}

/** Brings what has just come up into sight, and the focus to it: a question in the place of the button that asked for it. */
export function useArrival<E extends HTMLElement>(): RefObject<E | null> {
  const element = useRef<E>(null);
  useLayoutEffect(() => {
    element.current?.focus({ preventScroll: true });
    element.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return element;
}

/** Keeps the focus within an element while what had it goes, as the row of somebody who was let in. */
export function useFocusKept<E extends HTMLElement>(): RefObject<E | null> {
  const element = useRef<E>(null);
  const within = useRef(false);
  useEffect(() => {
    const follow = (event: Event) => (within.current = element.current?.contains(event.target as Node) ?? false);
    addEventListener("focusin", follow);
    addEventListener("pointerdown", follow);
    return () => {
      removeEventListener("focusin", follow);
      removeEventListener("pointerdown", follow);
    };
  }, []);
  useLayoutEffect(() => {
    if (within.current && document.activeElement === document.body) element.current?.focus({ preventScroll: true });
  });
  return element;
}

/**
 * Gives the focus a home within an element: it goes there whenever what had it
 * goes away, and at first where it `arrives` from what was there before. Whoever
 * knows of a better place puts it there while rendering, before this looks.
 */
export function useFocusHome<E extends HTMLElement>(home: string, arrives: boolean): RefObject<E | null> {
  const element = useRef<E>(null);
  useEffect(() => {
    const target = element.current;
    if (!target) return;
    let had = arrives; // else nobody has asked for a ring around anything
    const goHome = () => {
      if (had && document.activeElement === document.body) target.querySelector<HTMLElement>(home)?.focus({ preventScroll: true });
    };
    goHome();
    target.addEventListener("focusin", () => (had = true));
    const observer = new MutationObserver(goHome);
    observer.observe(target, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);
  return element;
}

/** Whole seconds until a time (milliseconds since 1970), counting down to one. */
export function useSecondsUntil(time: number | undefined): number {
  const secondsLeft = () => Math.max(1, Math.ceil(((time ?? 0) - Date.now()) / 1000));
  const [seconds, setSeconds] = useState(1);
  useEffect(() => {
    if (time === undefined) return;
    const look = () => setSeconds(secondsLeft());
    look();
    const timer = setInterval(look, 250);
    return () => clearInterval(timer);
  }, [time]);
  return seconds;
}

/** A module whose code comes when it is first needed; undefined until then. `failed`: the server is out of reach, or has a newer page. */
export function useModule<M>(load: () => Promise<M>, failed: () => void): M | undefined {
  const [module, setModule] = useState<M>();
  useEffect(() => {
    load().then(setModule, failed);
  }, []);
  return module;
}

const IDLE_AFTER = 4000; // milliseconds

/** True after a while without movement of a mouse, and never without one. */
export function useIdle(): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    if (!matchMedia("(hover: hover) and (pointer: fine)").matches) return;
    let timer = 0;
    const wake = () => {
      setIdle(false);
      clearTimeout(timer);
      timer = window.setTimeout(() => setIdle(true), IDLE_AFTER);
    };
    wake();
    addEventListener("pointermove", wake);
    addEventListener("keydown", wake);
    return () => {
      clearTimeout(timer);
      removeEventListener("pointermove", wake);
      removeEventListener("keydown", wake);
    };
  }, []);
  return idle;
}

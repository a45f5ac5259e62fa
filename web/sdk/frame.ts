// Knowing which RTP timestamp is on the screen.

/** RTP timestamps count modulo 2³²; is `a` at or after `b`? */
export function reached(a: number, b: number): boolean {
  return ((a - b) | 0) >= 0;
}

/** How often the receiver is asked where no element shows the picture. */
const look = 100;
/** A picture that does not come is not waited for longer than this. */
const patience = 1000;

/**
 * Calls `then` when the frame with this RTP timestamp, or a later one, is shown
 * in the element; where there is no element that shows frames (a hidden page),
 * when the receiver gave such a frame to its track; after a second in any case.
 * The returned function calls it off.
 */
export function whenShown(ts: number, receiver: RTCRtpReceiver, video: HTMLVideoElement | undefined, then: () => void): () => void {
  const given = () => {
    const last = receiver.getSynchronizationSources()[0]?.rtpTimestamp;
    return last !== undefined && reached(last, ts);
  };
  if (given()) { // media came before word of it: the frame is shown already, or the next
    then();
    return () => undefined;
  }
  const began = performance.now();
  let request: number | undefined;
  const stop = () => {
    clearTimeout(timer);
    if (request !== undefined) video!.cancelVideoFrameCallback(request);
  };
  const finish = () => {
    stop();
    then();
  };
  const watch = (_now: number, frame: VideoFrameCallbackMetadata) => {
    if (frame.rtpTimestamp !== undefined && reached(frame.rtpTimestamp, ts)) finish();
    else request = video!.requestVideoFrameCallback(watch);
  };
  request = video?.requestVideoFrameCallback?.(watch);
  const check = () => {
    const blind = request === undefined || document.hidden;
    if (performance.now() - began > patience || (blind && given())) finish();
    else timer = setTimeout(check, look);
  };
  let timer = setTimeout(check, look);
  return stop;
}

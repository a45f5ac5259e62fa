// What a watcher's page tells of the frames that it shows.

/** Runs in the page of a watcher: `window.watched(member)` tells of the picture of a member's camera. */
export function installWatch() {
  const seen = new Map(); // by the key of the tile

  function follow(key, video) {
    const now = performance.now();
    const picture = { width: 0, last: now, longest: 0, frames: 0, widths: [], intervals: [], stuck: [] };
    const frame = (at, { width }) => {
      stick(picture, at);
      picture.longest = Math.max(picture.longest, at - picture.last);
      picture.last = at;
      picture.frames++;
      if (width !== picture.width) picture.widths.push({ width: (picture.width = width), at: Date.now() });
      video.requestVideoFrameCallback(frame);
    };
    video.requestVideoFrameCallback(frame);
    seen.set(key, picture);
  }

  // A freeze is an interval above three times the mean, and above the mean by 150 ms. What is stuck
  // again within half a second was not really free: single frames do not make two of one.
  function stick({ stuck, intervals, last: from }, to) {
    const mean = intervals.reduce((sum, interval) => sum + interval, 0) / Math.max(1, intervals.length);
    if (intervals.length && to - from > Math.max(3 * mean, mean + 150)) {
      if (stuck.length && from - stuck.at(-1).to < 500) stuck.at(-1).to = to;
      else stuck.push({ from, to });
    }
    intervals.push(to - from);
    if (intervals.length > 30) intervals.shift();
    return stuck;
  }

  const tileOf = (member) => window.room.tiles.find((tile) => tile.member === member && tile.source === "camera");

  setInterval(() => {
    for (const [key, video] of window.videos) if (!seen.has(key)) follow(key, video);
  }, 50);

  window.watched = async (member) => {
    const tile = tileOf(member);
    const picture = tile && seen.get(tile.key);
    if (!picture) return undefined;
    const streams = await window.probe.received();
    const video = streams.find(({ kind, mid }) => kind === "video" && mid === tile.key) ?? {};
    const audio = streams.find(({ kind, mid }) => kind === "audio" && Number(mid) === Number(tile.key) + 1) ?? {};
    const now = performance.now();
    const stuck = stick(structuredClone(picture), now); // and for how long now
    return {
      why: tile.why, width: picture.width, widths: picture.widths, stuck, frames: picture.frames,
      longest: Math.max(picture.longest, now - picture.last), // between two frames, in milliseconds
      at: now, epoch: performance.timeOrigin, freezes: video.freezeCount, frozen: video.totalFreezesDuration, decoded: video.framesDecoded, rate: video.framesPerSecond,
      videoPackets: video.packetsReceived, videoLost: video.packetsLost, bytes: video.bytesReceived,
      audioPackets: audio.packetsReceived, audioLost: audio.packetsLost,
      samples: audio.totalSamplesReceived, concealed: audio.concealedSamples, silent: audio.silentConcealedSamples,
    };
  };

  /** Forgets how long the longest pause was and which widths were seen. */
  window.forgetFrames = () => {
    for (const picture of seen.values()) Object.assign(picture, { longest: 0, last: performance.now(), widths: [], stuck: [], frames: 0 });
  };

  /** Asks for these cameras: [member, width, height]. */
  window.look = (...tiles) => window.room.view(tiles.map(([member, width, height]) => ({ member, source: "camera", width, height })));
}

/** Frames that a publisher's page has encoded of each layer of its camera, by RID ("" for the only one). */
export function encodedBy(page) {
  return page.evaluate(async () => {
    const layers = {};
    const [, camera] = window.connections.at(-1).getTransceivers(); // the second line of every offer
    for (const stat of (await camera.sender.getStats()).values()) {
      if (stat.type !== "outbound-rtp") continue;
      const { rid = "", framesEncoded, frameWidth, active, targetBitrate, qualityLimitationReason, scalabilityMode } = stat;
      layers[rid] = { framesEncoded, frameWidth, active, targetBitrate, qualityLimitationReason, scalabilityMode };
    }
    return layers;
  });
}

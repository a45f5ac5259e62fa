/**
 * Runs in a watcher's page with one tile: switches it between two members, whose
 * pictures differ in width, and measures in milliseconds from each wish to the
 * first frame of the new picture, and from that to the new name.
 */
export async function switchSlot({ between, times }) {
  const [tileKey] = window.videos.keys();
  const video = window.videos.get(tileKey);
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const patience = 5000;

  function pictureOf(width) {
    return Promise.race([pause(patience), new Promise((resolve) => {
      const seen = (_now, frame) => (frame.width === width ? resolve() : video.requestVideoFrameCallback(seen));
      video.requestVideoFrameCallback(seen);
    })]);
  }

  function nameOf(member) {
    const there = () => window.room.tiles[0].member === member;
    return Promise.race([pause(patience), new Promise((resolve) => {
      if (there()) return resolve();
      const off = window.room.on("tiles", () => there() && (off(), resolve()));
    })]);
  }

  const show = ({ member }) => window.room.view([{ member, source: "camera", width: 640, height: 360 }]);
  show(between[1]);
  await pictureOf(between[1].width);
  await pause(1000);
  const pictures = [];
  const names = [];
  for (let i = 0; i < times; i++) {
    const next = between[i % 2];
    const wished = performance.now();
    const shown = pictureOf(next.width).then(() => performance.now());
    const named = nameOf(next.member).then(() => performance.now());
    show(next);
    pictures.push((await shown) - wished);
    names.push(Math.abs((await named) - (await shown)));
    await pause(100 + (i % 5) * 20);
  }
  const streams = await window.probe.received();
  const { packetsLost, framesReceived, framesDecoded, framesDropped, keyFramesDecoded, pliCount, nackCount, freezeCount } =
    streams.find(({ kind }) => kind === "video");
  return { pictures, names, stream: { packetsLost, framesReceived, framesDecoded, framesDropped, keyFramesDecoded, pliCount, nackCount, freezeCount } };
}

// A person in a room by the SDK alone, on the stage.

/** Joins from this tab. `publish`: which of mic and camera. In the page, `room` is the Room then. */
export async function join(page, { stage, server, room, name, publish = ["mic", "camera"] }) {
  await page.goto(stage);
  await page.evaluate(
    async ({ server, room, name, publish }) => {
      const { LocalMedia, Room } = await import("/sdk/index.js");
      const local = new LocalMedia();
      if (publish.includes("mic")) await local.setMic(true);
      if (publish.includes("camera")) await local.setCamera(true);
      window.room = new Room({ url: server, local });
      window.errors = [];
      window.room.on("error", (error) => window.errors.push(String(error)));
      window.videos = new Map(); // by the key of the tile
      const attached = new Map();
      window.room.on("tiles", (tiles) => {
        for (const tile of tiles) {
          if (attached.get(tile.key) === tile.attach) continue;
          attached.set(tile.key, tile.attach); // another session has other pictures on the same keys
          const video = window.videos.get(tile.key) ?? document.createElement("video");
          video.width = 160;
          video.height = 90;
          document.body.append(video);
          tile.attach(video);
          window.videos.set(tile.key, video);
        }
      });
      await window.room.join({ room, name });
    },
    { server, room, name, publish },
  );
  await page.evaluate(installProbe);
  return page.evaluate(() => window.room.me);
}

/** Puts into the page what tests ask pages: `probe`. */
export function installProbe() {
  const canvas = document.createElement("canvas");
  canvas.width = 32;
  canvas.height = 18;
  const context = canvas.getContext("2d", { willReadFrequently: true });

  /** The colour low in the middle of a video's picture, where no box wanders. */
  function colour(video) {
    context.drawImage(video, 0, 0, 32, 18);
    return [...context.getImageData(16, 15, 1, 1).data].slice(0, 3);
  }

  /** All pixels as one text, to tell whether a picture moves. */
  function picture(video) {
    context.drawImage(video, 0, 0, 32, 18);
    return context.getImageData(0, 0, 32, 18).data.join();
  }

  /** What all connections receive: one entry for each stream. */
  async function received() {
    const streams = [];
    for (const connection of window.connections) {
      if (connection.connectionState === "closed") continue;
      for (const stat of (await connection.getStats()).values()) if (stat.type === "inbound-rtp") streams.push(stat);
    }
    return streams;
  }

  window.probe = { colour, picture, received };
}

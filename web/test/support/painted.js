// A camera painted in the page: 1280×720, or another size, of what is hard to
// encode, so that every layer needs its bitrate. A file of that size would be read
// from disk all the time.

/** Runs in every page before its own scripts; `rate` is frames a second. */
export function paintCamera({ rate, width = 1280, height = 720 }) {
  if (!navigator.mediaDevices) return;
  const native = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => (wanted.video ? paint() : native(wanted));

  function paint() {
    const grain = 8; // pixels
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const pen = canvas.getContext("2d", { alpha: false });
    const noise = new OffscreenCanvas(width / grain, height / grain);
    const grains = noise.getContext("2d");
    const image = grains.createImageData(noise.width, noise.height);
    for (let i = 0; i < image.data.length; i += 4) {
      const shade = 90 + 120 * Math.random();
      image.data.set([shade, shade * 0.9, shade * 0.7, 255], i);
    }
    grains.putImageData(image, 0, 0);
    let turn = 0;
    const draw = () => {
      turn++;
      // The ground drifts, and a third of it is never the same.
      const drift = (turn * 5) % width;
      pen.drawImage(noise, drift - width, 0, width, height);
      pen.drawImage(noise, drift, 0, width, height);
      pen.save();
      pen.beginPath();
      pen.rect(width / 3, 0, width / 3, height);
      pen.clip();
      pen.drawImage(noise, -Math.random() * width, -Math.random() * height, 2 * width, 2 * height);
      pen.restore();
    };
    draw();
    setInterval(draw, 1000 / rate);
    return canvas.captureStream(rate);
  }
}

/** Runs in a publisher's page before its scripts: its camera is one stream of this scalability mode. */
export function publishScalable({ scalabilityMode }) {
  const native = RTCPeerConnection.prototype.addTransceiver;
  RTCPeerConnection.prototype.addTransceiver = function (media, init) {
    const camera = init?.sendEncodings?.length > 1;
    return native.call(this, media, camera ? { ...init, sendEncodings: [{ scalabilityMode }] } : init);
  };
}

/** Runs in a sharer's page before its scripts: a screen full of text, on which a cursor blinks. */
export function paintScreen() {
  if (!navigator.mediaDevices) return;
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
    const pen = canvas.getContext("2d", { alpha: false });
    pen.fillStyle = "white";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = "black";
    pen.font = "18px monospace";
    for (let y = 20; y < canvas.height; y += 22) pen.fillText(`${y} `.repeat(16) + "the quick brown fox jumps over the lazy dog", 8, y);
    let on = false;
    setInterval(() => {
      pen.fillStyle = (on = !on) ? "red" : "white";
      pen.fillRect(600, 300, 12, 22);
    }, 200);
    return canvas.captureStream(5);
  };
}

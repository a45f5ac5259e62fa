// Moving pictures of nobody, drawn on a canvas.

/** A camera track of a head before a wall of this hue, or of a screen full of text. */
export function paint(name: string, hue: number, screen = false): MediaStreamTrack {
  const canvas = document.createElement("canvas");
  canvas.width = screen ? 1280 : 640;
  canvas.height = screen ? 720 : 360;
  const pen = canvas.getContext("2d")!;
  const draw = () => (screen ? paintScreen(pen) : paintHead(pen, hue, name.length));
  draw();
  setTimeout(draw, 50); // the first picture that the stream takes
  setInterval(draw, matchMedia("(prefers-reduced-motion: reduce)").matches ? 2000 : 200);
  return canvas.captureStream(5).getVideoTracks()[0]!;
}

function paintHead(pen: CanvasRenderingContext2D, hue: number, seed: number): void {
  const { width, height } = pen.canvas;
  const sway = Math.sin(performance.now() / 900 + seed) * 8;
  const wall = pen.createLinearGradient(0, 0, width, height);
  wall.addColorStop(0, `hsl(${hue} 22% 62%)`);
  wall.addColorStop(1, `hsl(${hue + 40} 18% 38%)`);
  pen.fillStyle = wall;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = `hsl(${hue + 190} 28% 32%)`;
  pen.beginPath();
  pen.ellipse(width / 2 + sway, height * 1.08, 150, 150, 0, 0, 7);
  pen.fill();
  pen.fillStyle = `hsl(${22 + (hue % 12)} 42% ${58 + (hue % 20)}%)`;
  pen.beginPath();
  pen.ellipse(width / 2 + sway, height * 0.46, 66, 82, 0, 0, 7);
  pen.fill();
  pen.fillStyle = `hsl(${hue} 20% 18%)`;
  pen.beginPath();
  pen.ellipse(width / 2 + sway, height * 0.32, 72, 50, 0, Math.PI, 0);
  pen.fill();
}

function paintScreen(pen: CanvasRenderingContext2D): void {
  const { width, height } = pen.canvas;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = "#26344a";
  pen.fillRect(0, 0, width, 56);
  pen.font = "32px sans-serif";
  pen.fillText("Quarterly plan", 80, 140);
  pen.fillStyle = "#b8bec8";
  for (let line = 0; line < 14; line++) pen.fillRect(80, 180 + line * 34, 500 + ((line * 173) % 560), 12);
}

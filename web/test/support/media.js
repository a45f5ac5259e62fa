// Cameras and microphones as files: ffmpeg makes them once, each with a colour
// and a tone of its own, so that a test can tell from pixels whose picture it sees.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";

export const output = new URL("../output/", import.meta.url).pathname;

/** What the people of the tests look like: RGB of their background. */
export const colours = {
  red: [200, 30, 30],
  green: [30, 160, 40],
  blue: [40, 60, 210],
  yellow: [220, 200, 30],
};

const tones = { red: 440, green: 554, blue: 659, yellow: 880 };

function ffmpeg(name, args) {
  const file = `${output}media/${name}`;
  if (existsSync(file)) return file;
  mkdirSync(`${output}media`, { recursive: true });
  const partial = `${output}media/partial-${process.pid}-${name}`;
  execFileSync("ffmpeg", ["-v", "error", "-y", ...args, partial]);
  renameSync(partial, file);
  return file;
}

/** A camera of one colour on which a white box wanders, in a loop of 4 seconds. */
export function camera(colour, { width = 320, height = 180, rate = 15 } = {}) {
  const rgb = colours[colour].map((value) => value.toString(16).padStart(2, "0")).join("");
  const box = Math.round(height / 4);
  return ffmpeg(`${colour}-${width}x${height}@${rate}.y4m`, [
    "-f", "lavfi", "-i", `color=c=0x${rgb}:s=${width}x${height}:r=${rate}:d=4`,
    "-f", "lavfi", "-i", `color=c=white:s=${box}x${box}:r=${rate}:d=4`,
    "-filter_complex", `[0][1]overlay=x='(W-w)*t/4':y='${Math.round(height / 12)}'`,
    "-pix_fmt", "yuv420p",
  ]);
}

/** A microphone that hears one tone, in beats. */
export function microphone(colour) {
  return ffmpeg(`${colour}.wav`, [
    "-f", "lavfi", "-i", `aevalsrc='0.5*sin(2*PI*${tones[colour]}*t)*(0.6+0.4*sin(2*PI*3*t))':s=48000:d=4`, "-ac", "1",
  ]);
}

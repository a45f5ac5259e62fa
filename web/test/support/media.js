// Cameras and microphones as files, each with a colour and a tone of its own, so
// that a test can tell from pixels whose picture it sees. They are made once.

import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { boxOn, portrait } from "./painting.js";

export const output = fileURLToPath(new URL("../output/", import.meta.url));

/** What the people of the tests look like: RGB of their background or clothes. */
export const colours = {
  red: [200, 30, 30],
  green: [30, 160, 40],
  blue: [40, 60, 210],
  yellow: [220, 200, 30],
};

const tones = { red: 440, green: 554, blue: 659, yellow: 880 }; // Hz
const seconds = 4; // of a loop

/** Makes a file unless it is there; test files that run at the same time do not meet. */
function once(name, make) {
  const file = `${output}media/${name}`;
  if (existsSync(file)) return file;
  mkdirSync(`${output}media`, { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, make());
  renameSync(partial, file);
  return file;
}

/** A camera before which a white box wanders on one colour, or a person of that colour sits. */
export function camera(colour, { width = 320, height = 180, rate = 8, person = false } = {}) {
  const paint = person ? portrait(colours[colour], Object.keys(colours).indexOf(colour)) : boxOn(colours[colour]);
  return once(`${person ? "person" : "box"}-${colour}-${width}x${height}@${rate}.y4m`, () => y4m(width, height, rate, paint));
}

/** A microphone that hears one tone, in beats. */
export function microphone(colour) {
  return once(`${colour}.wav`, () => {
    const rate = 48_000;
    const samples = new Int16Array(rate * seconds);
    for (let i = 0; i < samples.length; i++) {
      const turn = (2 * Math.PI * i) / rate;
      samples[i] = 16_000 * Math.sin(tones[colour] * turn) * (0.6 + 0.4 * Math.sin(3 * turn));
    }
    return wav(samples, rate);
  });
}

/** A video that is not compressed: `paint` gives the RGB of a point, x and y from 0 to 1, at a part of the loop. */
function y4m(width, height, rate, paint) {
  const frames = [Buffer.from(`YUV4MPEG2 W${width} H${height} F${rate}:1 Ip A1:1 C420jpeg\n`)];
  for (let i = 0; i < rate * seconds; i++) {
    const luma = Buffer.alloc(width * height);
    const chroma = [Buffer.alloc(luma.length / 4), Buffer.alloc(luma.length / 4)];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [r, g, b] = paint(x / width, y / height, i / (rate * seconds));
        luma[y * width + x] = 16 + 0.257 * r + 0.504 * g + 0.098 * b; // BT.601
        if (x % 2 || y % 2) continue;
        const at = (y / 2) * (width / 2) + x / 2;
        chroma[0][at] = 128 - 0.148 * r - 0.291 * g + 0.439 * b;
        chroma[1][at] = 128 + 0.439 * r - 0.368 * g - 0.071 * b;
      }
    }
    frames.push(Buffer.from("FRAME\n"), luma, ...chroma);
  }
  return Buffer.concat(frames);
}

/** One channel of 16 bits as a RIFF file. */
function wav(samples, rate) {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20); // PCM
  head.writeUInt16LE(1, 22); // channels
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(2 * rate, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([head, Buffer.from(samples.buffer)]);
}

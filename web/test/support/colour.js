import { colours } from "./media.js";

/** Which of the tests' cameras a colour comes from; undefined for none. */
export function cameraOf(rgb) {
  const far = (other) => Math.hypot(...other.map((value, i) => value - rgb[i]));
  const [nearest, distance] = Object.entries(colours)
    .map(([name, other]) => [name, far(other)])
    .sort((a, b) => a[1] - b[1])[0];
  return distance < 60 ? nearest : undefined;
}

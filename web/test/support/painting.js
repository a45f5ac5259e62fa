// What the cameras of the tests see. A painter gives the RGB of a point, x and y
// from 0 to 1, at a part of the loop from 0 to 1.

const white = [255, 255, 255];

/** A white box that wanders from left to right over one colour. */
export function boxOn(colour) {
  return (x, y, part) => (y > 0.08 && y < 0.33 && x > part * 0.86 && x < part * 0.86 + 0.14 ? white : colour);
}

function mix(below, above, share) {
  if (share <= 0) return below;
  if (share >= 1) return above;
  const [r, g, b] = below;
  return [r + (above[0] - r) * share, g + (above[1] - g) * share, b + (above[2] - b) * share];
}

/** How much of a point an ellipse covers, with a soft edge. */
function ellipse(x, y, [cx, cy, rx, ry], soft = 0.03) {
  const [dx, dy] = [(x - cx) / rx, (y - cy) / ry];
  return (1 + soft - Math.sqrt(dx * dx + dy * dy)) / (2 * soft);
}

const skin = [226, 182, 150];

/** Hair: its colour, its ellipse and that of the fringe. */
const looks = [
  { hair: [44, 34, 32], long: [0.5, 0.4, 0.125, 0.27], fringe: [0.5, 0.27, 0.105, 0.11] },
  { hair: [96, 62, 40], long: [0.5, 0.34, 0.108, 0.21], fringe: [0.47, 0.245, 0.1, 0.07] },
  { hair: [30, 28, 34], long: [0.5, 0.46, 0.14, 0.34], fringe: [0.53, 0.26, 0.1, 0.09] },
  { hair: [150, 140, 132], long: [0.5, 0.35, 0.11, 0.2], fringe: [0.5, 0.22, 0.07, 0.05] },
];

/** Somebody in a pullover of one colour before a wall in evening light, swaying a little. */
export function portrait(colour, look) {
  const { hair, long, fringe } = looks[look];
  const light = mix(colour, [250, 240, 222], 0.72);
  const dusk = mix(colour, [70, 64, 66], 0.7);
  const lit = mix(skin, [255, 236, 214], 0.4);
  return (x, y, part) => {
    const sway = 0.012 * Math.sin(2 * Math.PI * part);
    const nod = 0.008 * Math.sin(4 * Math.PI * part);
    const [px, py] = [x - sway, y - nod];
    let point = mix(light, dusk, 0.15 + 0.75 * x * (0.4 + 0.6 * y));
    point = mix(point, light, 0.5 * ellipse(x, y, [0.16, 0.28, 0.11, 0.3], 0.5)); // a window
    point = mix(point, hair, ellipse(px, py, long));
    point = mix(point, mix(skin, hair, 0.18), ellipse(px, y, [0.5, 0.66, 0.052, 0.16])); // the neck in shade
    point = mix(point, colour, ellipse(px - sway / 2, y, [0.5, 1.08, 0.3, 0.4]));
    point = mix(point, mix(skin, lit, 0.5 + 3 * (0.5 - px)), ellipse(px, py, [0.5, 0.43, 0.094, 0.2]));
    return mix(point, hair, ellipse(px, py, fringe));
  };
}

// Which picture is beside which, for those who go from one to the next by arrows.

import type { Box } from "./pack.ts";

const ways: Readonly<Record<string, readonly [x: -1 | 0 | 1, y: -1 | 0 | 1]>> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

/** What is off the line counts so many times as much as the way along it. */
const OFF = 2;

/** The place of the nearest of the boxes beyond this one in the way of an arrow; undefined: there is none. */
export function neighbour(boxes: readonly Box[], from: Box, arrow: string): number | undefined {
  const [x, y] = ways[arrow] ?? [0, 0];
  const middle = (box: Box) => [box.x + box.width / 2, box.y + box.height / 2] as const;
  const [fromX, fromY] = middle(from);
  let nearest: number | undefined;
  let least = Infinity;
  boxes.forEach((box, i) => {
    const [toX, toY] = middle(box);
    const along = (toX - fromX) * x + (toY - fromY) * y;
    const off = Math.abs((toX - fromX) * y) + Math.abs((toY - fromY) * x);
    if (along < 1 || along + OFF * off >= least) return;
    nearest = i;
    least = along + OFF * off;
  });
  return nearest;
}

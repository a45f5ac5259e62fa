// Packing: where tiles of one common size lie in an area.

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Area extends Box {}

export interface Packing {
  /** Space between tiles, in pixels. */
  readonly gap: number;
  /** Narrowest and widest shape of a tile, as width ÷ height. */
  readonly aspect: readonly [narrowest: number, widest: number];
}

/**
 * Lays count tiles of one size into the area, as large as they can be, row by
 * row, all in the middle, the last row centred. All boxes lie on whole pixels.
 */
export function pack(count: number, area: Area, { gap, aspect }: Packing): Box[] {
  if (count <= 0 || area.width <= 0 || area.height <= 0) return [];
  const grid = bestGrid(count, area, { gap, aspect });
  const step = { x: grid.width + gap, y: grid.height + gap };
  const top = area.y + (area.height - (grid.rows * step.y - gap)) / 2;
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / grid.columns);
    const inRow = Math.min(grid.columns, count - row * grid.columns);
    const left = area.x + (area.width - (inRow * step.x - gap)) / 2;
    return {
      x: Math.round(left + (i % grid.columns) * step.x),
      y: Math.round(top + row * step.y),
      width: grid.width,
      height: grid.height,
    };
  });
}

/** How many tiles fit that are at least this wide, of `count` that want to: 1 or more. */
export function capacity(count: number, area: Area, packing: Packing, narrowest: number): number {
  for (let n = count; n > 1; n--) {
    if (bestGrid(n, area, packing).width >= narrowest) return n;
  }
  return 1;
}

interface Grid {
  columns: number;
  rows: number;
  width: number;
  height: number;
}

function bestGrid(count: number, area: Area, packing: Packing): Grid {
  let best: Grid = { columns: 1, rows: count, width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    if ((columns - 1) * rows >= count) continue; // as many rows with fewer columns
    const tile = { columns, rows, ...largestTile(columns, rows, area, packing) };
    if (tile.width * tile.height > best.width * best.height) best = tile;
  }
  return best;
}

function largestTile(columns: number, rows: number, area: Area, { gap, aspect }: Packing) {
  const width = Math.max(0, (area.width - gap * (columns - 1)) / columns);
  const height = Math.max(0, (area.height - gap * (rows - 1)) / rows);
  const [narrowest, widest] = aspect;
  return {
    width: Math.floor(Math.min(width, height * widest)),
    height: Math.floor(Math.min(height, width / narrowest)),
  };
}

/** How much of the height of a picture of this shape (width ÷ height) is left where it fills a box: 1 is all. */
export function heightLeft(aspect: number, { width, height }: Pick<Box, "width" | "height">): number {
  return Math.min(1, (aspect * height) / width);
}

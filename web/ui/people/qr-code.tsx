// A link as a picture for the cameras of phones. Its code, and what draws it, is
// loaded when somebody asks for it.

import { generate } from "lean-qr/nano";
import { useMemo } from "preact/hooks";

/** Modules of quiet ground around it, without which readers do not find it (ISO/IEC 18004). */
const QUIET = 4;

/** Dark on light in every theme: many readers know no other. */
export function QrCode({ link, label }: { link: string; label: string }) {
  const { path, size } = useMemo(() => draw(link), [link]);
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges">
      <path class="qr-ground" d={`M0 0h${size}v${size}h${-size}z`} />
      <path d={path} />
    </svg>
  );
}

/** The dark modules as one path of squares. */
function draw(link: string): { path: string; size: number } {
  const code = generate(link);
  const rows = Array.from({ length: code.size }, (_, y) => y);
  const path = rows.flatMap((y) => rows.filter((x) => code.get(x, y)).map((x) => `M${x + QUIET} ${y + QUIET}h1v1h-1z`)).join("");
  return { path, size: code.size + 2 * QUIET };
}

// The last minute of figures, one a second, and the lines that they draw.

/** How many of each are kept. */
export const KEPT = 60;

/** A figure as it went; undefined where it was not known. */
export type Course = readonly (number | undefined)[];

/** Keeps the course of every figure that it is given, by name. */
export class History {
  #courses = new Map<string, Course>();

  /** Takes the figures of one moment. What is missing among them is not known then, and forgotten after a while. */
  take(figures: ReadonlyMap<string, number | undefined>): void {
    const names = new Set([...this.#courses.keys(), ...figures.keys()]);
    for (const name of names) {
      const course = [...this.of(name), figures.get(name)].slice(-KEPT);
      if (course.some((figure) => figure !== undefined)) this.#courses.set(name, course);
      else this.#courses.delete(name);
    }
  }

  of(name: string): Course {
    return this.#courses.get(name) ?? [];
  }
}

/**
 * The line of a course as the data of an SVG path in a box of KEPT × 1, where now
 * is at the right and `top` (or what is more) above; broken where nothing is known.
 */
export function lineOf(course: Course, top: number): string {
  const most = Math.max(top, ...course.map((figure) => figure ?? 0));
  return course.map((figure, i) => {
    if (figure === undefined) return "";
    const before = course[i - 1];
    const x = KEPT - course.length + i;
    return `${before === undefined ? "M" : "L"}${x} ${Math.round(1000 * (1 - figure / most)) / 1000}`;
  }).join("");
}

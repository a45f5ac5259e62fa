/** A label without the number of its maker, which some browsers add. */
export function plainLabel(label: string): string {
  return label.replace(/ \([\da-f]{4}:[\da-f]{4}\)$/i, "");
}

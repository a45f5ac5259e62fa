// Where a browser lets one allow what was forbidden: each has its own place.

/** Places that the words of every language describe. */
export type Place = "chromium" | "firefox" | "safari" | "android" | "ios" | "other";

/** Tells by what a browser calls itself; an iPad says that it is a Mac, but has several touch points. */
export function placeToAllow(userAgent: string, touchPoints: number): Place {
  if (/iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1)) return "ios";
  if (/Android/.test(userAgent)) return "android";
  if (/Firefox\//.test(userAgent)) return "firefox";
  if (/Chrome\//.test(userAgent)) return "chromium";
  return /Safari\//.test(userAgent) ? "safari" : "other";
}

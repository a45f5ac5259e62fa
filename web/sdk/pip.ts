// Windows above all others, which TypeScript does not know yet: https://wicg.github.io/document-picture-in-picture/

interface PipWindows {
  /** The window that is open now. */
  readonly window: Window | null;
  requestWindow(options?: { width?: number; height?: number }): Promise<Window>;
}

declare global {
  var documentPictureInPicture: PipWindows | undefined; // missing in some browsers
}

/** Is something of the page shown above all other windows. */
export function isAboveOthers(): boolean {
  return Boolean(document.pictureInPictureElement ?? globalThis.documentPictureInPicture?.window);
}
